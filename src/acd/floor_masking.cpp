// The caller's digits kept from the agent, who has a machine of the centre's take a card's number:
// from the agent's word to the next one, the end of the talk, or a limit.
#include "acd/floor.hpp"

#include <algorithm>

namespace holdfast::acd {

bool Floor::mask_digits(AgentId id, When when) {
    auto* c = find(entry(id).agent.call);
    if (c == nullptr || c->call.lane.state != caller::talking) return false;
    const Instant at = together(when, c, &entry(id));
    if (c->call.listening.masking.on) {
        stop_masking(*c, at, true);
        return true;
    }
    if (settings_.mask_limit == 0s) return false;
    c->call.listening.masking = {.on = true, .since = at, .digits = 0};
    set_deadline(*c, CallTimer::mask_limit, when.now + settings_.mask_limit);
    effects_.push_back(MaskDigits{c->call.id, true, true});
    return true;
}

bool Floor::digit_masked(CallId id) {
    auto* c = find(id);
    if (c == nullptr || !c->call.listening.masking.on) return false;
    ++c->call.listening.masking.digits;
    touch(*c);
    return true;
}

/// `goes_on`: the two talk on, and the agent must know.
void Floor::stop_masking(CallEntry& c, Instant at, bool goes_on) {
    auto& masking = c.call.listening.masking;
    if (!masking.on) return;
    auto mark = mark_of(c.call.journey, MarkKind::digits_masked, masking.since, at);
    mark.digits = masking.digits;
    add_row(std::move(mark));
    auto& until = c.call.listening.marked_until;
    until = std::max(until, at);
    masking = {};
    set_deadline(c, CallTimer::mask_limit, never);
    effects_.push_back(MaskDigits{c.call.id, false, goes_on});
}

void Floor::masked_too_long(CallEntry& c, Instant now) {
    stop_masking(c, together({now, now}, &c, nullptr), true);
}

}  // namespace holdfast::acd
