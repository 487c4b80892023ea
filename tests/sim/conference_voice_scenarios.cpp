// Silences of all who are in a conference, in virtual time.
#include "sim/spoken.hpp"

#include <algorithm>

using namespace holdfast;
using namespace holdfast::sim;

namespace {

/// The agent, the caller and a colleague in one call.
struct Conferred : Spoken {
    Conferred() {
        w.log_in(1);
        w.run(1s);
        phone.hold_call(0, true, w.now);
        w.run(500ms);
        phone.dial("2102", w.now);
        w.run(3s);
        phone.pass_on(0, "*4", false, w.now);
        w.run(1s);
        REQUIRE(w.conferring() == 3);
        all(true);
        w.run(2s);
    }
    void all(bool speak) {
        for (const auto& party : {carrier_at, phone_at(0), phone_at(1)})
            w.speak(party, speak);
    }
};

}  // namespace

SCENARIO("nobody speaks in a conference", "[sim]") {
    Conferred t;
    WHEN("none of the three does") {
        t.all(false);
        t.w.run(13s);
        CHECK(t.tones() == 1);
        t.all(true);
        t.w.run(1s);
        THEN("it is dead air of the agent who serves the caller") {
            CHECK(t.w.floor().today(AgentId{1}).dead_air > 12s);
            t.w.close();
            CHECK(t.lengths("dead_air") == Spoken::Lengths{13});
        }
    }
    WHEN("only the colleague does") {
        t.w.speak(carrier_at, false);
        t.w.speak(phone_at(0), false);
        t.w.run(13s);
        THEN("it is none") {
            t.w.close();
            CHECK(t.lengths("dead_air").empty());
            CHECK(std::ranges::max(t.lengths("voice_measured")) >= 14);
        }
    }
    WHEN("none does, and the agent has stepped out") {
        t.phone.hold_call(0, true, t.w.now);
        t.w.run(500ms);
        t.all(false);
        t.w.run(13s);
        THEN("nothing is measured") {
            t.w.close();
            CHECK(t.lengths("dead_air").empty());
            CHECK(t.tones() == 0);
        }
    }
    WHEN("the one who spoke leaves, and the silence of the others is older") {
        t.w.speak(carrier_at, false);
        t.w.speak(phone_at(0), false);
        t.w.run(7s);
        t.w.phones[1]->hang_up_all(t.w.now);
        t.w.run(7s);
        t.both_speak(1s);
        THEN("it begins with the other's end") {
            t.w.close();
            CHECK(t.lengths("dead_air").empty());
        }
    }
}
