#include "engine/sounds.hpp"

#include <algorithm>
#include <utility>

namespace holdfast::engine {

SourceId Sounds::of(QueueId queue, acd::Playing what) {
    return SourceId{16 + 4 * queue.value + static_cast<std::uint32_t>(what)};
}

void Sounds::load() {
    ready_.clear();
    const auto tone = [&](SourceId id,
                          std::uint16_t hertz,
                          std::uint16_t on,
                          std::uint16_t off,
                          std::uint8_t repeats) {
        context_.media(media::LoadTone{id, hertz, 0, on, off, repeats});
    };
    tone(confirm.source, 880, 150, 80, 2);
    tone(refuse.source, 300, 400, 150, 3);
    tone(ask.source, 660, 200, 100, 1);
    tone(silence, 520, 150, 0, 1);
    tone(reminder, 700, 120, 120, 2);
    tone(hush, 1, 1, 240, 1);  // a millisecond of one hertz is none
    // Where there is no music, a caller must still hear that the line lives.
    tone(soft_tone, 440, 200, 4800, 1);
    const auto file = [&](SourceId id, const std::string& path) {
        if (!path.empty()) context_.media(media::LoadSource{id, path});
    };
    file(default_music, context_.settings.default_music);
    for (std::uint32_t i = 0; i < context_.settings.sounds.size(); ++i) {
        const auto& s = context_.settings.sounds[i];
        const QueueId queue{i + 1};
        file(of(queue, acd::Playing::greeting), s.greeting);
        file(of(queue, acd::Playing::music), s.music);
        file(of(queue, acd::Playing::comfort), s.comfort);
        file(of(queue, acd::Playing::closed), s.closed);
    }
    // Many, and callers come at once.
    for (const Prompt prompt : every<Prompt>)
        file(source_of(prompt), context_.settings.speech.files[static_cast<std::size_t>(prompt)]);
}

void Sounds::failed(const media::SourceFailed& failed) {
    ready_.erase(failed.source);
    context_.log(LogLevel::error, "{}", failed.text);
}

bool Sounds::can_say(const Spoken& spoken) const {
    return !spoken.empty() && std::ranges::all_of(spoken, [this](Prompt prompt) {
        return ready_.contains(source_of(prompt));
    });
}

bool Sounds::say(MediaId media, const Spoken& spoken, Behind behind) {
    if (!can_say(spoken)) return false;
    media::Say order{media, {}};
    for (const Prompt prompt : spoken)
        order.sources.push_back(source_of(prompt));
    if (behind == Behind::hush) order.sources.push_back(hush);
    context_.media(std::move(order));
    return true;
}

SourceId Sounds::usable_music(SourceId wanted) const {
    if (ready_.contains(wanted)) return wanted;
    return ready_.contains(default_music) ? default_music : soft_tone;
}

media::HearSource Sounds::music_of(QueueId queue) const {
    return {usable_music(queue ? of(queue, acd::Playing::music) : default_music), true};
}

std::optional<media::HearSource> Sounds::of_queue(QueueId queue, acd::Playing what) const {
    if (what == acd::Playing::music) return music_of(queue);
    if (!ready_.contains(of(queue, what))) return std::nullopt;
    return media::HearSource{of(queue, what), false};
}

}  // namespace holdfast::engine
