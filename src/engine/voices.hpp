// engine/voices.hpp: which leg's voice is whose, for the floor: what the media process says of a
// leg is kept here, because a leg may be heard before it is in a talk.
#pragma once
#include "engine/context.hpp"
#include "engine/legs.hpp"
#include "engine/queue_calls.hpp"
#include "engine/sounds.hpp"

#include <unordered_map>

namespace holdfast::engine {

class Voices {
public:
    Voices(Context& context, Legs& legs, QueueCalls& queue_calls)
        : context_{context}, legs_{legs}, queue_calls_{queue_calls} {}

    void changed(const media::VoiceChanged& report);
    void changed(const media::MuteChanged& report);
    void perform(const acd::Effect& effect);
    void forget(MediaId media) { known_.erase(media); }
    /// The media process is gone, and with it what it had heard.
    void lose_sight();

private:
    struct Known {
        acd::Voice voice{};
        Instant since{};
        acd::Mute mute{};
        Instant mute_since{};
    };
    void tell(const Leg& leg);
    void tell_mute(const Leg& leg, const Known& known);

    Context& context_;
    Legs& legs_;
    QueueCalls& queue_calls_;
    std::unordered_map<MediaId, Known> known_;
};

}  // namespace holdfast::engine
