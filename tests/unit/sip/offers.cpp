// Offers within a dialog: re-INVITE, UPDATE, glare. RFC 3261 14, RFC 3311, RFC 3264.
#include "unit/sip/agent.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::sip;
using namespace holdfast::sip::test;

namespace {

/// A connected call, ours or the peer's, and the peer's view of the dialog.
struct Connected {
    Agent agent;
    Peer peer;
    SessionId session;
    bool ours;

    explicit Connected(bool by_us = false, std::string_view allow = {}) : ours{by_us} {
        if (ours)
            call(allow);
        else
            be_called(allow);
        agent.taken(), agent.told();
        peer.branch = 100;
        peer.cseq = 50;
    }
    std::string request(std::string_view method,
                        std::string_view body = {},
                        std::string_view extra = {}) {
        ++peer.cseq;
        return peer.request(method, extra, body);
    }
    void ack(std::string_view body = {}) { agent.take(peer.request("ACK", {}, body)); }
    void offer(std::string_view text) {
        agent.ua().offer(session, text, agent.now);
        agent.finish();
    }
    void accept(std::string_view text) {
        agent.ua().accept_offer(session, text, agent.now);
        agent.finish();
    }

private:
    void be_called(std::string_view allow) {
        agent.take(peer.request("INVITE", allow, sdp(1)));
        session = agent.seen.back().session;
        agent.ua().answer(session, sdp(1, "sendrecv", 9), {}, agent.now);
        agent.finish();
        Message message;
        REQUIRE(message.read(agent.sent.back().bytes));
        peer.to_tag = message.to_tag();
        ack();
    }
    void call(std::string_view allow) {
        session = agent.ua().invite(order_to(), agent.now);
        agent.finish();
        const auto invite = agent.taken().at(0).bytes;
        Message message;
        REQUIRE(message.read(invite));
        peer.call_id = message.call_id();
        peer.to_tag = message.from_tag();
        agent.take(peer.response(invite, 200, allow, sdp(1)));
    }
};

}  // namespace

TEST_CASE("hold and resume by the peer: re-INVITE, 200, ACK", "[sip]") {
    Connected call;
    call.agent.take(call.request("INVITE", sdp(2, "sendonly")));
    REQUIRE(call.agent.seen.size() == 1);
    CHECK(call.agent.seen[0].sdp == sdp(2, "sendonly"));
    CHECK_FALSE(call.agent.seen[0].repeated);
    call.accept(sdp(2, "recvonly", 9));
    const auto sent = call.agent.taken();
    // The answer came within the step of its order only: the first step sent 100.
    REQUIRE(sent.size() == 2);
    CHECK(body(sent[1].bytes) == sdp(2, "recvonly", 9));
    call.agent.told();
    call.ack();
    CHECK(call.agent.names() == "SessionAcked");
    // RFC 3264 8: the same o= line again says that nothing changed.
    call.agent.take(call.request("INVITE", sdp(2, "sendonly")));
    CHECK(call.agent.seen.at(0).repeated);
}

