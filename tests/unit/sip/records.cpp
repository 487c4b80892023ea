// Sessions over `kill -9`: whatever the record held goes on; nothing else is needed.
#include "unit/sip/agent.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::sip;
using namespace holdfast::sip::test;

namespace {

/// A peer's call, restarted wherever the test says so.
struct Arrived {
    Agent agent;
    Peer peer;
    std::string invite = peer.request(
        "INVITE", "Supported: timer\r\nSession-Expires: 600;refresher=uac\r\n", sdp(1));
    SessionId session;

    Arrived() {
        agent.take(invite);
        session = agent.seen.back().session;
        agent.taken(), agent.told();
    }
    void restart() { agent.restart({session}); }
    void ring() {
        agent.ua().progress(session, 180, {}, agent.now);
        agent.finish();
        learn_tag();
    }
    void answer() {
        agent.ua().answer(session, sdp(1, "sendrecv", 9), {}, agent.now);
        agent.finish();
        learn_tag();
    }
    void ack() { agent.take(peer.request("ACK")); }
    void learn_tag() {
        Message message;
        REQUIRE(message.read(agent.sent.back().bytes));
        peer.to_tag = message.to_tag();
        agent.taken(), agent.told();
    }
    std::string within(std::string_view method, std::string_view body = {}) {
        ++peer.cseq;
        return peer.request(method, {}, body);
    }
    /// BYE works, and nothing is left.
    void hang_up() {
        agent.take(within("BYE"));
        CHECK(agent.brief() == "200");
        CHECK(agent.told().back().name == "SessionEnded");
        agent.run_out();
        CHECK(agent.is_idle());
    }
};

/// A call of ours.
struct Ours {
    Agent agent;
    Peer peer;
    SessionId session;
    std::string invite;

    explicit Ours(InviteOrder order = order_to()) {
        session = agent.ua().invite(order, agent.now);
        agent.finish();
        invite = agent.taken().at(0).bytes;
        Message message;
        REQUIRE(message.read(invite));
        peer.call_id = message.call_id();
        peer.to_tag = message.from_tag();
        peer.branch = 50;
    }
    void restart() { agent.restart({session}); }
    void respond(int status, std::string_view body = {}) {
        agent.take(peer.response(invite, status, {}, body));
    }
    void end() {
        agent.ua().end(session, {}, agent.now);
        agent.finish();
    }
    void finish_bye() {
        const auto bye = agent.taken().back().bytes;
        REQUIRE(bye.starts_with("BYE "));
        agent.take(peer.response(bye, 200));
        CHECK(agent.told().back().name == "SessionEnded");
        agent.run_out();
        CHECK(agent.is_idle());
    }
};

int cseq_of(const Transmit& transmit) {
    return std::stoi(header(transmit.bytes, Header::cseq));
}

}  // namespace

TEST_CASE("an unanswered INVITE: its repetition finds its session", "[sip][restart]") {
    Arrived call;
    SECTION("before any progress") {}
    SECTION("ringing") {
        call.ring();
    }
    call.restart();
    const auto tag = call.peer.to_tag;
    call.agent.take(call.invite);
    CHECK(call.agent.names() == "");  // no second call
    CHECK(call.agent.brief() == (tag.empty() ? "100" : "180"));
    call.answer();
    if (!tag.empty()) CHECK(call.peer.to_tag == tag);  // the early dialog is the same
    call.ack();
    CHECK(call.agent.names() == "SessionAcked");
    call.hang_up();
}

TEST_CASE("an unanswered INVITE can be cancelled, and merges are still seen", "[sip][restart]") {
    Arrived call;
    call.ring();
    call.restart();
    auto caller = call.peer;
    caller.to_tag.clear();
    call.agent.take(caller.request("INVITE", {}, sdp(1), "z9hG4bK-other"));
    CHECK(call.agent.brief() == "482");
    call.agent.told();
    call.agent.take(caller.request("CANCEL", {}, {}, "z9hG4bK-p1"));
    CHECK(call.agent.brief() == "200 487");
    CHECK(call.agent.names() == "SessionEnded");
}

TEST_CASE("ringing goes on being repeated every minute", "[sip][restart]") {
    Arrived call;
    call.ring();
    call.restart();
    call.agent.advance(60s);
    CHECK(call.agent.brief() == "180");
}

