// engine/masking.hpp: digits of callers that are nobody's, while an agent has asked for it: they
// are neither relayed, by whatever way they come, nor kept in any file.
#pragma once
#include "engine/context.hpp"
#include "engine/inputs.hpp"
#include "engine/legs.hpp"
#include "engine/queue_calls.hpp"
#include "engine/sounds.hpp"

#include <set>

namespace holdfast::engine {

class Masking {
public:
    Masking(Context& context, Legs& legs, QueueCalls& queue_calls, Sounds& sounds)
        : context_{context}, legs_{legs}, queue_calls_{queue_calls}, sounds_{sounds} {}

    void perform(const acd::Effect& effect);
    /// A digit of that party; true: it is nobody's, and counted.
    bool takes(const Leg& leg, char digit);
    /// Whether the input, which is not taken yet, may bring such a digit by INFO.
    bool hides(const Input& input) const;
    /// After a restart.
    void resume();

private:
    void mask(Leg& leg, bool on);
    void tell_agent(CallId call, bool on);

    Context& context_;
    Legs& legs_;
    QueueCalls& queue_calls_;
    Sounds& sounds_;
    std::set<LegId> masked_;
};

}  // namespace holdfast::engine
