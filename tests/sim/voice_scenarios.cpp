// Silences while two talk, in virtual time: what is marked, from when, and who hears of it.
#include "sim/desk.hpp"
#include "sim/spoken.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace holdfast;
using namespace holdfast::sim;

namespace {

constexpr SourceId silence_tone{6};

struct Silence : Spoken {
    Instant since = fall_silent();
};

}  // namespace

SCENARIO("nobody speaks, and nobody holds", "[sim]") {
    Silence t;
    WHEN("it lasts for less than the queue's limit") {
        t.w.run(7s);
        t.both_speak(5s);
        THEN("it is a pause") {
            t.w.close();
            CHECK(t.lengths("dead_air").empty());
            CHECK(t.w.checks().voices("voice_measured").size() == 1);
        }
    }
    WHEN("it lasts for longer") {
        t.w.run(11s);
        CHECK(t.tones() == 0);
        t.w.run(9s);
        THEN("the agent alone hears one tone, and the ledger has it from its true beginning") {
            CHECK(t.w.said_to(phone_at(0)) == std::vector{silence_tone});
            CHECK(t.w.said_to(carrier_at).empty());
            t.both_speak(5s);
            CHECK(t.w.floor().today(AgentId{1}).dead_air == 20s);
            CHECK(t.w.floor().today(QueueId{1}).dead_air == 20s);
            t.w.close();
            REQUIRE(t.lengths("dead_air") == Spoken::Lengths{20});
            CHECK(t.w.checks().voices("dead_air")[0].began == t.since);
        }
    }
}

SCENARIO("a silence that ends otherwise than by a voice", "[sim]") {
    Silence t;
    WHEN("the agent holds after a while, and comes back into the same silence") {
        t.w.run(9s);
        t.phone.hold_call(0, true, t.w.now);
        t.w.run(30s);
        t.phone.hold_call(0, false, t.w.now);
        t.w.run(5s);
        t.both_speak(1s);
        THEN("the hold is none of it") {
            t.w.close();
            CHECK(t.lengths("dead_air") == Spoken::Lengths{9});
            CHECK(t.w.checks().voices("voice_measured").size() == 2);
        }
    }
    WHEN("the caller hangs up in it") {
        t.w.run(15s);
        t.w.carrier->hang_up_all(t.w.now);
        t.w.run(1s);
        THEN("it ends with the talk") {
            t.w.close();
            CHECK(t.lengths("dead_air") == Spoken::Lengths{15});
        }
    }
}

SCENARIO("a silence in which a process dies", "[sim]") {
    Silence t;
    WHEN("the daemon dies in it, and the silence goes on") {
        t.w.run(10s);
        t.w.crash(500ms);
        t.w.run(20s);
        t.both_speak(1s);
        THEN("what it saw is marked; it begins anew with what it was told after that") {
            t.w.close();
            const auto lengths = t.lengths("dead_air");
            REQUIRE(lengths.size() == 2);
            CHECK(lengths[0] == 10);
            CHECK(lengths[1] >= 19);
            CHECK(t.w.checks().voices("voice_measured").size() == 2);
        }
    }
    WHEN("the media process dies in it") {
        t.w.run(10s);
        t.w.media_crash();
        t.w.run(3s);
        t.both_speak(1s);
        THEN("nothing is claimed of what nobody could hear") {
            t.w.close();
            CHECK(t.lengths("dead_air") == Spoken::Lengths{10});
        }
    }
}

