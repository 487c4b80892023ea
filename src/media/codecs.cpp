#include "media/codecs.hpp"

#include "base/ensure.hpp"
#include "base/enum_text.hpp"
#include "media/concealer.hpp"
#include "media/g711.hpp"
#include "media/g722.hpp"
#include "media/opus.hpp"

#include <algorithm>
#include <array>

namespace holdfast::media {
namespace {

using Compress = std::uint8_t (*)(std::int16_t);
using Table = std::array<std::int16_t, 256>;

template <Compress compress>
class G711Encoder final : public Encoder {
public:
    void encode(Samples samples, ByteRoom frame) override {
        std::transform(samples.begin(), samples.end(), frame.begin(), compress);
    }
};

template <const Table& table>
class G711Decoder final : public Decoder {
public:
    std::size_t decode(Bytes payload, std::span<std::int16_t, most_decoded> out) override {
        const auto heard = payload.first(std::min(payload.size(), out.size()));
        std::transform(heard.begin(), heard.end(), out.begin(), [](std::uint8_t octet) {
            return table[octet];
        });
        return heard.size();
    }
};

template <const Table& table>
class G711Voice final : public VoiceDecoder {
public:
    std::size_t decode(Bytes payload, std::span<std::int16_t, most_voice> out) override {
        const auto heard = payload.first(std::min(payload.size(), out.size()));
        std::transform(heard.begin(), heard.end(), out.begin(), [](std::uint8_t octet) {
            return table[octet];
        });
        concealer_.heard(out.first(heard.size()));
        return heard.size();
    }
    void conceal(std::span<std::int16_t> frame) override { concealer_.fill(frame); }

private:
    Concealer concealer_;
};

template <class Made, class As>
std::unique_ptr<As> make() {
    return std::make_unique<Made>();
}

/// G.711 and G.722 alike: an octet is 125 us (RFC 3551 4.5.14 and 4.5.2).
Micros octets_time(Bytes payload) {
    return Micros{static_cast<std::int64_t>(payload.size()) * 125};
}

/// Codecs whose frames stand one behind the other.
std::size_t join_plain(std::span<const Bytes> frames, ByteRoom room) {
    std::size_t size = 0;
    for (const Bytes frame : frames) {
        if (room.size() - size < frame.size()) return 0;
        std::copy(frame.begin(), frame.end(), room.begin() + static_cast<std::ptrdiff_t>(size));
        size += frame.size();
    }
    return size;
}

// RFC 3551 4.5.2: the RTP clock of G.722 is 8,000 Hz although it samples at 16,000; RFC 7587 4.1:
// that of Opus is 48,000 Hz whatever it samples at.
constexpr std::array<CodecFacts, enum_count<Codec>> registry{{
    {.codec = Codec::pcma,
     .clock = 8000,
     .sample_rate = 8000,
     .frame_bytes = 80,
     .make_encoder = make<G711Encoder<g711::to_alaw>, Encoder>,
     .make_decoder = make<G711Decoder<g711::alaw_table>, Decoder>,
     .make_voice = make<G711Voice<g711::alaw_table>, VoiceDecoder>,
     .duration = octets_time,
     .join = join_plain},
    {.codec = Codec::pcmu,
     .clock = 8000,
     .sample_rate = 8000,
     .frame_bytes = 80,
     .make_encoder = make<G711Encoder<g711::to_ulaw>, Encoder>,
     .make_decoder = make<G711Decoder<g711::ulaw_table>, Decoder>,
     .make_voice = make<G711Voice<g711::ulaw_table>, VoiceDecoder>,
     .duration = octets_time,
     .join = join_plain},
    {.codec = Codec::g722,
     .clock = 8000,
     .sample_rate = 16'000,
     .frame_bytes = 80,
     .settling_frames = 5,  // the step of its quantizer halves in 9 ms of silence at the least
     .make_encoder = make_g722_encoder,
     .make_decoder = make_g722_decoder,
     .make_voice = make_g722_voice,
     .duration = octets_time,
     .join = join_plain},
    {.codec = Codec::opus,
     .clock = 48'000,
     .sample_rate = 16'000,
     .frame_bytes = opus_frame_bytes,
     .make_encoder = make_opus_encoder,
     .make_decoder = make_opus_decoder,
     .make_voice = make_opus_voice,
     .duration = opus_duration,
     .join = join_opus},
}};

static_assert([] {
    for (std::size_t i = 0; i < registry.size(); ++i)
        if (static_cast<std::size_t>(registry[i].codec) != i ||
            registry[i].frame_bytes > most_frame_bytes)
            return false;
    return true;
}());

}  // namespace

const CodecFacts& facts_of(Codec codec) {
    return registry[static_cast<std::size_t>(codec)];
}

}  // namespace holdfast::media
