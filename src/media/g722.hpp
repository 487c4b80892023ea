// media/g722.hpp: ITU-T G.722 at 64 kbit/s, by spandsp.
#pragma once
#include "media/codecs.hpp"

namespace holdfast::media {

std::unique_ptr<Encoder> make_g722_encoder();
std::unique_ptr<Decoder> make_g722_decoder();
std::unique_ptr<VoiceDecoder> make_g722_voice();

}  // namespace holdfast::media
