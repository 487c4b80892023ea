// An INVITE of a peer: RFC 3261 13.3, 9.2, 15, 17.2.
#include "unit/sip/agent.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::sip;
using namespace holdfast::sip::test;

namespace {

/// A peer that called: its INVITE was taken, its session is `session`.
struct Called {
    Agent agent;
    Peer peer;
    std::string invite;
    SessionId session;

    explicit Called(std::string_view extra = {}, std::string_view offer = "default") {
        const auto offered = offer == "default" ? sdp(1) : std::string{offer};
        invite = peer.request("INVITE", extra, offered);
        agent.take(invite);
        session = agent.seen.back().session;
    }
    void answer() {
        agent.ua().answer(session, sdp(1, "sendrecv", 9), {}, agent.now);
        agent.finish();
        learn_tag();
    }
    void learn_tag() {
        Message message;
        REQUIRE(message.read(agent.sent.back().bytes));
        peer.to_tag = message.to_tag();
    }
    void ack() { agent.take(peer.request("ACK")); }
    void connect() {
        answer();
        ack();
        agent.taken(), agent.told();
    }
};

}  // namespace

TEST_CASE("INVITE gets 100 at once, then what the engine says", "[sip]") {
    Called call;
    CHECK(call.agent.names() == "InviteArrived");
    CHECK(call.agent.brief() == "100");
    call.agent.ua().progress(call.session, 180, {}, call.agent.now);
    call.answer();
    // 12.1.1: responses that make the dialog bear our tag and our Contact.
    const auto sent = call.agent.taken();
    REQUIRE(sent.size() == 2);
    CHECK(header(sent[0].bytes, Header::contact) == "<sip:q-support@192.0.2.10:5060>");
    CHECK(header(sent[0].bytes, Header::to) == header(sent[1].bytes, Header::to));
    CHECK(body(sent[1].bytes) == sdp(1, "sendrecv", 9));
    call.ack();
    CHECK(call.agent.names() == "SessionAcked");
}

TEST_CASE("a final answer in the same step needs no 100", "[sip]") {
    Agent agent;
    Peer peer;
    agent.on_event = [](Agent& self, const Seen& event) {
        if (event.name == "InviteArrived") self.ua().refuse(event.session, 486, {}, self.now);
    };
    agent.take(peer.request("INVITE", {}, sdp(1)));
    CHECK(agent.brief() == "486");
    CHECK(agent.names() == "InviteArrived");  // refuse ends a session without a word
}

TEST_CASE("a repeated INVITE gets the last provisional again (17.2.1)", "[sip]") {
    Called call;
    call.agent.ua().progress(call.session, 183, sdp(1), call.agent.now);
    call.agent.finish(), call.agent.taken();
    call.agent.take(call.invite);
    CHECK(call.agent.brief() == "183");
    CHECK(call.agent.names() == "InviteArrived");
}

TEST_CASE("a provisional response is repeated every minute (13.3.1.1)", "[sip]") {
    Called call;
    call.agent.ua().progress(call.session, 180, {}, call.agent.now);
    call.agent.finish(), call.agent.taken();
    call.agent.advance(125s);
    CHECK(call.agent.brief() == "180 180");
}

TEST_CASE("200 is repeated at T1, doubling to T2, until the ACK (13.3.1.4)", "[sip]") {
    Called call;
    call.answer();
    call.agent.taken();
    call.agent.advance(500ms);
    CHECK(call.agent.brief() == "200");
    call.agent.advance(999ms);
    CHECK(call.agent.brief() == "");
    call.agent.advance(1ms);
    CHECK(call.agent.brief() == "200");
    call.agent.advance(2s + 4s + 4s);
    CHECK(call.agent.brief() == "200 200 200");
    call.ack();
    call.agent.advance(60s);
    CHECK(call.agent.brief() == "");
}

TEST_CASE("without an ACK the call ends with BYE after 64 T1 (13.3.1.4)", "[sip]") {
    Called call;
    call.answer();
    call.agent.taken(), call.agent.told();
    call.agent.advance(32s);
    REQUIRE(call.agent.seen.size() == 1);
    CHECK(call.agent.seen[0].name == "SessionEnded");
    CHECK(call.agent.seen[0].cause == EndCause::no_ack);
    CHECK(call.agent.sent.back().bytes.starts_with("BYE sip:2101@192.0.2.21:5060"));
    call.agent.run_out();
    CHECK(call.agent.seen.size() == 1);
    CHECK(call.agent.is_idle());
}

