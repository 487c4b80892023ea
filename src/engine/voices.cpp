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

}  // namespace

void Voices::changed(const media::VoiceChanged& report) {
    const Leg* leg = legs_.of_media(report.media);
    if (leg == nullptr) return;
    known_[report.media] = {voice_of(report.voice), report.at};
    const CallId conference = conferences_.of(*leg);
    const CallId call = conference ? conference : leg->call;
    if (queue_calls_.caller_leg(call) == leg)
        tell(call, acd::Side::caller, *leg, {});
    else if (queue_calls_.agent_leg(call) == leg)
        tell(call, acd::Side::agent, *leg, {});
    else if (conference)
        tell_others(conference, {});
}

Voices::Known Voices::known(const Leg& leg) const {
    const auto it = known_.find(media_of(leg.id));
    return it == known_.end() ? Known{acd::Voice::unseen, context_.at} : it->second;
}

void Voices::tell(CallId call, acd::Side side, const Leg& leg, Instant since) {
    auto [voice, at] = known(leg);
    // Whoever has stepped out of a conference says nothing in it that could be heard.
    if (queue_calls_.is_mixed(call) && leg.agreed.peer_holds) voice = acd::Voice::unseen;
    if (voice == acd::Voice::unseen) at = std::max(at, context_.at);
    context_.floor.voice(call, side, voice, std::max(at, since), context_.when());
}

/// All of them together: silent since the last one is, unseen where one is.
void Voices::tell_others(CallId call, Instant since) {
    Instant silent_since{}, voiced_since = never;
    bool seen = true;
    for (const Leg* leg : conferences_.others(call)) {
        if (leg->agreed.peer_holds) continue;
        const auto [voice, at] = known(*leg);
        seen = seen && voice != acd::Voice::unseen;
        if (voice == acd::Voice::speaking) voiced_since = std::min(voiced_since, at);
        silent_since = std::max(silent_since, at);
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
