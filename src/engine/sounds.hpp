// engine/sounds.hpp: which source of the media process is what, and which of them can be heard.
#pragma once
#include "acd/effects.hpp"
#include "engine/context.hpp"
#include "engine/spoken.hpp"

#include <set>

namespace holdfast::engine {

class Sounds {
public:
    explicit Sounds(Context& context) : context_{context} {}

    /// Orders every recording and tone to be loaded: at start, and when the media process is new.
    void load();
    void ready(SourceId source) { ready_.insert(source); }
    void failed(const media::SourceFailed& failed);

    /// What a queue plays; nothing where it has no such recording, or it could not be loaded.
    std::optional<media::HearSource> of_queue(QueueId queue, acd::Playing what) const;
    /// That of the queue, or the site's.
    media::HearSource music_of(QueueId queue) const;
    media::HearSource hold_music() const { return music_of({}); }
    /// Whether all of it can be said now.
    bool can_say(const Spoken& spoken) const;
    /// What comes behind a sentence: whatever the party hears, or where that is nothing, a silence
    /// that pushes the last word through a phone's jitter buffer before the phone is hung up.
    enum class Behind : std::uint8_t { music, hush };
    /// Says it to the party, over what it hears; false where it cannot be said. PlayEnded comes
    /// with the source of its last word, or with `hush`.
    bool say(MediaId media, const Spoken& spoken, Behind behind = Behind::music);
    Sentence sentence() const { return Sentence{context_.settings.speech.language}; }
    /// What stands in for music that is not there, or not yet.
    static constexpr bool stands_in(const media::HearSource& sound) {
        return sound.source == soft_tone;
    }
    static constexpr media::HearSource confirm{SourceId{1}, false};
    static constexpr media::HearSource refuse{SourceId{2}, false};
    static constexpr media::HearSource ask{SourceId{3}, false};
    /// Told to the agent alone: nobody has spoken for long.
    static constexpr SourceId silence{6};
    /// A caller is held for long.
    static constexpr SourceId reminder{7};
    static constexpr SourceId hush{8};

private:
    static constexpr SourceId soft_tone{4}, default_music{5};
    static SourceId of(QueueId queue, acd::Playing what);
    SourceId usable_music(SourceId wanted) const;

    Context& context_;
    std::set<SourceId> ready_;
};

}  // namespace holdfast::engine
