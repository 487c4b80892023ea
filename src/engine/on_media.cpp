// What the media process reports.
#include "engine/engine_impl.hpp"

#include <algorithm>

namespace holdfast::engine {

/// A media process that we know goes on with its sessions; a new one gets everything anew.
void Engine::Impl::report(const media::Greeted& r) {
    const bool restarted = media_boot_ != 0 && media_boot_ != r.media_boot;
    media_boot_ = r.media_boot;
    figures_.media = "up";
    alarms_.clear("media");
    sounds_.load();
    if (restarted) {
        legs_.recreate_all();
        return;
    }
    soundless_.clear();  // the connection broke, and nobody died
    context_.media(media::List{});
}

void Engine::Impl::report(const media::Opened& r) {
    legs_.media_opened(r);
    sound_is_back(legs_.of_media(r.media));
}
/// The media process died: every call with an endpoint there hears nothing until it is made anew.
void Engine::Impl::note_soundless() {
    for (const LegId id : legs_.ids()) {
        const Leg& leg = *legs_.find(id);
        if (leg.port == 0 || floor_.call(leg.call) == nullptr) continue;
        soundless_.try_emplace(leg.call, Soundless{context_.now, {}}).first->second.legs.insert(id);
    }
}

void Engine::Impl::sound_is_back(const Leg* leg) {
    if (leg == nullptr) return;
    const auto at = soundless_.find(leg->call);
    if (at == soundless_.end()) return;
    auto& [since, legs] = at->second;
    legs.erase(leg->id);
    std::erase_if(legs, [&](LegId id) { return legs_.find(id) == nullptr; });
    if (!legs.empty()) return;
    floor_.mark(at->first, acd::MarkKind::soundless, since, context_.now);
    soundless_.erase(at);
}

void Engine::Impl::report(const media::OpenFailed& r) {
    legs_.media_failed(r);
}
void Engine::Impl::report(const media::SourceLocked&) {}

void Engine::Impl::report(const media::DigitHeard& r) {
    context_.at = std::min(r.at, context_.now);
    if (Leg* leg = legs_.of_media(r.media)) digit(*leg, r.digit, r.duration_ms, false);
}

void Engine::Impl::report(const media::PlayEnded& r) {
    context_.at = std::min(r.at, context_.now);
    Leg* leg = legs_.of_media(r.media);
    if (leg == nullptr) return;
    if (leg->role == Role::feature)
        features_.play_ended(*leg, r.source);
    else
        queue_calls_.play_ended(r);
}

/// A party sends nothing. A phone is asked whether it lives; a caller is gone for good.
void Engine::Impl::report(const media::Silent& r) {
    Leg* leg = legs_.of_media(r.media);
    if (leg == nullptr || leg->agreed.peer_holds) return;
    leg->silent_since = r.since;
    legs_.touch(*leg);
    if (leg->device) return phones_.probe(leg->device, leg->id);
    context_.log(LogLevel::warning,
                 "leg {}: no sound for {} s, the call is ended",
                 leg->id.value,
                 std::chrono::duration_cast<std::chrono::seconds>(context_.now - r.since).count());
    bury(*leg);
}

/// Nobody is there any more: BYE all the same, and the call goes on without this leg.
void Engine::Impl::bury(Leg& leg) {
    sip_.end(leg.session, "Q.850;cause=102;text=\"No media\"", context_.now);
    end_leg(leg, sip::EndCause::gone);
}

void Engine::Impl::report(const media::SoundReturned& r) {
    if (Leg* leg = legs_.of_media(r.media)) leg->silent_since = never;
}

void Engine::Impl::report(const media::Closed& r) {
    voices_.forget(r.media);
}
void Engine::Impl::report(const media::SourceReady& r) {
    sounds_.ready(r.source);
    hear_music();
}

/// Who hears the tone that stands in for music hears the music that has been loaded meanwhile.
void Engine::Impl::hear_music() {
    for (const LegId id : legs_.ids()) {
        Leg& leg = *legs_.find(id);
        const auto* sound = std::get_if<media::HearSource>(&leg.hears);
        if (sound == nullptr || !Sounds::stands_in(*sound)) continue;
        const auto* call = floor_.call(leg.call);
        const auto music = sounds_.music_of(call == nullptr ? QueueId{} : call->queue);
        if (!Sounds::stands_in(music)) legs_.hear(leg, music);
    }
}
void Engine::Impl::report(const media::SourceFailed& r) {
    sounds_.failed(r);
    alarms_.raise(fmt::format("sound-{}", r.source.value), r.text);
}
void Engine::Impl::report(const media::Listed& r) {
    listed_.insert(r.media);
    // That it was opened was told to a life that is over.
    const Leg* leg = legs_.of_media(r.media);
    if (leg != nullptr && !leg->media_open) legs_.media_opened({r.media, r.port});
}

/// After our own restart: what the media process has and we do not is closed, and the reverse is
/// made anew.
void Engine::Impl::report(const media::ListEnded&) {
    for (const MediaId media : listed_)
        if (legs_.of_media(media) == nullptr) context_.media(media::Close{media});
    legs_.recreate_missing(listed_);
    listed_.clear();
}

void Engine::Impl::report(const media::Health& r) {
    figures_.media_endpoints = r.endpoints;
}

}  // namespace holdfast::engine
