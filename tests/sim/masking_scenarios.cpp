// Digits of a caller that are nobody's, in virtual time.
#include "sim/desk.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::sim;

namespace {

/// The caller has pressed 12, the agent has asked that nobody has the next digits, and 4111 came.
struct Masked : Desk {
    std::size_t hidden = 4;

    Masked() : Desk{2, with_speech(centre(2))} {
        press("12");
        code();
        CHECK(told(engine::Prompt::digits_masked));
        press("4111");
        CHECK(w.digits() == "12");
    }
    void press(const char* digits) {
        for (const char* digit = digits; *digit != 0; ++digit) {
            w.press(carrier_at, *digit);
            w.run(100ms);
        }
    }
    void code() {
        for (const char digit : {'*', '6'}) {
            phone(0).press(digit, w.now);
            w.run(200ms);
        }
    }
    bool told(engine::Prompt prompt) const {
        const auto said = w.said_to(phone_at(0));
        return !said.empty() && said.back() == engine::source_of(prompt);
    }
};

}  // namespace

SCENARIO("the caller's digits are kept from everybody", "[sim]") {
    Masked d;
    World& w = d.w;
    WHEN("the agent says so again") {
        d.code();
        CHECK(d.told(engine::Prompt::digits_passed));
    }
    WHEN("the limit is over") {
        w.run(3min);
        CHECK(d.told(engine::Prompt::digits_passed));
    }
    WHEN("the agent holds, and is back") {
        d.phone(0).hold_call(0, true, w.now);
        w.run(1s);
        d.phone(0).hold_call(0, false, w.now);
        w.run(1s);
    }
    WHEN("the daemon dies, and then the media process") {
        w.crash(500ms);
        w.run(2s);
        d.press("1");
        w.media_crash();
        w.run(5s);
        d.press("2");
        d.hidden = 6;
        CHECK(w.digits() == "12");
        d.code();
    }
    d.press("34");
    CHECK(w.digits() == "1234");
    d.close();
    const auto marks = w.checks().voices("digits_masked");
    REQUIRE(marks.size() == 1);
    CHECK(marks[0].digits == d.hidden);
}
