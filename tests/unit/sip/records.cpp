// Sessions over `kill -9`: whatever the record held goes on; nothing else is needed.
#include "unit/sip/restarted.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::sip;
using namespace holdfast::sip::test;

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