TEST_CASE("a 2xx without its ACK is repeated and acknowledged", "[sip][restart]") {
    Arrived call;
    call.answer();
    call.restart();
    call.agent.advance(500ms);
    CHECK(call.agent.brief() == "200");
    call.agent.take(call.invite);
    CHECK(call.agent.brief() == "");
    call.ack();
    CHECK(call.agent.names() == "SessionAcked");
    call.agent.advance(20s);
    CHECK(call.agent.brief() == "");
    call.hang_up();
}

TEST_CASE("a 2xx whose ACK never comes ends the call", "[sip][restart]") {
    Arrived call;
    call.answer();
    call.restart();
    call.agent.advance(32s);
    CHECK(call.agent.seen.at(0).cause == EndCause::no_ack);
    CHECK(call.agent.sent.back().bytes.starts_with("BYE "));
}

TEST_CASE("a connected call: our CSeq jumps, the peer's goes on", "[sip][restart]") {
    Arrived call;
    call.answer();
    call.ack();
    call.agent.taken(), call.agent.told();
    const auto before = call.agent.ua().record(call.session);
    call.restart();
    const auto after = call.agent.ua().record(call.session);
    CHECK(after->dialog.local_cseq == before->dialog.local_cseq + 1000);
    CHECK(after->sdp_version == before->sdp_version + 1);
    CHECK(after->dialog.route_set == before->dialog.route_set);
    SECTION("the peer holds") {
        call.agent.take(call.within("INVITE", sdp(2, "sendonly")));
        CHECK(call.agent.told().at(0).sdp == sdp(2, "sendonly"));
        call.agent.ua().accept_offer(call.session, sdp(3, "recvonly", 9), call.agent.now);
        call.agent.finish();
        call.agent.taken();
        call.ack();
        call.hang_up();
    }
    SECTION("we hold") {
        call.agent.ua().offer(call.session, sdp(3, "sendonly", 9), call.agent.now);
        call.agent.finish();
        const auto sent = call.agent.taken();
        REQUIRE(sent.size() == 1);
        CHECK(cseq_of(sent[0]) > static_cast<int>(before->dialog.local_cseq) + 1000);
        call.agent.take(call.peer.response(sent[0].bytes, 200, {}, sdp(2, "recvonly")));
        CHECK(call.agent.brief() == "ACK");
        CHECK(call.agent.names() == "OfferAnswered");
        call.hang_up();
    }
    SECTION("the session timer runs on") {
        call.agent.advance(568s);
        CHECK(call.agent.seen.at(0).cause == EndCause::session_expired);
    }
    SECTION("a request out of order is still refused, an overheard one as well") {
        call.peer.cseq = 0;
        call.agent.take(call.peer.request("OPTIONS"));
        CHECK(call.agent.brief() == "500");
        call.agent.take(call.within("BYE"), udp_hop({IpAddress::v4(203, 0, 113, 7), 5060}));
        CHECK(call.agent.brief() == "403");
    }
}

TEST_CASE("a re-INVITE of the peer that was answered and not acknowledged", "[sip][restart]") {
    Arrived call;
    call.answer();
    call.ack();
    call.agent.taken(), call.agent.told();
    const auto hold = call.within("INVITE", sdp(2, "sendonly"));
    call.agent.take(hold);
    call.agent.ua().accept_offer(call.session, sdp(2, "recvonly", 9), call.agent.now);
    call.agent.finish();
    call.agent.taken(), call.agent.told();
    call.restart();
    call.agent.take(hold);
    CHECK(call.agent.names() == "");
    call.agent.advance(500ms);
    CHECK(body(call.agent.taken().at(0).bytes) == sdp(2, "recvonly", 9));
    call.ack();
    CHECK(call.agent.names() == "SessionAcked");
    call.hang_up();
}

TEST_CASE("an answer owed in the ACK is still owed", "[sip][restart]") {
    Agent agent;
    Peer peer;
    agent.take(peer.request("INVITE"));
    const auto session = agent.told().at(0).session;
    agent.ua().answer(session, sdp(1, "sendrecv", 9), {}, agent.now);
    agent.finish();
    Message ok;
    const auto bytes = agent.taken().back().bytes;
    REQUIRE(ok.read(bytes));
    peer.to_tag = ok.to_tag();
    agent.restart({session});
    agent.take(peer.request("ACK", {}, sdp(4)));
    CHECK(agent.told().at(0).sdp == sdp(4));
}