TEST_CASE("CANCEL: 200 to it, 487 to the INVITE, with the same To tag (9.2)", "[sip]") {
    Called call;
    call.agent.ua().progress(call.session, 180, {}, call.agent.now);
    call.agent.finish();
    call.agent.taken(), call.agent.told();
    call.agent.take(call.peer.request("CANCEL", "Reason: Q.850;cause=16\r\n", {}, "z9hG4bK-p1"));
    const auto sent = call.agent.taken();
    REQUIRE(sent.size() == 2);
    CHECK(sent[0].bytes.starts_with("SIP/2.0 200"));
    CHECK(sent[1].bytes.starts_with("SIP/2.0 487"));
    CHECK(header(sent[0].bytes, Header::to) == header(sent[1].bytes, Header::to));
    REQUIRE(call.agent.seen.size() == 1);
    CHECK(call.agent.seen[0].cause == EndCause::peer_cancel);
    CHECK(call.agent.seen[0].q850 == 16);
    // 17.2.1: 487 is repeated until its ACK, which is absorbed.
    call.agent.advance(500ms);
    CHECK(call.agent.brief() == "487");
    call.peer.to_tag = "whatever";
    call.agent.take(call.peer.request("ACK", {}, {}, "z9hG4bK-p1"));
    call.agent.advance(60s);
    CHECK(call.agent.brief() == "");
    call.agent.run_out();
    CHECK(call.agent.is_idle());
}

TEST_CASE("CANCEL that crosses our 200: 200 to it, and the call stands (9.2)", "[sip]") {
    Called call;
    call.answer();
    call.agent.taken(), call.agent.told();
    const auto tag = std::exchange(call.peer.to_tag, {});
    call.agent.take(call.peer.request("CANCEL", {}, {}, "z9hG4bK-p1"));
    CHECK(call.agent.brief() == "200");
    CHECK(call.agent.names() == "");
    call.peer.to_tag = tag;
    call.ack();
    CHECK(call.agent.names() == "SessionAcked");
}

TEST_CASE("CANCEL of nothing gets 481; from elsewhere it is refused", "[sip]") {
    Called call;
    call.agent.taken(), call.agent.told();
    call.agent.take(call.peer.request("CANCEL", {}, {}, "z9hG4bK-other"));
    CHECK(call.agent.brief() == "481");
    call.agent.take(call.peer.request("CANCEL", {}, {}, "z9hG4bK-p1"),
                    udp_hop({IpAddress::v4(203, 0, 113, 7), 5060}));
    CHECK(call.agent.brief() == "403");
    CHECK(call.agent.names() == "MessageRefused MessageRefused");
    CHECK(call.agent.ua().denied()[static_cast<std::size_t>(Denial::foreign_source)] == 1);
}

TEST_CASE("BYE ends the call; its cause is told (15.1.2, RFC 3326)", "[sip]") {
    Called call;
    call.connect();
    call.peer.cseq = 2;
    call.agent.take(call.peer.request("BYE", "Reason: SIP;cause=480, Q.850;cause=19\r\n"));
    CHECK(call.agent.brief() == "200");
    REQUIRE(call.agent.seen.size() == 1);
    CHECK(call.agent.seen[0].cause == EndCause::peer_bye);
    CHECK(call.agent.seen[0].q850 == 19);
    CHECK(!call.agent.ua().record(call.session));
    call.agent.run_out();
    CHECK(call.agent.is_idle());
}

TEST_CASE("BYE before the ACK ends the call and the repetition of 200", "[sip]") {
    Called call;
    call.answer();
    call.agent.taken(), call.agent.told();
    call.peer.cseq = 2;
    call.agent.take(call.peer.request("BYE"));
    CHECK(call.agent.names() == "SessionEnded");
    call.agent.taken();
    call.agent.advance(20s);
    CHECK(call.agent.brief() == "");
    call.agent.run_out();
    CHECK(call.agent.is_idle());
}

TEST_CASE("BYE in the early dialog: 200, and 487 to the INVITE (15)", "[sip]") {
    Called call;
    call.agent.ua().progress(call.session, 180, {}, call.agent.now);
    call.agent.finish();
    call.learn_tag();
    call.agent.taken(), call.agent.told();
    call.peer.cseq = 2;
    call.agent.take(call.peer.request("BYE"));
    CHECK(call.agent.brief() == "200 487");
    CHECK(call.agent.names() == "SessionEnded");
}