SCENARIO("the agent says by a code that the customer is at work", "[sim]") {
    const bool before_the_limit = GENERATE(true, false);
    Silence t;
    t.w.run(before_the_limit ? 3s : 10s);
    t.phone.press('*', t.w.now);
    t.w.run(300ms);
    t.phone.press('5', t.w.now);
    t.w.run(before_the_limit ? 27s : 20s);
    t.both_speak(5s);
    t.fall_silent();
    t.w.run(10s);
    t.both_speak(1s);
    THEN("it is no silence of the agent's; the next one is again") {
        CHECK(t.w.digits().empty());
        CHECK(t.tones() == 0);
        t.w.close();
        REQUIRE(t.lengths("customer_working").size() == 1);
        CHECK(t.lengths("customer_working")[0] >= 29);
        CHECK(t.lengths("customer_working")[0] <= 31);
        CHECK(t.lengths("dead_air") == Spoken::Lengths{10});
    }
}

SCENARIO("one who speaks is no silence", "[sim]") {
    Spoken t;
    t.w.speak(phone_at(0), false);
    t.w.run(60s);
    t.fall_silent();
    t.w.run(5s);
    t.w.speak(carrier_at, true);
    t.w.run(5s);
    t.w.close();
    CHECK(t.lengths("dead_air").empty());
    CHECK(t.tones() == 0);
}

SCENARIO("the caller holds us, and it is silent", "[sim]") {
    Spoken t{{.hangs_up_after = 300s, .holds_after = 5s, .holds_for = 30s}};
    t.fall_silent();
    t.w.run(40s);
    t.both_speak(1s);
    t.w.close();
    // Before the caller's hold there was not enough of it, and after it none.
    for (const auto length : t.lengths("dead_air"))
        CHECK(length < 12);
    CHECK(t.tones() == 0);
}

SCENARIO("the agent mutes the phone", "[sim]") {
    Spoken t;
    World& w = t.w;
    const Instant since = w.now;
    const auto told = [&](media::Mute mute, Instant at) {
        w.mute(phone_at(0), mute, at);
        w.run(1s);
    };
    w.run(2s);
    told(media::Mute::muted, since);
    WHEN("the caller speaks meanwhile") {
        w.run(17s);
        told(media::Mute::open, w.now);
        THEN("it is a mark in the talk, and no dead air") {
            w.close();
            REQUIRE(t.lengths("muted") == Spoken::Lengths{20});
            CHECK(w.checks().voices("muted")[0].began == since);
            CHECK(t.lengths("dead_air").empty());
            CHECK(t.tones() == 0);
        }
    }
    WHEN("the agent holds, and is back muted, and the caller hangs up") {
        w.run(7s);
        t.phone.hold_call(0, true, w.now);
        w.run(30s);
        t.phone.hold_call(0, false, w.now);
        w.run(1s);
        told(media::Mute::muted, w.now - 30s);
        w.run(9s);
        w.carrier->hang_up_all(w.now);
        w.close();
        THEN("what lies in the hold is no part of it") {
            CHECK(t.lengths("muted") == Spoken::Lengths{10, 11});
        }
    }
    WHEN("it turns out that it cannot be told of this phone") {
        w.run(6s);
        told(media::Mute::unseen, since);
        w.run(10s);
        THEN("nothing is claimed, and that is said") {
            w.close();
            CHECK(t.lengths("muted").empty());
            REQUIRE(t.lengths("mute_unseen").size() == 1);
            CHECK(w.checks().voices("mute_unseen")[0].began == since);
        }
    }
    WHEN("the daemon dies meanwhile") {
        w.run(7s);
        w.crash(500ms);
        w.run(9500ms);
        told(media::Mute::open, w.now);
        w.close();
        THEN("what it saw is marked") {
            const auto lengths = t.lengths("muted");
            REQUIRE_FALSE(lengths.empty());
            CHECK(lengths[0] == 10);
        }
    }
    CHECK(w.floor().calls().empty());
}

SCENARIO("a queue that does not measure", "[sim]") {
    auto settings = centre(1);
    settings.floor.queues[0].dead_air = 0s;
    Desk d{1, settings};
    World& w = d.w;
    w.run(60s);
    w.close();
    CHECK(w.checks().voices("voice_measured").empty());
    CHECK(w.checks().voices("dead_air").empty());
}