TEST_CASE("our INVITE before any response is sent again with its branch", "[sip][restart]") {
    Ours call;
    call.restart();
    const auto sent = call.agent.taken();
    REQUIRE(sent.size() == 1);
    CHECK(sent[0].bytes == call.invite);
    call.respond(180);
    call.respond(200, sdp(5));
    CHECK(call.agent.names() == "SessionRang SessionAnswered");
    CHECK(call.agent.brief() == "ACK");
    call.end();
    call.finish_bye();
}

TEST_CASE("our ringing INVITE keeps its branch: the late 200 is ours", "[sip][restart]") {
    Ours call;
    call.respond(180);
    call.agent.told();
    call.restart();
    CHECK(call.agent.brief() == "");  // it is there; sending it again might ring twice
    SECTION("answered") {
        call.respond(200, sdp(5));
        CHECK(call.agent.names() == "SessionAnswered");
        CHECK(call.agent.brief() == "ACK");
        call.respond(200, sdp(5));
        CHECK(call.agent.brief() == "ACK");
        call.end();
        call.finish_bye();
    }
    SECTION("cancelled by its branch") {
        call.end();
        const auto sent = call.agent.taken();
        REQUIRE(sent.size() == 1);
        CHECK(sent[0].bytes.starts_with("CANCEL "));
        CHECK(header(sent[0].bytes, Header::via) == header(call.invite, Header::via));
        call.respond(487);
        CHECK(call.agent.brief() == "ACK");
        CHECK(call.agent.names() == "SessionEnded");
    }
    SECTION("refused") {
        call.respond(486);
        CHECK(call.agent.brief() == "ACK");
        CHECK(call.agent.seen.at(0).status == 486);
    }
    SECTION("never answered") {
        call.agent.advance(180s + 32s);
        CHECK(call.agent.told().at(0).status == 408);
        call.agent.run_out();
        CHECK(call.agent.is_idle());
    }
}

TEST_CASE("a CANCEL under way is sent again; a 200 that crosses it still ends", "[sip][restart]") {
    Ours call;
    call.respond(180);
    call.end();
    call.agent.taken(), call.agent.told();
    call.restart();
    CHECK(call.agent.brief() == "CANCEL");
    call.respond(200, sdp(5));
    CHECK(call.agent.names() == "");
    call.finish_bye();
}

TEST_CASE("a re-INVITE of ours under way", "[sip][restart]") {
    Ours call;
    call.respond(200, sdp(5));
    call.agent.ua().offer(call.session, sdp(2, "sendonly", 9), call.agent.now);
    call.agent.finish();
    const auto offer = call.agent.taken().back().bytes;
    call.agent.told();
    const bool heard = GENERATE(false, true);
    if (heard) call.agent.take(call.peer.response(offer, 100));
    call.restart();
    const auto again = call.agent.taken();
    REQUIRE(again.size() == (heard ? 0 : 1));
    if (!heard) CHECK(again[0].bytes == offer);
    call.agent.take(call.peer.response(offer, 200, {}, sdp(6, "recvonly")));
    CHECK(call.agent.names() == "OfferAnswered");
    CHECK(call.agent.brief() == "ACK");
    CHECK(call.agent.ua().record(call.session)->local_sdp == sdp(2, "sendonly", 9));
    call.end();
    call.finish_bye();
}

TEST_CASE("an offer that waited for its turn goes out", "[sip][restart]") {
    Arrived call;
    call.answer();
    call.agent.ua().offer(call.session, sdp(2, "sendonly", 9), call.agent.now);
    call.agent.finish();
    call.restart();
    call.ack();
    CHECK(call.agent.taken().back().bytes.starts_with("INVITE "));
}

TEST_CASE("a BYE under way is sent again", "[sip][restart]") {
    Ours call;
    call.respond(200, sdp(5));
    call.end();
    const auto first = call.agent.taken().back();
    call.agent.told();
    call.restart();
    const auto sent = call.agent.sent;
    REQUIRE(sent.size() == 1);
    CHECK(cseq_of(sent[0]) > cseq_of(first));
    call.finish_bye();
}

