#include "media/mute_meter.hpp"

#include <algorithm>

namespace holdfast::media {
namespace {

// A gate closes within a second of the last word; so long a silence that is heard is the room's.
constexpr Micros room_heard_for = 1s;
// So long, and shorter than a mute: a gate. One alone may be an accident.
constexpr Micros least_gap = 100ms;
constexpr int gaps_of_a_gate = 3;
// Sound of the encoder that digital silence becomes where the codec is not exact.
constexpr int most_ripple = 4;

bool is_blank(Samples samples) {
    const auto [least, most] = std::ranges::minmax(samples);
    return most - least <= most_ripple;
}

}  // namespace

MuteMeter::Stands MuteMeter::place_of(const Heard& heard) {
    return {
        heard.place.stream, heard.packet.header.timestamp, heard.place.number, heard.received_at};
}

void MuteMeter::tell(Mute mute, Instant at) {
    if (mute == told_) return;
    told_ = mute;
    told_at_ = at;
    wire_.report(MuteChanged{media_, mute, at});
}

void MuteMeter::repeat() {
    if (told_ != Mute::unseen) wire_.report(MuteChanged{media_, told_, told_at_});
}

void MuteMeter::stop(Instant now) {
    tell(Mute::unseen, now);
    last_.reset();
    forget_runs();
}

void MuteMeter::forget_runs() {
    for (auto* run : {&blank_since_, &room_since_, &sound_since_})
        run->reset();
}

/// What seemed a mute may have been none.
void MuteMeter::give_up(Instant now) {
    leaves_out_ = true;
    tell(Mute::unseen, told_ == Mute::muted ? told_at_ : now);
}

Instant MuteMeter::due() const {
    return last_ && told_ != Mute::unseen ? last_->at + least_mute : never;
}

void MuteMeter::check(Instant now) {
    if (last_ && now >= due()) tell(Mute::unseen, last_->at);
}

void MuteMeter::take(const Heard& heard, Samples samples, bool voice) {
    if (leaves_out_) return;
    if (last_) pass_gap(*last_, heard);
    if (leaves_out_) return;
    const Instant since = last_ ? last_->at : heard.received_at;
    if (is_blank(samples))
        take_blank(since, heard.received_at);
    else
        take_sound(since, heard.received_at, voice);
    last_ = place_of(heard);
}

/// Packets that did not come. The sender left them out where numbers go on, and its clock does too;
/// else the net has lost or delayed them.
void MuteMeter::pass_gap(Stands& last, const Heard& heard) {
    const auto now = place_of(heard);
    const auto ticks = static_cast<std::int32_t>(now.timestamp - last.timestamp);
    const Micros skipped{std::int64_t{ticks} * 1'000'000 / heard.clock};
    const bool follows = now.stream == last.stream && now.number == last.number + 1;
    const bool left_out = follows && skipped >= least_gap;
    const bool long_gap = now.at - last.at >= least_mute;
    if (left_out && !long_gap && is_gate()) return give_up(now.at);
    if (!long_gap) return;
    if (left_out && knows_room_) tell(Mute::muted, last.at);
    forget_runs();
    last.at = now.at;  // what follows does not begin in the gap
}

bool MuteMeter::is_gate() {
    return ++short_gaps_ >= gaps_of_a_gate;
}

void MuteMeter::take_blank(Instant since, Instant until) {
    room_since_.reset();
    sound_since_.reset();
    if (!blank_since_) blank_since_ = since;
    if (knows_room_ && until - *blank_since_ >= least_mute) tell(Mute::muted, *blank_since_);
}

void MuteMeter::take_sound(Instant since, Instant until, bool voice) {
    const Micros blank = blank_since_ ? since - *blank_since_ : Micros{};
    blank_since_.reset();
    if (blank >= least_gap && blank < least_mute && is_gate()) return give_up(until);
    if (!sound_since_) sound_since_ = since;
    if (voice)
        room_since_.reset();
    else if (!room_since_)
        room_since_ = since;
    else if (until - *room_since_ >= room_heard_for)
        knows_room_ = true;
    if (knows_room_) tell(Mute::open, *sound_since_);
}

}  // namespace holdfast::media
