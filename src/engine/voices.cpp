#include "engine/voices.hpp"

namespace holdfast::engine {
namespace {

acd::Voice voice_of(media::Voice voice) {
    switch (voice) {
        case media::Voice::unseen:
            return acd::Voice::unseen;
        case media::Voice::silent:
            return acd::Voice::silent;
        case media::Voice::speaking:
            return acd::Voice::speaking;
    }
    return {};
}

}  // namespace

void Voices::changed(const media::VoiceChanged& report) {
    const Leg* leg = legs_.of_media(report.media);
    if (leg == nullptr) return;
    known_[report.media] = {voice_of(report.voice), report.at};
    tell(*leg);
}

void Voices::tell(const Leg& leg) {
    const auto known = known_.find(media_of(leg.id));
    if (known == known_.end()) return;
    const auto& [voice, since] = known->second;
    if (queue_calls_.caller_leg(leg.call) == &leg)
        context_.floor.voice(leg.call, acd::Side::caller, voice, since, context_.when());
    else if (queue_calls_.agent_leg(leg.call) == &leg)
        context_.floor.voice(leg.call, acd::Side::agent, voice, since, context_.when());
}

void Voices::perform(const acd::Effect& effect) {
    if (const auto* order = std::get_if<acd::ListenToTalk>(&effect)) {
        if (const Leg* leg = queue_calls_.caller_leg(order->call)) tell(*leg);
        if (const Leg* leg = queue_calls_.agent_leg(order->call)) tell(*leg);
    } else if (const auto* warn = std::get_if<acd::WarnOfSilence>(&effect)) {
        const Leg* leg = queue_calls_.agent_leg(warn->call);
        if (leg != nullptr) context_.media(media::Say{media_of(leg->id), {Sounds::silence}});
    }
}

void Voices::lose_sight() {
    known_.clear();
    context_.floor.lost_sight(context_.now);
}

}  // namespace holdfast::engine
