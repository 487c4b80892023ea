// engine/voices.hpp: which leg's voice is whose, for the floor: what the media process says of a
// leg is kept here, because a leg may be heard before it is in a talk.
#pragma once
#include "engine/conferences.hpp"
#include "engine/context.hpp"
#include "engine/legs.hpp"
#include "engine/queue_calls.hpp"
#include "engine/sounds.hpp"

#include <unordered_map>

namespace holdfast::engine {

class Voices {
public:
    Voices(Context& context, Legs& legs, QueueCalls& queue_calls, Conferences& conferences)
        : context_{context}, legs_{legs}, queue_calls_{queue_calls}, conferences_{conferences} {}

    void changed(const media::VoiceChanged& report);
    void changed(const media::MuteChanged& report);
    void perform(const acd::Effect& effect);
    /// Who is in that call's conference, or has stepped out of it.
    void conference_changed(CallId call) { tell_all(call, context_.at); }
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
    CallId call_of(const Leg& leg) const;
    Known known(const Leg& leg) const;
    void tell_all(CallId call, Instant since);
    void tell(CallId call, acd::Side side, const Leg& leg, Instant since);
    void tell_mute(CallId call, const Leg& leg, Instant since);
    void tell_others(CallId call, Instant since);

    Context& context_;
    Legs& legs_;
    QueueCalls& queue_calls_;
    Conferences& conferences_;
    std::unordered_map<MediaId, Known> known_;
};

}  // namespace holdfast::engine
