// engine/features.hpp: what an agent says by feature code: login and logout (asking number and PIN
// where the phone is not bound), ready and not ready with a reason. Answers are spoken, or tones
// where they cannot be.
#pragma once
#include "engine/context.hpp"
#include "engine/dial_plan.hpp"
#include "engine/hold_codes.hpp"
#include "engine/legs.hpp"
#include "engine/sounds.hpp"

#include <initializer_list>
#include <string>
#include <unordered_map>

namespace holdfast::engine {

class Features {
public:
    Features(Context& context, Legs& legs, Sounds& sounds)
        : context_{context}, legs_{legs}, sounds_{sounds} {}

    void begin(Leg& leg, const ToCode& code);
    void digit(Leg& leg, char digit);
    void play_ended(Leg& leg, SourceId source);
    void ended(Leg& leg);
    void deadline(LegId leg);

private:
    enum class Step : std::uint8_t { number, pin, done };
    struct Dialogue {
        Step step = Step::done;
        std::string number, pin;
        int trials = 0;
        SourceId last;  ///< Of what is said or played now.
        Timer timer;
    };
    void log_in_or_out(Leg& leg, std::string_view rest);
    void toggle_ready(Leg& leg, std::string_view rest);
    void explain_hold(Leg& leg, std::string_view rest);
    void ask(Leg& leg);
    void try_login(Leg& leg, Dialogue& d);
    bool log_in(Leg& leg, AgentId agent);
    AgentId agent_with(std::string_view number, std::string_view pin);
    enum class Outcome : std::uint8_t { done, refused };
    void finish(Leg& leg, Outcome outcome, const Sentence& sentence);
    void finish(Leg& leg, Outcome outcome, std::initializer_list<Prompt> prompts);
    void logged_in(Leg& leg, bool done);
    bool tell(Leg& leg, const media::HearSource& tone, const Spoken& spoken);
    void forget(Leg& leg);

    Context& context_;
    Legs& legs_;
    Sounds& sounds_;
    std::unordered_map<LegId, Dialogue> dialogues_;
    struct Guesses {
        int wrong = 0;
        Instant until{};
    };
    std::unordered_map<AgentId, Guesses> guesses_;
};

}  // namespace holdfast::engine