TEST_CASE("over TCP nothing is sent before the phone is back", "[sip][restart]") {
    auto order = order_to();
    order.targets = {tcp_hop(there, 3)};
    Ours call{order};
    call.agent.take(call.peer.response(call.invite, 200, {}, sdp(5)), tcp_hop(there, 3));
    call.agent.taken(), call.agent.told();
    SECTION("a hold waits, then goes by the new connection") {
        call.restart();
        call.agent.ua().offer(call.session, sdp(2, "sendonly", 9), call.agent.now);
        call.agent.finish();
        CHECK(call.agent.brief() == "");
        call.agent.ua().rebind(call.session, tcp_hop(there, 8), call.agent.now);
        call.agent.finish();
        const auto sent = call.agent.taken();
        REQUIRE(sent.size() == 1);
        CHECK(sent[0].bytes.starts_with("INVITE "));
        CHECK(sent[0].hop == tcp_hop(there, 8));
    }
    SECTION("a BYE waits as well") {
        call.restart();
        call.end();
        CHECK(call.agent.brief() == "");
        call.agent.ua().rebind(call.session, tcp_hop(there, 8), call.agent.now);
        call.agent.finish();
        CHECK(call.agent.sent.at(0).hop == tcp_hop(there, 8));
        call.finish_bye();
    }
    SECTION("a phone that never comes back is given up") {
        call.restart();
        call.end();
        call.agent.run_out();
        CHECK(call.agent.names() == "SessionEnded");
        CHECK(call.agent.brief() == "");
        CHECK(call.agent.is_idle());
    }
    SECTION("its next request brings the new connection with it") {
        call.restart();
        call.end();
        ++call.peer.cseq;
        call.agent.take(call.peer.request("OPTIONS"), tcp_hop(there, 9));
        const auto sent = call.agent.taken();
        CHECK(sent.back().hop == tcp_hop(there, 9));
        CHECK(sent.back().bytes.starts_with("BYE "));
    }
    SECTION("a closed connection is the same without a restart") {
        call.agent.ua().flow_closed(FlowId{3}, call.agent.now);
        call.agent.finish();
        CHECK(call.agent.names() == "");
        call.agent.ua().offer(call.session, sdp(2, "sendonly", 9), call.agent.now);
        call.agent.finish();
        CHECK(call.agent.brief() == "");
        call.agent.ua().rebind(call.session, tcp_hop(there, 8), call.agent.now);
        call.agent.finish();
        CHECK(call.agent.brief() == "INVITE");
    }
}

TEST_CASE("records: changes are named once, nonsense is not taken", "[sip][restart]") {
    Ours call;
    CHECK(call.agent.changed == std::vector{call.session});
    call.agent.changed.clear();
    call.respond(180);
    call.respond(180);  // nothing new to write down
    CHECK(call.agent.changed == std::vector{call.session});
    auto record = *call.agent.ua().record(call.session);
    CHECK_FALSE(call.agent.ua().restore(record, call.agent.now));  // its id lives
    record.session = {};
    CHECK_FALSE(call.agent.ua().restore(record, call.agent.now));
    record.session = SessionId{77};
    record.life = 200;
    CHECK_FALSE(call.agent.ua().restore(record, call.agent.now));
    record = *call.agent.ua().record(call.session);
    record.session = SessionId{77};
    record.exchange = 99;
    CHECK_FALSE(call.agent.ua().restore(record, call.agent.now));
}

TEST_CASE("credentials given anew answer a challenge after a restart", "[sip][restart]") {
    auto order = order_to();
    order.credentials = {"acd", "secret", "trunk"};
    Ours call{order};
    call.respond(200, sdp(5));
    call.agent.taken(), call.agent.told();
    call.agent.restart({call.session}, order.credentials);
    call.end();
    const auto bye = call.agent.taken().at(0).bytes;
    call.agent.take(call.peer.response(
        bye, 407, "Proxy-Authenticate: Digest realm=\"trunk\", nonce=\"n\", qop=\"auth\"\r\n"));
    CHECK(!header(call.agent.sent.at(0).bytes, Header::proxy_authorization).empty());
    call.finish_bye();
}
