#include "engine/voices.hpp"

#include <algorithm>

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
    const CallId call = call_of(*leg);
    if (queue_calls_.caller_leg(call) == leg)
        tell(call, acd::Side::caller, *leg, {});
    else if (queue_calls_.agent_leg(call) == leg)
        tell(call, acd::Side::agent, *leg, {});
    else if (conferences_.of(*leg))
        tell_others(call, {});
}

void Voices::changed(const media::MuteChanged& report) {
    const Leg* leg = legs_.of_media(report.media);
    if (leg == nullptr) return;
    auto& known = known_[report.media];
    known.mute = mute_of(report.mute);
    known.mute_since = report.at;
    const CallId call = call_of(*leg);
    if (queue_calls_.agent_leg(call) == leg) tell_mute(call, *leg, {});
}

/// Its conference's, or its own.
CallId Voices::call_of(const Leg& leg) const {
    const CallId conference = conferences_.of(leg);
    return conference ? conference : leg.call;
}

Voices::Known Voices::known(const Leg& leg) const {
    const auto it = known_.find(media_of(leg.id));
    return it == known_.end() ? Known{.since = context_.at, .mute_since = context_.at} : it->second;
}

void Voices::tell(CallId call, acd::Side side, const Leg& leg, Instant since) {
    const Known now = known(leg);
    auto [voice, at] = std::pair{now.voice, now.since};
    // Whoever has stepped out of a conference says nothing in it that could be heard.
    if (queue_calls_.is_mixed(call) && leg.agreed.peer_holds) voice = acd::Voice::unseen;
    if (voice == acd::Voice::unseen) at = std::max(at, context_.at);
    context_.floor.voice(call, side, voice, std::max(at, since), context_.when());
    if (side == acd::Side::agent) tell_mute(call, leg, since);
}

void Voices::tell_mute(CallId call, const Leg& leg, Instant since) {
    const Known now = known(leg);
    context_.floor.muted(call, now.mute, std::max(now.mute_since, since), context_.when());
}

/// All of them together: silent since the last one is, unseen where one is.
void Voices::tell_others(CallId call, Instant since) {
    Instant silent_since{}, voiced_since = never;
    bool seen = true;
    for (const Leg* leg : conferences_.others(call)) {
        if (leg->agreed.peer_holds) continue;
        const Known now = known(*leg);
        seen = seen && now.voice != acd::Voice::unseen;
        if (now.voice == acd::Voice::speaking) voiced_since = std::min(voiced_since, now.since);
        silent_since = std::max(silent_since, now.since);
    }
    const auto voice = !seen                  ? acd::Voice::unseen
                       : voiced_since < never ? acd::Voice::speaking
                                              : acd::Voice::silent;
    const Instant at = !seen ? context_.at : voiced_since < never ? voiced_since : silent_since;
    context_.floor.voice(call, acd::Side::others, voice, std::max(at, since), context_.when());
}

/// `since`: nothing is said of what was before.
void Voices::tell_all(CallId call, Instant since) {
    if (const Leg* leg = queue_calls_.caller_leg(call)) tell(call, acd::Side::caller, *leg, since);
    if (const Leg* leg = queue_calls_.agent_leg(call)) tell(call, acd::Side::agent, *leg, since);
    if (queue_calls_.is_mixed(call)) tell_others(call, since);
}

void Voices::perform(const acd::Effect& effect) {
    if (const auto* order = std::get_if<acd::ListenToTalk>(&effect)) {
        tell_all(order->call, {});
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
