#include "acd/floor.hpp"
#include "unit/acd/floor_fixture.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::acd;
using namespace holdfast::acd::test;
using Kinds = std::vector<std::string>;

TEST_CASE("masking: digits are nobody's until the next word, the limit, or the end of the talk",
          "[acd][floor]") {
    auto settings = two_queues();
    const bool allowed = GENERATE(true, false);
    if (!allowed) settings.mask_limit = 0s;
    Scene s{settings};
    s.log_in_all();
    const CallId call = s.arrive(support);
    CHECK_FALSE(s.floor.mask_digits(ann, s.when()));  // nobody talks yet
    s.floor.phone_answered(s.offer_to(ann), s.when());
    s.drain();
    CHECK_FALSE(s.floor.digit_masked(call));
    REQUIRE(s.floor.mask_digits(ann, s.when()) == allowed);
    if (!allowed) return;
    const Instant began = s.now;
    const auto marks = [&s] {
        std::vector<MarkClosed> all;
        for (const auto& [number, row] : s.floor.uncommitted())
            if (const auto* mark = std::get_if<MarkClosed>(&row.what);
                mark != nullptr && mark->kind == "digits_masked")
                all.push_back(*mark);
        return all;
    };
    for (int i = 0; i < 16; ++i)
        CHECK(s.floor.digit_masked(call));
    s.pass(20s);
    bool told = true;
    SECTION("the same word") {
        CHECK(s.floor.mask_digits(ann, s.when()));
    }
    SECTION("the limit") {
        s.pass(170s);
    }
    SECTION("a hold") {
        s.floor.agent_held(call, s.when());
        told = false;
    }
    SECTION("the caller's hold ends nothing") {
        s.floor.caller_held(call, s.when());
        s.floor.caller_resumed(call, s.when());
        CHECK(marks().empty());
        s.floor.agent_hung_up(call, s.when());
        told = false;
    }
    s.drain();
    REQUIRE(marks().size() == 1);
    CHECK(marks()[0].digits == 16);
    CHECK(marks()[0].began == began);
    const auto length = marks()[0].ended - began;
    CHECK((length == 20s || length == 180s));
    CHECK_FALSE(s.floor.digit_masked(call));
    const auto orders = s.all<MaskDigits>();
    REQUIRE(orders.size() == 2);
    CHECK((orders[0].on && orders[0].tell));
    CHECK_FALSE(orders[1].on);
    CHECK(orders[1].tell == told);
}
