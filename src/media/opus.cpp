#include "media/opus.hpp"

#include "base/ensure.hpp"

#include <opus/opus.h>

#include <algorithm>

namespace holdfast::media {
namespace {

constexpr int encoder_rate = 16'000;
constexpr int opus_bits_per_s = 48'000;

struct OpusRelease {
    void operator()(OpusEncoder* encoder) const { opus_encoder_destroy(encoder); }
    void operator()(OpusDecoder* decoder) const { opus_decoder_destroy(decoder); }
};

class LibopusEncoder final : public Encoder {
public:
    LibopusEncoder() {
        int fault = OPUS_OK;
        // This mode never changes the TOC, so that any frames of ours can share a packet.
        encoder_.reset(
            opus_encoder_create(encoder_rate, 1, OPUS_APPLICATION_RESTRICTED_LOWDELAY, &fault));
        ensure(fault == OPUS_OK, "no Opus encoder");
        const bool set =
            opus_encoder_ctl(encoder_.get(), OPUS_SET_BITRATE(opus_bits_per_s)) == OPUS_OK &&
            opus_encoder_ctl(encoder_.get(), OPUS_SET_VBR(0)) == OPUS_OK &&
            opus_encoder_ctl(encoder_.get(), OPUS_SET_BANDWIDTH(OPUS_BANDWIDTH_WIDEBAND)) ==
                OPUS_OK;
        ensure(set, "libopus refused its settings");
    }
    void encode(Samples samples, ByteRoom frame) override {
        const int size = opus_encode(encoder_.get(),
                                     samples.data(),
                                     static_cast<int>(samples.size()),
                                     frame.data(),
                                     static_cast<opus_int32>(frame.size()));
        ensure(static_cast<std::size_t>(size) == frame.size(), "an Opus frame of another size");
    }

private:
    std::unique_ptr<OpusEncoder, OpusRelease> encoder_;
};

class LibopusDecoder final : public Decoder {
public:
    LibopusDecoder() {
        int fault = OPUS_OK;
        decoder_.reset(opus_decoder_create(static_cast<int>(decoded_rate), 1, &fault));
        ensure(fault == OPUS_OK, "no Opus decoder");
    }
    std::size_t decode(Bytes payload, std::span<std::int16_t, most_decoded> out) override {
        if (payload.empty()) return 0;
        const int samples = opus_decode(decoder_.get(),
                                        payload.data(),
                                        static_cast<opus_int32>(payload.size()),
                                        out.data(),
                                        static_cast<int>(out.size()),
                                        0);
        return static_cast<std::size_t>(std::max(samples, 0));
    }

private:
    std::unique_ptr<OpusDecoder, OpusRelease> decoder_;
};

class OpusVoice final : public VoiceDecoder {
public:
    OpusVoice() {
        int fault = OPUS_OK;
        decoder_.reset(opus_decoder_create(encoder_rate, 1, &fault));
        ensure(fault == OPUS_OK, "no Opus decoder");
    }
    std::size_t decode(Bytes payload, std::span<std::int16_t, most_voice> out) override {
        return payload.empty() ? 0 : run(payload.data(), payload.size(), out);
    }
    void conceal(std::span<std::int16_t> frame) override {
        const std::size_t made = run(nullptr, 0, frame);  // RFC 6716 4.4
        std::fill(frame.begin() + static_cast<std::ptrdiff_t>(made), frame.end(), std::int16_t{});
    }

private:
    std::size_t run(const std::uint8_t* data, std::size_t size, std::span<std::int16_t> out) {
        const int samples = opus_decode(decoder_.get(),
                                        data,
                                        static_cast<opus_int32>(size),
                                        out.data(),
                                        static_cast<int>(out.size()),
                                        0);
        return static_cast<std::size_t>(std::max(samples, 0));
    }
    std::unique_ptr<OpusDecoder, OpusRelease> decoder_;
};

}  // namespace

std::unique_ptr<Encoder> make_opus_encoder() {
    return std::make_unique<LibopusEncoder>();
}

std::unique_ptr<Decoder> make_opus_decoder() {
    return std::make_unique<LibopusDecoder>();
}

std::unique_ptr<VoiceDecoder> make_opus_voice() {
    return std::make_unique<OpusVoice>();
}

Micros opus_duration(Bytes payload) {
    if (payload.empty()) return {};
    constexpr int clock = 48'000;
    const int samples =
        opus_packet_get_nb_samples(payload.data(), static_cast<opus_int32>(payload.size()), clock);
    return samples > 0 ? Micros{std::int64_t{samples} * 1'000'000 / clock} : Micros{};
}

std::size_t join_opus(std::span<const Bytes> frames, ByteRoom room) {
    const bool counted = frames.size() > 2;
    const std::size_t head = counted ? 2 : 1;
    const std::size_t body = frames.front().size() - 1;
    if (room.size() < head + frames.size() * body) return 0;
    // RFC 6716 3.1: the low two bits say one frame, two of one size, or a count in the next octet.
    const std::size_t code = counted ? 3 : frames.size() - 1;
    room[0] = static_cast<std::uint8_t>((frames.front()[0] & 0xfc) | code);
    if (counted) room[1] = static_cast<std::uint8_t>(frames.size());  // constant rate, no padding
    std::size_t at = head;
    for (const Bytes frame : frames) {
        ensure(frame.size() == body + 1, "Opus frames of different size in one packet");
        std::copy(frame.begin() + 1, frame.end(), room.begin() + static_cast<std::ptrdiff_t>(at));
        at += body;
    }
    return at;
}

}  // namespace holdfast::media
