// base/audio.hpp: the codecs that signalling and media both speak of.
#pragma once
#include <cstdint>
#include <string_view>

namespace holdfast {

enum class AudioCodec : std::uint8_t { pcma, pcmu, g722, opus };

/// The encoding name of RFC 3551 and RFC 7587, as in a rtpmap.
constexpr std::string_view text_of(AudioCodec codec) {
    switch (codec) {
        case AudioCodec::pcma:
            return "PCMA";
        case AudioCodec::pcmu:
            return "PCMU";
        case AudioCodec::g722:
            return "G722";
        case AudioCodec::opus:
            return "opus";
    }
    return {};
}

}  // namespace holdfast
