// media/mute_meter.hpp: whether a phone's microphone is off. A line that is open is never without
// any sound; one that is muted has the same value in every sample, or no packets at all. So has a
// phone that leaves silence out anyway (a noise gate, DTX): it must first have been heard to send
// what a silent room sounds like, and never to leave out less than 2 s, or nothing is claimed.
#pragma once
#include "media/codecs.hpp"
#include "media/heard.hpp"
#include "media/wire.hpp"

#include <optional>

namespace holdfast::media {

/// Shorter ones are coughs, or the phone's own doing.
inline constexpr Micros least_mute = 2s;

class MuteMeter {
public:
    MuteMeter(MediaId media, Wire& wire) : media_{media}, wire_{wire} {}

    /// Tells what is known once more.
    void repeat();
    /// A packet that somebody hears, decoded. `voice`: somebody speaks in it.
    void take(const Heard& heard, Samples samples, bool voice);
    /// A digit, instead of sound: packets before and after it do not follow each other.
    void take_digit(const Heard& heard) {
        if (last_) last_->at = heard.received_at, last_->stream = 0;
    }
    /// RFC 3389: it leaves silence out.
    void take_comfort_noise(Instant at) {
        if (!leaves_out_) give_up(at);
    }
    /// Nobody hears the party any more.
    void stop(Instant now);

    /// When packets have been missing for so long that nothing is known any more.
    Instant due() const;
    void check(Instant now);

private:
    /// Where a packet stands in its stream.
    struct Stands {
        std::uint32_t stream = 0, timestamp = 0;
        std::int64_t number = 0;
        Instant at;
    };
    static Stands place_of(const Heard& heard);
    void tell(Mute mute, Instant at);
    void give_up(Instant now);
    bool is_gate();
    void forget_runs();
    void pass_gap(Stands& last, const Heard& heard);
    void take_blank(Instant since, Instant until);
    void take_sound(Instant since, Instant until, bool voice);

    MediaId media_;
    Wire& wire_;
    Mute told_ = Mute::unseen;
    Instant told_at_;
    std::optional<Stands> last_;
    std::optional<Instant> blank_since_, room_since_, sound_since_;  // runs that go on
    bool knows_room_ = false;                                        // its silence has a sound
    bool leaves_out_ = false;  // silence may be the phone's own doing
    int short_gaps_ = 0;
};

}  // namespace holdfast::media
