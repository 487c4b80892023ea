// Offers before the 2xx of an INVITE of ours, where a response that must arrive has answered its
// own (RFC 3311 5.2, RFC 6337 3.1).
#include "unit/sip/calling.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::sip;
using namespace holdfast::sip::test;

TEST_CASE("who has answered our INVITE by a 183 may offer anew by UPDATE (RFC 3311 5.2)",
          "[sip][prack]") {
    Assured call;
    call.assured(10, sdp(4));
    call.agent.taken(), call.agent.told();
    const bool restarts = GENERATE(false, true);
    if (restarts) call.agent.restart({call.session}), call.agent.taken();
    const auto update = [&call](int cseq, std::string_view body) {
        call.agent.take(call.request("UPDATE", cseq, body));
    };
    update(7, sdp(5, "sendonly"));
    REQUIRE(call.agent.seen.size() == 1);
    CHECK(call.agent.seen[0].name == "OfferArrived");
    CHECK(call.agent.seen[0].sdp == sdp(5, "sendonly"));
    const auto answered = sdp(9, "recvonly");
    call.agent.ua().accept_offer(call.session, answered, call.agent.now);
    call.agent.finish();
    REQUIRE(call.agent.brief() == "200");
    call.agent.told();
    WHEN("another fork that has not answered asks") {
        call.peer.tag = "other";
        update(1, sdp(6));
        CHECK(call.agent.brief() == "491");
    }
    WHEN("an older one comes late") {
        update(6, sdp(6));
        CHECK(call.agent.brief() == "500");
    }
    WHEN("the 200 comes, without or with what it need not repeat") {
        call.agent.take(call.peer.response(call.invite, 200, {}, GENERATE("", "v=0\r\n")));
        REQUIRE(call.agent.seen.size() == 1);
        CHECK(call.agent.seen[0].name == "SessionAnswered");
        CHECK(call.agent.seen[0].sdp == sdp(5, "sendonly"));
        CHECK(call.agent.ua().record(call.session)->local_sdp == answered);
    }
}

TEST_CASE("an UPDATE crosses our offer where no answer has come that must arrive", "[sip][prack]") {
    Assured call;
    const auto what = GENERATE("", "183", "180");
    CAPTURE(what);
    if (what == std::string{"183"})  // RFC 6337 3.1: SDP in it is no answer yet
        call.agent.take(call.peer.response(call.invite, 183, {}, sdp(4)));
    if (what == std::string{"180"}) call.assured(10, {}, {}, 180);
    call.agent.taken(), call.agent.told();
    call.agent.take(call.request("UPDATE", 1, sdp(5)));
    CHECK(call.agent.brief() == "491");
    CHECK(call.agent.names() == "MessageRefused");
}
