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

acd::Mute mute_of(media::Mute mute) {
    switch (mute) {
        case media::Mute::unseen:
            return acd::Mute::unseen;
        case media::Mute::open:
            return acd::Mute::open;
        case media::Mute::muted:
            return acd::Mute::muted;
    }
    return {};
}

}  // namespace

void Voices::changed(const media::VoiceChanged& report) {
    const Leg* leg = legs_.of_media(report.media);
    if (leg == nullptr) return;
    auto& known = known_[report.media];
    known.voice = voice_of(report.voice);
    known.since = report.at;
    tell(*leg);
}

void Voices::changed(const media::MuteChanged& report) {
    const Leg* leg = legs_.of_media(report.media);
    if (leg == nullptr) return;
    auto& known = known_[report.media];
    known.mute = mute_of(report.mute);
    known.mute_since = report.at;
    if (queue_calls_.agent_leg(leg->call) == leg) tell_mute(*leg, known);
}

void Voices::tell_mute(const Leg& leg, const Known& known) {
    context_.floor.muted(leg.call, known.mute, known.mute_since, context_.when());
}

void Voices::tell(const Leg& leg) {
    const auto known = known_.find(media_of(leg.id));
    if (known == known_.end()) return;
    const Known& now = known->second;
    if (queue_calls_.caller_leg(leg.call) == &leg) {
        context_.floor.voice(leg.call, acd::Side::caller, now.voice, now.since, context_.when());
    } else if (queue_calls_.agent_leg(leg.call) == &leg) {
        context_.floor.voice(leg.call, acd::Side::agent, now.voice, now.since, context_.when());
        tell_mute(leg, now);
    }
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
