// tests/sim/world_media.hpp: the media process of the simulator.
#pragma once
#include "sim/world.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace holdfast::sim {

/// The media process as the engine sees it: it opens ports, plays to the end, and outlives us.
struct World::Media {
    World& world;
    std::map<MediaId, std::uint16_t> open;
    std::map<MediaId, IpAddress> sounds;  // where each endpoint's packets come from
    std::map<MediaId, decltype(media::Hear::what)> heard;
    std::string digits;
    std::uint64_t boot = 1;
    struct Mouth {
        media::Voice voice{};
        Instant since{};
        std::uint64_t turn = 0;  // of those who babble: an older one is over
        bool tells_mute = false;
        media::Mute mute{};
        Instant mute_since{};
    };
    std::set<MediaId> masked;
    std::map<MediaId, Mouth> mouths;  // of whom a voice is to be told
    std::vector<std::pair<MediaId, SourceId>> said;
    std::map<MediaId, IpAddress> parties;  // of endpoints, also those that are closed

    void report(Micros after, media::Report r) {
        world.later(after, [this, life = world.life_, r = std::move(r)] {
            if (world.life_ == life) world.give(engine::MediaReported{r});
        });
    }
    void take(const media::Order& order) {
        std::visit([this](const auto& o) { on(o); }, order);
    }
    void on(const media::Greet&) { report(1ms, media::Greeted{boot}); }
    void on(const media::Open& o) {
        if (world.random.below(40) == 0)
            return report(1ms, media::OpenFailed{o.media, media::OpenFault::port_in_use, "in use"});
        open[o.media] = o.port;
        report(Micros{100 + world.random.below(2000)}, media::Opened{o.media, o.port});
    }
    bool is_heard(MediaId id) const {
        if (!open.contains(id)) return false;
        const auto own = heard.find(id);
        if (own != heard.end() && std::holds_alternative<media::HearConference>(own->second))
            return true;
        return std::ranges::any_of(heard, [&](const auto& one) {
            const auto* from = std::get_if<media::HearEndpoint>(&one.second);
            return from != nullptr && from->from == id && open.contains(one.first);
        });
    }
    void tell(MediaId id, media::Voice voice, Instant since) {
        auto& mouth = mouths[id];
        mouth.voice = voice;
        mouth.since = since;
        report(1ms, media::VoiceChanged{id, voice, since});
    }
    void tell(MediaId id, media::Mute mute, Instant since) {
        auto& mouth = mouths[id];
        if (!mouth.tells_mute) return;
        mouth.mute = mute;
        mouth.mute_since = since;
        report(1ms, media::MuteChanged{id, mute, since});
    }
    /// Who is heard now was silent until here; of who is not, nothing is known.
    void listen() {
        for (auto& [id, mouth] : mouths) {
            if (is_heard(id) == (mouth.voice != media::Voice::unseen)) continue;
            const bool seen = mouth.voice == media::Voice::unseen;
            tell(id, seen ? media::Voice::silent : media::Voice::unseen, world.now);
            tell(id, seen ? media::Mute::open : media::Mute::unseen, world.now);
            if (seen && world.babbles_) babble(id, ++mouth.turn);
        }
    }
    void babble(MediaId id, std::uint64_t turn) {
        const Micros span = 1ms * (200 + world.babble_.below(7'000));
        world.later(span, [this, id = id, turn] {
            const auto it = mouths.find(id);
            if (it == mouths.end() || it->second.turn != turn) return;
            if (it->second.voice == media::Voice::unseen) return;
            const bool speaks = it->second.voice == media::Voice::speaking;
            tell(id, speaks ? media::Voice::silent : media::Voice::speaking, world.now - 100ms);
            if (world.babble_.below(3) == 0) toy_with_mute(id);
            babble(id, turn);
        });
    }
    /// A mute is told 2 s after it has begun, and now and then taken back.
    void toy_with_mute(MediaId id) {
        const auto& mouth = mouths[id];
        if (mouth.mute != media::Mute::muted) return tell(id, media::Mute::muted, world.now - 2s);
        const bool was_none = world.babble_.below(4) == 0;
        tell(id,
             was_none ? media::Mute::unseen : media::Mute::open,
             was_none ? mouth.mute_since : world.now - 20ms);
    }
    void on(const media::Say& s) {
        for (const SourceId id : s.sources)
            said.emplace_back(s.media, id);
        report(1s, media::PlayEnded{s.media, s.sources.back(), world.now + 1s});
    }
    void on(const media::Configure& c) {
        sounds[c.media] = c.signalling_source;
        parties[c.media] = c.signalling_source;
        if (!c.reports_voice) return;
        const auto [it, fresh] = mouths.try_emplace(c.media);
        it->second.tells_mute = c.reports_mute;
        if (!fresh && it->second.voice != media::Voice::unseen)
            tell(c.media, it->second.voice, it->second.since);
        if (!fresh && it->second.mute != media::Mute::unseen)
            tell(c.media, it->second.mute, it->second.mute_since);
        listen();
    }
    void on(const media::Hear& h) {
        heard[h.media] = h.what;
        listen();
        const auto* source = std::get_if<media::HearSource>(&h.what);
        if (source != nullptr && !source->loop)
            report(2s, media::PlayEnded{h.media, source->source, world.now + 2s});
    }
    void on(const media::SendDigit& d) { digits += d.digit; }
    void on(const media::MaskDigits& m) {
        if (m.on)
            masked.insert(m.media);
        else
            masked.erase(m.media);
    }
    /// A telephone event: relayed where it is not masked.
    void press(MediaId id, char digit) {
        const bool hidden = masked.contains(id);
        if (!hidden && is_heard(id)) digits += digit;
        report(1ms,
               media::DigitHeard{id, hidden ? media::masked_digit : digit, 100, false, world.now});
    }
    void on(const media::Close& c) {
        open.erase(c.media);
        sounds.erase(c.media);
        mouths.erase(c.media);
        masked.erase(c.media);
        heard.erase(c.media);
        listen();
        report(1ms, media::Closed{c.media, {}});
    }
    void on(const media::LoadSource& s) {
        report(world.files_load_in, media::SourceReady{s.source, 2s});
    }
    void on(const media::LoadTone& s) { report(5ms, media::SourceReady{s.source, 1s}); }
    void on(const media::List&) {
        for (const auto& [id, port] : open)
            report(1ms, media::Listed{id, port, world.now});
        report(1ms, media::ListEnded{});
    }
};

}  // namespace holdfast::sim
