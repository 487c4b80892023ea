// What is said to agents and to callers, in virtual time: the words of codes, and of promises.
#include "sim/desk.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::sim;

namespace {

/// Who hears what in words: the names of the prompts, one after the other.
std::string heard(const World& w, const Endpoint& party) {
    std::string all;
    for (const SourceId id : w.said_to(party))
        for (const auto prompt : every<engine::Prompt>)
            if (engine::source_of(prompt) == id)
                all += std::string{all.empty() ? "" : " "} + std::string{text(prompt)};
    return all;
}

}  // namespace

SCENARIO("codes are answered in words", "[sim]") {
    World w{33, with_speech(centre(1))};
    w.run(1s);
    struct Step {
        const char *dialled, *heard;
    };
    std::string all;
    for (const auto& [dialled, answer] : {Step{"*45", "logged_in not_ready"},
                                          Step{"*46", "ready"},
                                          Step{"*467", "not_ready reason n7"},
                                          Step{"*46", "ready"},
                                          Step{"*46", "not_ready"},
                                          Step{"*471", "not_possible"},
                                          Step{"*45", "logged_out"},
                                          Step{"*46", "no_agent_here"},
                                          Step{"*45*2101*9999", "wrong_pin"}}) {
        w.phones[0]->dial(dialled, w.now);
        w.run(5s);
        all += std::string{all.empty() ? "" : " "} + answer;
        CHECK(heard(w, phone_at(0)) == all);
        CHECK(w.phones[0]->calls() == 0);  // hung up once it was said
    }
    w.close();
}

SCENARIO("a promise is told to the caller, and once more at half time", "[sim]") {
    const bool german = GENERATE(false, true);
    auto settings = with_speech(centre(1));
    if (german) settings.speech.language = engine::Language::de;
    Desk d{1, settings};
    World& w = d.w;
    const auto press = [&](const char* digits) {
        for (const char* digit = digits; *digit != 0; ++digit) {
            w.phones[0]->press(*digit, w.now);
            w.run(200ms);
        }
    };
    WHEN("it is of some minutes, said before the hold") {
        press("*124");
        w.phones[0]->hold_call(0, true, w.now);
        w.run(3s);
        const std::string number = german ? "n4 and_between n20" : "n20 n4";
        const std::string first = "back_in_about " + number + " minutes";
        CHECK(heard(w, carrier_at) == first);
        w.run(11min);
        CHECK(heard(w, carrier_at) == first);
        w.run(1min);
        CHECK(heard(w, carrier_at) == first + " thank_you still_there in_about n12 minutes");
        // The caller heard music before, and hears it again.
        CHECK_FALSE(w.playing().empty());
    }
    WHEN("it is of more than half an hour: until when") {
        w.phones[0]->hold_call(0, true, w.now);
        w.run(1s);
        press("*145");
        w.run(4s);
        // 10:00 local time when the world begins.
        CHECK(heard(w, carrier_at) == (german ? "back_at_about n10 oclock n5 and_between n40"
                                              : "back_at_about n10 n40 n5 in_the_morning"));
    }
    WHEN("the agent is back before it is told") {
        press("*15");
        w.phones[0]->hold_call(0, true, w.now);
        w.run(500ms);
        w.phones[0]->hold_call(0, false, w.now);
        w.run(10s);
        CHECK(heard(w, carrier_at).empty());
    }
    w.close();
}