TEST_CASE("the 200 to a re-INVITE is repeated, and BYE follows without ACK (14.2)", "[sip]") {
    Connected call;
    call.agent.take(call.request("INVITE", sdp(2)));
    call.accept(sdp(2, "sendrecv", 9));
    call.agent.taken(), call.agent.told();
    call.agent.advance(31'900ms);
    CHECK(call.agent.brief() == "200 200 200 200 200 200 200 200 200 200");
    call.agent.advance(100ms);
    CHECK(call.agent.brief() == "BYE");
    CHECK(call.agent.seen.at(0).cause == EndCause::no_ack);
}

TEST_CASE("a refused re-INVITE leaves the session as it was", "[sip]") {
    Connected call;
    call.agent.take(call.request("INVITE", sdp(2)));
    call.agent.ua().refuse_offer(call.session, 488, call.agent.now);
    call.agent.finish();
    CHECK(call.agent.brief() == "100 488");
    const auto record = call.agent.ua().record(call.session);
    REQUIRE(record);
    CHECK(record->remote_sdp == sdp(1));
}

TEST_CASE("a re-INVITE without an offer: ours in the 200, the answer in the ACK", "[sip]") {
    Connected call;
    call.agent.take(call.request("INVITE"));
    CHECK(call.agent.seen.at(0).sdp.empty());
    call.accept(sdp(3, "sendrecv", 9));
    call.agent.told();
    call.ack(sdp(4));
    CHECK(call.agent.seen.at(0).sdp == sdp(4));
    CHECK(call.agent.ua().record(call.session)->remote_sdp == sdp(4));
}

TEST_CASE("our re-INVITE and its answer", "[sip]") {
    const bool ours = GENERATE(true, false);
    Connected call{ours};
    call.offer(sdp(2, "sendonly", 9));
    auto sent = call.agent.taken();
    REQUIRE(sent.size() == 1);
    CHECK(sent[0].bytes.starts_with("INVITE sip:2101@192.0.2.21:5060"));
    CHECK(body(sent[0].bytes) == sdp(2, "sendonly", 9));
    call.agent.take(call.peer.response(sent[0].bytes, 200, {}, sdp(2, "recvonly")));
    CHECK(call.agent.brief() == "ACK");
    REQUIRE(call.agent.seen.size() == 1);
    CHECK(call.agent.seen[0].name == "OfferAnswered");
    CHECK(call.agent.seen[0].sdp == sdp(2, "recvonly"));
}

TEST_CASE("offers of ours wait for their turn; the last wish counts", "[sip]") {
    Connected call;
    call.offer(sdp(2, "sendonly", 9));
    const auto first = call.agent.taken().at(0).bytes;
    call.offer(sdp(3, "inactive", 9));
    call.offer(sdp(4, "sendrecv", 9));
    CHECK(call.agent.brief() == "");
    call.agent.take(call.peer.response(first, 200, {}, sdp(2)));
    const auto sent = call.agent.taken();
    REQUIRE(sent.size() == 2);
    CHECK(sent[0].bytes.starts_with("ACK "));
    CHECK(body(sent[1].bytes) == sdp(4, "sendrecv", 9));
}

TEST_CASE("no re-INVITE of ours before the ACK of the peer's INVITE (14.1)", "[sip]") {
    Connected call;
    call.agent.take(call.request("INVITE", sdp(2)));
    call.accept(sdp(2, "sendrecv", 9));
    call.agent.taken();
    call.offer(sdp(3, "sendonly", 9));
    CHECK(call.agent.brief() == "");
    call.ack();
    CHECK(call.agent.brief() == "INVITE");
}

TEST_CASE("offers that cross get 491, and ours is repeated after 14.1's wait", "[sip]") {
    const bool ours = GENERATE(true, false);
    Connected call{ours};
    call.offer(sdp(2, "sendonly", 9));
    const auto mine = call.agent.taken().at(0).bytes;
    call.agent.take(call.request("INVITE", sdp(2)));
    CHECK(call.agent.brief() == "491");  // 14.2
    call.agent.take(call.peer.request("ACK", {}, {}, "z9hG4bK-p101"));
    call.agent.take(call.peer.response(mine, 491));
    CHECK(call.agent.brief() == "ACK");
    CHECK(call.agent.names() == "MessageRefused");
    // Who made the Call-ID waits 2.1 to 4 s, the other 0 to 2 s.
    call.agent.advance(ours ? 2099ms : 2000ms);
    CHECK(call.agent.brief().starts_with("INVITE") != ours);
    call.agent.advance(2s);
    const auto sent = call.agent.taken();
    const auto last = ours ? sent.back().bytes : mine;
    CHECK(body(last) == sdp(2, "sendonly", 9));
}

TEST_CASE("the peer's offer may come while ours waits after a glare", "[sip]") {
    Connected call{true};
    call.offer(sdp(2, "sendonly", 9));
    const auto mine = call.agent.taken().at(0).bytes;
    call.agent.take(call.peer.response(mine, 491));
    call.agent.take(call.request("INVITE", sdp(2)));
    call.accept(sdp(1, "sendrecv", 9));
    call.agent.taken();
    call.ack();
    const auto sent = call.agent.taken();
    REQUIRE(sent.size() == 1);
    CHECK(body(sent[0].bytes) == sdp(2, "sendonly", 9));
}

TEST_CASE("481 and 408 to a re-INVITE end the dialog (12.2.1.2)", "[sip]") {
    const int status = GENERATE(481, 408, 0);
    Connected call;
    call.offer(sdp(2, "sendonly", 9));
    const auto mine = call.agent.taken().at(0).bytes;
    if (status != 0)
        call.agent.take(call.peer.response(mine, status));
    else
        call.agent.advance(32s);
    REQUIRE(call.agent.seen.size() == 1);
    CHECK(call.agent.seen[0].cause == EndCause::gone);
    CHECK(call.agent.sent.back().bytes.starts_with("BYE "));
    call.agent.run_out();
    CHECK(call.agent.is_idle());
}

TEST_CASE("another refusal of our re-INVITE is told and the call goes on (14.1)", "[sip]") {
    Connected call;
    call.offer(sdp(2, "sendonly", 9));
    call.agent.take(call.peer.response(call.agent.taken().at(0).bytes, 488));
    CHECK(call.agent.seen.at(0).status == 488);
    CHECK(call.agent.ua().record(call.session)->local_sdp == sdp(1, "sendrecv", call.ours ? 7 : 9));
}

TEST_CASE("a re-INVITE that only gets provisional responses is cancelled", "[sip]") {
    Connected call;
    call.offer(sdp(2, "sendonly", 9));
    const auto mine = call.agent.taken().at(0).bytes;
    call.agent.take(call.peer.response(mine, 180));
    call.agent.advance(180s);
    CHECK(call.agent.brief() == "CANCEL");
    call.agent.take(call.peer.response(mine, 487));
    CHECK(call.agent.seen.at(0).name == "OfferRefused");
}

TEST_CASE("a new re-INVITE says that our 2xx arrived although its ACK did not", "[sip]") {
    Connected call;
    call.agent.take(call.request("INVITE", sdp(2)));
    call.accept(sdp(2, "sendrecv", 9));
    call.agent.taken(), call.agent.told();
    call.agent.take(call.request("INVITE", sdp(3)));
    CHECK(call.agent.names() == "OfferArrived");
    call.accept(sdp(3, "sendrecv", 9));
    call.ack();
    call.agent.taken();
    call.agent.advance(40s);
    CHECK(call.agent.brief() == "");
}

TEST_CASE("a re-INVITE before the answer to our offer gets 491", "[sip]") {
    Connected call;
    call.agent.take(call.request("INVITE"));
    call.accept(sdp(2, "sendrecv", 9));
    call.agent.taken();
    call.agent.take(call.request("INVITE", sdp(3)));
    CHECK(call.agent.brief() == "491");
}

TEST_CASE("UPDATE with an offer is answered in its 200 (RFC 3311 5.2)", "[sip]") {
    Connected call;
    call.agent.take(call.request("UPDATE", sdp(2, "sendonly")));
    call.accept(sdp(2, "recvonly", 9));
    const auto sent = call.agent.taken();
    REQUIRE(sent.size() == 1);
    CHECK(body(sent[0].bytes) == sdp(2, "recvonly", 9));
    CHECK(call.agent.ua().record(call.session)->remote_sdp == sdp(2, "sendonly"));
}

TEST_CASE("UPDATE without an offer moves the remote target (RFC 3311 5.2)", "[sip]") {
    Connected call;
    auto update = call.request("UPDATE");
    const auto at = update.find("Contact: <sip:2101@192.0.2.21:5060>");
    update.replace(at, 35, "Contact: <sip:2101@192.0.2.21:5999>");
    call.agent.take(update);
    CHECK(call.agent.brief() == "200");
    CHECK(call.agent.names() == "");
    call.agent.ua().end(call.session, {}, call.agent.now);
    call.agent.finish();
    CHECK(call.agent.sent.at(0).bytes.starts_with("BYE sip:2101@192.0.2.21:5999"));
    CHECK(call.agent.sent.at(0).hop.remote.port == 5999);
}

TEST_CASE("UPDATE that crosses offers: 491 for ours, 500 for its own (RFC 3311 5.2)", "[sip]") {
    Connected call;
    call.offer(sdp(2, "sendonly", 9));
    call.agent.taken();
    call.agent.take(call.request("UPDATE", sdp(2)));
    CHECK(call.agent.brief() == "491");

    Agent agent;
    Peer peer;
    agent.take(peer.request("INVITE", {}, sdp(1)));
    agent.ua().progress(agent.seen.at(0).session, 180, {}, agent.now);
    agent.finish();
    Message ringing;
    REQUIRE(ringing.read(agent.sent.back().bytes));
    peer.to_tag = ringing.to_tag();
    peer.cseq = 2;
    agent.taken();
    agent.take(peer.request("UPDATE", {}, sdp(2)));
    const auto sent = agent.taken();
    REQUIRE(sent.size() == 1);
    CHECK(sent[0].bytes.starts_with("SIP/2.0 500"));
    CHECK(!header(sent[0].bytes, Header::retry_after).empty());
}

TEST_CASE("BYE during the peer's own re-INVITE answers that with 487 (15.1.2)", "[sip]") {
    Connected call;
    call.agent.take(call.request("INVITE", sdp(2)));
    call.agent.taken();
    call.agent.take(call.request("BYE"));
    CHECK(call.agent.brief() == "487 200");
}

TEST_CASE("INFO digits are told (application/dtmf-relay and application/dtmf)", "[sip]") {
    Connected call;
    auto info = call.request("INFO", "Signal=5\r\nDuration=240\r\n");
    info.replace(info.find("application/sdp"), 15, "application/dtmf-relay");
    call.agent.take(info);
    CHECK(call.agent.brief() == "200");
    CHECK(call.agent.seen.at(0).text == "5");
    CHECK(call.agent.seen.at(0).status == 240);
    auto bare = call.request("INFO", "#");
    bare.replace(bare.find("application/sdp"), 15, "application/dtmf");
    call.agent.take(bare);
    CHECK(call.agent.seen.at(1).text == "#");
}

TEST_CASE("other requests in the dialog go to the engine", "[sip]") {
    const auto method = GENERATE("REFER", "NOTIFY", "MESSAGE");
    Connected call;
    call.agent.take(call.request(method));
    REQUIRE(call.agent.seen.size() == 1);
    CHECK(call.agent.seen[0].name == "RequestArrived");
    CHECK(call.agent.seen[0].session == call.session);
    call.agent.ua().respond(call.agent.seen[0].transaction, 202, {}, {}, {}, call.agent.now);
    call.agent.finish();
    CHECK(call.agent.brief() == "202");
}

TEST_CASE("requests of ours in the dialog are answered to the engine", "[sip]") {
    Connected call;
    const ExtraHeader event{Header::event, "talk"};
    const auto id = call.agent.ua().request_in_dialog(
        call.session, Method::notify, {&event, 1}, {}, {}, call.agent.now);
    call.agent.finish();
    REQUIRE(id);
    const auto sent = call.agent.taken();
    REQUIRE(sent.size() == 1);
    CHECK(header(sent[0].bytes, Header::event) == "talk");
    // A phone that knows no such event says 481 or 489; the call goes on.
    call.agent.take(call.peer.response(sent[0].bytes, 481));
    CHECK(call.agent.seen.at(0).status == 481);
    CHECK(call.agent.seen.at(0).request == id);
    CHECK(call.agent.ua().record(call.session));
}
