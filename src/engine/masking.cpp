#include "engine/masking.hpp"

#include <algorithm>
#include <variant>

namespace holdfast::engine {

void Masking::perform(const acd::Effect& effect) {
    const auto* order = std::get_if<acd::MaskDigits>(&effect);
    if (order == nullptr) return;
    if (Leg* leg = queue_calls_.caller_leg(order->call)) mask(*leg, order->on);
    if (order->tell) tell_agent(order->call, order->on);
}

void Masking::mask(Leg& leg, bool on) {
    leg.local.masks_digits = on;
    if (on)
        masked_.insert(leg.id);
    else
        masked_.erase(leg.id);
    legs_.touch(leg);
    context_.media(media::MaskDigits{media_of(leg.id), on});
}

/// In words, or by a tone where they cannot be said.
void Masking::tell_agent(CallId call, bool on) {
    const Leg* leg = queue_calls_.agent_leg(call);
    if (leg == nullptr) return;
    const auto prompt = on ? Prompt::digits_masked : Prompt::digits_passed;
    if (sounds_.say(media_of(leg->id), sounds_.sentence().say({prompt}).spoken())) return;
    const auto& tone = on ? Sounds::confirm : Sounds::ask;
    context_.media(media::Say{media_of(leg->id), {tone.source}});
}

bool Masking::takes(const Leg& leg, char digit) {
    const bool masked = leg.local.masks_digits && context_.floor.digit_masked(leg.call);
    return masked || digit == media::masked_digit;  // told as the masking ended
}

bool Masking::hides(const Input& input) const {
    return std::ranges::any_of(masked_, [&](LegId id) {
        const Leg* leg = legs_.find(id);
        const auto record = leg == nullptr ? std::nullopt : context_.sip.record(leg->session);
        if (!record) return false;
        if (const auto* datagram = std::get_if<DatagramReceived>(&input))
            return datagram->bytes.find(record->dialog.call_id) != std::string::npos;
        const auto* flow = std::get_if<FlowBytes>(&input);
        return flow != nullptr && flow->flow == record->hop.flow;
    });
}

void Masking::resume() {
    for (const LegId id : legs_.ids())
        if (legs_.find(id)->local.masks_digits) masked_.insert(id);
}

}  // namespace holdfast::engine