TEST_CASE("who answered sends BYE only after the ACK (15)", "[sip]") {
    Called call;
    call.answer();
    call.agent.taken(), call.agent.told();
    call.agent.ua().end(call.session, "Q.850;cause=16", call.agent.now);
    call.agent.finish();
    CHECK(call.agent.brief() == "");
    call.ack();
    const auto sent = call.agent.taken();
    REQUIRE(sent.size() == 1);
    CHECK(sent[0].bytes.starts_with("BYE "));
    CHECK(header(sent[0].bytes, Header::reason) == "Q.850;cause=16");
    call.agent.take(call.peer.response(sent[0].bytes, 200));
    CHECK(call.agent.names() == "SessionAcked SessionEnded");
    call.agent.run_out();
    CHECK(call.agent.is_idle());
}

TEST_CASE("an INVITE without an offer gets ours, its ACK the answer (13.3.1)", "[sip]") {
    Called call{{}, ""};
    CHECK(call.agent.seen.back().sdp.empty());
    call.answer();
    call.agent.told();
    call.agent.take(call.peer.request("ACK", {}, sdp(5)));
    REQUIRE(call.agent.seen.size() == 1);
    CHECK(call.agent.seen[0].sdp == sdp(5));
}

TEST_CASE("end of an unanswered INVITE declines it", "[sip]") {
    Called call;
    call.agent.taken(), call.agent.told();
    call.agent.ua().end(call.session, {}, call.agent.now);
    call.agent.finish();
    CHECK(call.agent.brief() == "603");
    REQUIRE(call.agent.seen.size() == 1);
    CHECK(call.agent.seen[0].cause == EndCause::ended_by_us);
}

TEST_CASE("the same INVITE by another way is merged: 482 (8.2.2.2)", "[sip]") {
    Called call;
    call.agent.taken(), call.agent.told();
    call.agent.take(call.peer.request("INVITE", {}, sdp(1), "z9hG4bK-other-way"));
    CHECK(call.agent.brief() == "482");
    CHECK(call.agent.names() == "MessageRefused");
}

TEST_CASE("in-dialog requests from elsewhere are refused; trusted sources may", "[sip]") {
    Called call;
    call.connect();
    call.peer.cseq = 2;
    const Hop elsewhere = udp_hop({IpAddress::v4(203, 0, 113, 7), 5060});
    call.agent.take(call.peer.request("BYE"), elsewhere);
    CHECK(call.agent.brief() == "403");
    CHECK(call.agent.names() == "MessageRefused");
    const auto trusted = elsewhere.remote.address;
    call.agent.ua().trust({&trusted, 1});
    call.agent.take(call.peer.request("BYE"), elsewhere);
    CHECK(call.agent.brief() == "200");
}

TEST_CASE("wrong tags get 481, a low CSeq 500 (12.2.2)", "[sip]") {
    Called call;
    call.connect();
    auto stranger = call.peer;
    stranger.tag = "guess";
    stranger.cseq = 9;
    call.agent.take(stranger.request("BYE"));
    CHECK(call.agent.brief() == "481");
    call.peer.cseq = 0;
    call.agent.take(call.peer.request("OPTIONS"));
    CHECK(call.agent.brief() == "500");
    call.peer.cseq = 2;
    call.agent.take(call.peer.request("OPTIONS"));
    const auto sent = call.agent.taken();
    REQUIRE(sent.size() == 1);
    CHECK(header(sent[0].bytes, Header::accept) == "application/sdp");
}

TEST_CASE("a second INVITE before our final answer gets 500 and Retry-After (14.2)", "[sip]") {
    Called call;
    call.agent.ua().progress(call.session, 180, {}, call.agent.now);
    call.agent.finish();
    call.learn_tag();
    call.agent.taken();
    call.peer.cseq = 2;
    call.agent.take(call.peer.request("INVITE", {}, sdp(2)));
    const auto sent = call.agent.taken();
    REQUIRE(sent.size() == 1);
    CHECK(sent[0].bytes.starts_with("SIP/2.0 500"));
    CHECK(!header(sent[0].bytes, Header::retry_after).empty());
}
