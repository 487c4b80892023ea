// tests/sim/world_media.hpp: the media process of the simulator.
#pragma once
#include "sim/world.hpp"

#include <map>
#include <string>
#include <utility>
#include <variant>

namespace holdfast::sim {

/// The media process as the engine sees it: it opens ports, plays to the end, and outlives us.
struct World::Media {
    World& world;
    std::map<MediaId, std::uint16_t> open;
    std::map<MediaId, IpAddress> sounds;  // where each endpoint's packets come from
    std::map<MediaId, decltype(media::Hear::what)> heard;
    std::string digits;
    std::uint64_t boot = 1;

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
    void on(const media::Configure& c) { sounds[c.media] = c.signalling_source; }
    void on(const media::Hear& h) {
        heard[h.media] = h.what;
        const auto* source = std::get_if<media::HearSource>(&h.what);
        if (source != nullptr && !source->loop)
            report(2s, media::PlayEnded{h.media, source->source, world.now + 2s});
    }
    void on(const media::SendDigit& d) { digits += d.digit; }
    void on(const media::Close& c) {
        open.erase(c.media);
        sounds.erase(c.media);
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
