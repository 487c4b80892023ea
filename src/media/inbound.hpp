// media/inbound.hpp: what one party sends to us: whether it counts, its digits, its silence.
#pragma once
#include "base/time.hpp"
#include "media/codecs.hpp"
#include "media/digit_receiver.hpp"
#include "media/heard.hpp"
#include "media/inband_detector.hpp"
#include "media/orders.hpp"
#include "media/reception.hpp"
#include "media/source_lock.hpp"
#include "media/wire.hpp"

#include <array>
#include <memory>
#include <optional>

namespace holdfast::media {

class Inbound {
public:
    Inbound(MediaId media, Wire& wire) : media_{media}, wire_{wire} {}

    void configure(const Configure& order, Instant now);
    /// A datagram of the RTP port. Gives the packet where others may hear it.
    std::optional<Heard> take(const Endpoint& from, Bytes datagram, Instant received_at);
    /// Whether a payload type was agreed on.
    bool knows(std::uint8_t payload_type) const {
        const auto kind = meanings_[payload_type & 0x7f].kind;
        return kind == Kind::audio || kind == Kind::event;
    }
    void count_malformed() { ++statistics_.malformed; }
    void count_unauthentic() { ++statistics_.unauthentic; }
    void count_foreign() { ++statistics_.foreign_packets; }

    /// Which digits it sends is told to nobody.
    void mask_digits(bool on, Instant now);
    /// Whether that holds for a telephone event.
    bool hides(const Heard& event) const {
        return masks_ || masked_event_ == event.packet.header.timestamp;
    }

    /// When to look whether the party has fallen silent.
    Instant silence_due() const { return silence_due_; }
    void check_silence(Instant now);
    /// When a digit whose end was lost counts as over.
    Instant digit_due() const { return digits_.due(); }
    void expire_digit(Instant now);

    const SourceLock& lock() const { return lock_; }
    Reception& reception() { return reception_; }
    /// The party has sent comfort noise (RFC 3389), at any time.
    bool has_comfort_noise() const { return comfort_noise_; }
    Instant last_packet() const { return last_packet_; }
    /// The part of the statistics that is about what came in.
    Statistics statistics() const;

private:
    /// What a payload type means.
    enum class Kind : std::uint8_t { unknown, audio, event, comfort_noise };
    struct Meaning {
        Kind kind = Kind::unknown;
        Codec codec{};
    };

    bool passes(const Endpoint& from, const RtpHeader& header, Instant received_at);
    void note_sound(Instant received_at);
    void take_event(const Heard& heard);
    void take_audio(Codec codec, const Heard& heard);
    template <class Digits>
    void report(const Digits& digits, bool inband);

    MediaId media_;
    Wire& wire_;

    bool receives_ = false;
    std::array<Meaning, 128> meanings_{};
    std::uint32_t event_clock_ = 8000;

    SourceLock lock_;
    Reception reception_;
    std::uint32_t stream_ = 0;  // of reception_, that digits_ belongs to
    DigitReceiver digits_;
    bool masks_ = false;
    Instant masked_until_;                       // digits that began before are masked still
    std::optional<std::uint32_t> masked_event_;  // RTP timestamp of the last masked one
    std::unique_ptr<InbandDetector> detector_;   // none where nobody asked

    Instant last_packet_;
    Micros silence_limit_{};
    Instant silence_due_ = never;
    Instant listening_since_;
    bool silent_ = false;
    bool comfort_noise_ = false;

    Statistics statistics_;
};

}  // namespace holdfast::media
