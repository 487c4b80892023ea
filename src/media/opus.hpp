// media/opus.hpp: Opus (RFC 6716, RFC 7587), by libopus.
#pragma once
#include "media/codecs.hpp"

namespace holdfast::media {

/// One frame of ours, its TOC octet included: 10 ms at a constant 48 kbit/s, mono, wideband.
inline constexpr std::size_t opus_frame_bytes = 60;

std::unique_ptr<Encoder> make_opus_encoder();
std::unique_ptr<Decoder> make_opus_decoder();
std::unique_ptr<VoiceDecoder> make_opus_voice();

/// From the TOC octet; zero where the payload is no Opus packet.
Micros opus_duration(Bytes payload);

/// Packs frames of the same TOC and size into one packet (RFC 6716 3.2).
std::size_t join_opus(std::span<const Bytes> frames, ByteRoom room);

}  // namespace holdfast::media
