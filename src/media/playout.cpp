#include "media/playout.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

namespace holdfast::media {
namespace {

constexpr Micros first_lead = 30ms;   // before anything is known of the net
constexpr Micros wanted_lead = 10ms;  // of the packet that comes latest
constexpr Micros lead_slack = 5ms;    // around it, nothing is done
constexpr Micros most_lead = 150ms;   // above it, sound is left out at once
constexpr Micros most_insertion = 100ms;
constexpr Micros longest_gap = 120ms;  // a longer one is a pause of the sender
constexpr Micros longest_jump = 2s;    // of timestamps, between two packets
constexpr std::size_t most_packets = 32;
constexpr int most_concealed = 6;  // frames: 60 ms
constexpr int frames_a_window = 100;
constexpr Micros edge = 5ms;          // faded in, out of silence
constexpr std::size_t lookahead = 2;  // samples that stretching looks at beyond the frame

std::int16_t to_sample(double value) {
    return static_cast<std::int16_t>(std::lround(std::clamp(value, -32'768.0, 32'767.0)));
}

/// Between `b` and `c`, a cubic through all four.
double between(double a, double b, double c, double d, double x) {
    const double slope_b = (c - a) / 2;
    const double slope_c = (d - b) / 2;
    return ((2 * (b - c) + slope_b + slope_c) * x + 3 * (c - b) - 2 * slope_b - slope_c) * x * x +
           slope_b * x + b;
}

}  // namespace

Playout::Playout(Codec codec) : facts_{facts_of(codec)}, decoder_{facts_.make_voice()} {}

std::int64_t Playout::samples_of(Micros span) const {
    return span.count() * facts_.sample_rate / 1'000'000;
}

std::int64_t Playout::place_of(std::uint32_t timestamp) {
    const std::int64_t at = newest_ + static_cast<std::int32_t>(timestamp - newest_in_);
    if (at > newest_) {
        newest_ = at;
        newest_in_ = timestamp;
    }
    return at * facts_.sample_rate / facts_.clock;
}

void Playout::take(const Heard& heard) {
    if (heard.place.stream != stream_) {
        stream_ = heard.place.stream;
        waiting_.clear();
        running_ = false;
        newest_in_ = heard.packet.header.timestamp;
    }
    const std::int64_t at = place_of(heard.packet.header.timestamp);
    if (!running_ || std::abs(at - position_) > samples_of(longest_jump)) begin(at);
    settle_starvation(at);
    const auto lead = at - position_ + static_cast<std::int64_t>(sound_.size());
    least_ = std::min(least_.value_or(lead), lead);
    if (at < position_) return note_late(at);
    keep(at, heard);
}

void Playout::begin(std::int64_t at) {
    waiting_.clear();
    running_ = fresh_ = true;
    position_ = at;
    starved_ = insert_ = owed_ = 0;
    concealed_ = window_ = 0;
    seconds_ = 0;
    least_.reset();
    const auto lead = static_cast<std::size_t>(samples_of(first_lead));
    if (sound_.size() < lead) sound_.resize(lead);
}

void Playout::note_late(std::int64_t at) {
    ++figures_.late;
    insert_ = std::max(insert_, std::min(position_ - at, samples_of(most_insertion)));
}

/// What was made up while nothing waited was either in place of this packet's sound, which then
/// still comes, or in place of packets that were lost before it.
void Playout::settle_starvation(std::int64_t at) {
    const std::int64_t lost = std::min(at - position_, std::exchange(starved_, 0));
    if (lost <= 0) return;
    position_ += lost;
    shift_ += lost;
}

void Playout::keep(std::int64_t at, const Heard& heard) {
    if (waiting_.size() == most_packets) {
        waiting_.erase(waiting_.begin());
        shift_ += std::exchange(position_, waiting_.front().at) - waiting_.front().at;
        ++figures_.dropped;
    }
    const std::int64_t number = heard.place.number;
    const auto place =
        std::lower_bound(waiting_.begin(), waiting_.end(), number, [](const Packet& p, auto n) {
            return p.number < n;
        });
    if (place != waiting_.end() && place->number == number) return;  // a duplicate
    const Bytes payload = heard.packet.payload;
    waiting_.insert(place, {at, number, {payload.begin(), payload.end()}});
}

void Playout::append(Samples samples) {
    const std::size_t from = sound_.size();
    sound_.insert(sound_.end(), samples.begin(), samples.end());
    if (!std::exchange(fresh_, false)) return;
    const auto length = std::min(static_cast<std::size_t>(samples_of(edge)), sound_.size() - from);
    for (std::size_t i = 0; i < length; ++i)
        sound_[from + i] = static_cast<std::int16_t>(sound_[from + i] * static_cast<int>(i) /
                                                     static_cast<int>(length));
}

void Playout::fill(std::size_t wanted) {
    while (running_ && sound_.size() < wanted) {
        if (insert_ > 0) {
            insert_ -= static_cast<std::int64_t>(conceal().size());
            shift_ -= static_cast<std::int64_t>(facts_.frame_samples());
        } else if (waiting_.empty()) {
            starve();
        } else if (waiting_.front().at > position_) {
            pass_gap(waiting_.front().at - position_);
        } else {
            play_earliest();
        }
    }
}

void Playout::play_earliest() {
    std::array<std::int16_t, most_voice> samples;
    const std::size_t count = decoder_->decode(waiting_.front().payload, samples);
    waiting_.erase(waiting_.begin());
    if (count == 0) return;  // then it is a gap
    append(Samples{samples}.first(count));
    position_ += static_cast<std::int64_t>(count);
    concealed_ = 0;
}

void Playout::pass_gap(std::int64_t gap) {
    const auto frame = static_cast<std::int64_t>(facts_.frame_samples());
    if (gap > samples_of(longest_gap)) {
        position_ += gap;
        fresh_ = true;
    } else if (gap < frame) {
        position_ += gap;
    } else {
        conceal();
        position_ += frame;
    }
}

void Playout::starve() {
    if (concealed_ >= most_concealed) {
        running_ = false;
        return;
    }
    if (starved_ == 0) ++figures_.starved;
    const auto made = conceal();
    starved_ += static_cast<std::int64_t>(made.size());
    shift_ -= static_cast<std::int64_t>(made.size());
    if (concealed_ < most_concealed) return;
    for (std::size_t i = 0; i < made.size(); ++i)
        made[i] = static_cast<std::int16_t>(made[i] * static_cast<int>(made.size() - 1 - i) /
                                            static_cast<int>(made.size()));
}

/// A frame more of what is made up.
std::span<std::int16_t> Playout::conceal() {
    std::array<std::int16_t, most_frame_samples> made;
    const auto frame = std::span{made}.first(facts_.frame_samples());
    decoder_->conceal(frame);
    append(frame);
    ++concealed_;
    figures_.concealed += frame.size();
    return std::span{sound_}.last(frame.size());
}

void Playout::next(std::span<std::int16_t> frame) {
    const auto used = static_cast<std::size_t>(std::ssize(frame) + step());
    fill(used + lookahead);
    if (!running_ && sound_.size() < used + lookahead) {
        sound_.resize(used + lookahead);
        stretch(frame, used);
        before_ = 0;
        sound_.clear();  // at most two samples, at the end of a fade
        return;
    }
    stretch(frame, used);
    before_ = sound_[used - 1];
    sound_.erase(sound_.begin(), sound_.begin() + static_cast<std::ptrdiff_t>(used));
    steer();
}

/// `used` samples become those of the frame.
void Playout::stretch(std::span<std::int16_t> frame, std::size_t used) const {
    if (used == frame.size()) {
        std::copy_n(sound_.begin(), used, frame.begin());
        return;
    }
    const auto sample = [this](std::size_t i) { return i == 0 ? before_ : sound_[i - 1]; };
    for (std::size_t i = 0; i < frame.size(); ++i) {
        const double at = static_cast<double>(i * used) / static_cast<double>(frame.size());
        const auto whole = static_cast<std::size_t>(at);
        frame[i] = to_sample(between(sample(whole),
                                     sample(whole + 1),
                                     sample(whole + 2),
                                     sample(whole + 3),
                                     at - static_cast<double>(whole)));
    }
}

/// How many samples more than a frame has are used up by this one.
int Playout::step() {
    if (owed_ == 0 || std::exchange(stepped_, !stepped_)) return 0;
    const int step = owed_ > 0 ? 1 : -1;
    owed_ -= step;
    shift_ += step;
    return step;
}

/// Once a second: is the sound too far ahead, or too close?
void Playout::steer() {
    if (++window_ < frames_a_window) return;
    window_ = 0;
    const auto least = std::exchange(least_, std::nullopt);
    if (!least) return;
    last_lead_ = *least;
    leads_[seconds_++ % windows] = *least + shift_;
    const std::int64_t wanted = samples_of(wanted_lead);
    const std::int64_t slack = samples_of(lead_slack);
    owed_ = std::min<std::int64_t>(*least < wanted - slack ? *least - wanted : 0, 0);
    if (*least > samples_of(most_lead)) return drop(*least - wanted);
    if (owed_ != 0 || seconds_ < windows) return;
    // What is rare must not be forgotten: only the worst of several seconds allows to come closer.
    const std::int64_t worst = *std::ranges::min_element(leads_) - shift_;
    if (worst > wanted + slack) owed_ = worst - wanted;
}

/// Leaves out at once what would take minutes to catch up with.
void Playout::drop(std::int64_t samples) {
    const auto from_sound =
        std::min<std::int64_t>(samples, static_cast<std::int64_t>(sound_.size()));
    sound_.erase(sound_.begin(), sound_.begin() + from_sound);
    shift_ += from_sound;
    while (waiting_.size() > 1 && waiting_.front().at - position_ < samples - from_sound)
        waiting_.erase(waiting_.begin());
    if (!waiting_.empty() && waiting_.front().at > position_) {
        shift_ += waiting_.front().at - position_;
        position_ = waiting_.front().at;
    }
    fresh_ = true;
}

}  // namespace holdfast::media
