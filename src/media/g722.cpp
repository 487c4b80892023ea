#include "media/g722.hpp"

#include "base/ensure.hpp"
#include "media/concealer.hpp"
#include "media/spandsp.hpp"

#include <algorithm>

namespace holdfast::media {
namespace {

constexpr int g722_bits_per_s = 64'000;

class G722Encoder final : public Encoder {
public:
    G722Encoder() { ensure(state_ != nullptr, "no memory for a G.722 encoder"); }
    void encode(Samples samples, ByteRoom frame) override {
        const int size = g722_encode(
            state_.get(), frame.data(), samples.data(), static_cast<int>(samples.size()));
        ensure(static_cast<std::size_t>(size) == frame.size(), "a G.722 frame of another size");
    }

private:
    Spandsp<g722_encode_state_t, g722_encode_free> state_{
        g722_encode_init(nullptr, g722_bits_per_s, 0)};
};

class G722Decoder final : public Decoder {
public:
    G722Decoder() { ensure(state_ != nullptr, "no memory for a G.722 decoder"); }
    std::size_t decode(Bytes payload, std::span<std::int16_t, most_decoded> out) override {
        const auto heard = payload.first(std::min(payload.size(), out.size()));
        const int samples =
            g722_decode(state_.get(), out.data(), heard.data(), static_cast<int>(heard.size()));
        return static_cast<std::size_t>(std::max(samples, 0));
    }

private:
    Spandsp<g722_decode_state_t, g722_decode_free> state_{
        g722_decode_init(nullptr, g722_bits_per_s, G722_SAMPLE_RATE_8000)};
};

class G722Voice final : public VoiceDecoder {
public:
    G722Voice() { ensure(state_ != nullptr, "no memory for a G.722 decoder"); }
    std::size_t decode(Bytes payload, std::span<std::int16_t, most_voice> out) override {
        const auto heard = payload.first(std::min(payload.size(), out.size() / 2));
        const int samples =
            g722_decode(state_.get(), out.data(), heard.data(), static_cast<int>(heard.size()));
        const auto count = static_cast<std::size_t>(std::max(samples, 0));
        concealer_.heard(out.first(count));
        return count;
    }
    void conceal(std::span<std::int16_t> frame) override { concealer_.fill(frame); }

private:
    Spandsp<g722_decode_state_t, g722_decode_free> state_{
        g722_decode_init(nullptr, g722_bits_per_s, 0)};
    Concealer concealer_;
};

}  // namespace

std::unique_ptr<Encoder> make_g722_encoder() {
    return std::make_unique<G722Encoder>();
}

std::unique_ptr<Decoder> make_g722_decoder() {
    return std::make_unique<G722Decoder>();
}

std::unique_ptr<VoiceDecoder> make_g722_voice() {
    return std::make_unique<G722Voice>();
}

}  // namespace holdfast::media
