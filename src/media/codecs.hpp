// media/codecs.hpp: the registry of codecs. One row says all that the rest of the room knows about
// a codec; a new one is a new row, its encoder and its decoder.
#pragma once
#include "base/time.hpp"
#include "media/bytes.hpp"
#include "media/orders.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace holdfast::media {

/// What all encoders take at once; every packet time is a multiple.
inline constexpr Micros frame_time = 10ms;
inline constexpr std::size_t most_frames = 6;        // of a packet: 60 ms
inline constexpr std::size_t most_frame_bytes = 80;  // of every codec
inline constexpr std::size_t most_frame_samples = 160;

/// What decoders give: enough to find digits. 120 ms, the longest Opus packet.
inline constexpr std::uint32_t decoded_rate = 8000;
inline constexpr std::size_t most_decoded = 960;

using Samples = std::span<const std::int16_t>;

/// Mono samples at the codec's rate to frames of constant size. Keeps state between frames.
class Encoder {
public:
    Encoder() = default;
    Encoder(const Encoder&) = delete;
    Encoder& operator=(const Encoder&) = delete;
    virtual ~Encoder() = default;
    /// `samples` of one frame time into `frame`, both exactly of the codec's size.
    virtual void encode(Samples samples, ByteRoom frame) = 0;
};

class Decoder {
public:
    Decoder() = default;
    Decoder(const Decoder&) = delete;
    Decoder& operator=(const Decoder&) = delete;
    virtual ~Decoder() = default;
    /// Samples at `decoded_rate`; returns how many. What cannot be decoded gives none.
    virtual std::size_t decode(Bytes payload, std::span<std::int16_t, most_decoded> out) = 0;
};

/// The samples of the longest packet in any codec: 1,500 octets of G.722.
inline constexpr std::size_t most_voice = 2 * most_packet_bytes;

/// A party's voice as it comes, at the codec's sample rate; what was lost is made up.
class VoiceDecoder {
public:
    VoiceDecoder() = default;
    VoiceDecoder(const VoiceDecoder&) = delete;
    VoiceDecoder& operator=(const VoiceDecoder&) = delete;
    virtual ~VoiceDecoder() = default;
    /// Returns how many samples; what cannot be decoded gives none.
    virtual std::size_t decode(Bytes payload, std::span<std::int16_t, most_voice> out) = 0;
    /// A frame time of what was lost: it sounds as what came before, and fades.
    virtual void conceal(std::span<std::int16_t> frame) = 0;
};

struct CodecFacts {
    Codec codec{};
    std::uint32_t clock = 8000;        ///< Of RTP timestamps, in Hz.
    std::uint32_t sample_rate = 8000;  ///< Of what the encoder takes.
    std::size_t frame_bytes = 0;
    /// A decoder that has heard something else writes the first frames too loud; after so many of
    /// silence it does not.
    std::size_t settling_frames = 0;
    std::unique_ptr<Encoder> (*make_encoder)() = nullptr;
    std::unique_ptr<Decoder> (*make_decoder)() = nullptr;
    std::unique_ptr<VoiceDecoder> (*make_voice)() = nullptr;
    /// How long a payload sounds; zero where it is none.
    Micros (*duration)(Bytes payload) = nullptr;
    /// Makes one payload of 1 to `most_frames` frames; returns its octets, 0 where `room` is too
    /// small.
    std::size_t (*join)(std::span<const Bytes> frames, ByteRoom room) = nullptr;

    constexpr std::size_t frame_samples() const { return sample_rate / 100; }
};

const CodecFacts& facts_of(Codec codec);

}  // namespace holdfast::media
