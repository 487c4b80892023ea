// Calls of ours, offers and connections over `kill -9`.
#include "unit/sip/restarted.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::sip;
using namespace holdfast::sip::test;

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
