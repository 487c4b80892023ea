// base/srtp.hpp: what signalling and media both say of SRTP (RFC 3711, RFC 4568).
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace holdfast {

/// The tag behind each RTP packet has 80 or 32 bits.
enum class SrtpSuite : std::uint8_t { aes_cm_128_hmac_sha1_80, aes_cm_128_hmac_sha1_32 };

/// As in a=crypto (RFC 4568 6.2).
constexpr std::string_view text_of(SrtpSuite suite) {
    return suite == SrtpSuite::aes_cm_128_hmac_sha1_80 ? "AES_CM_128_HMAC_SHA1_80"
                                                       : "AES_CM_128_HMAC_SHA1_32";
}

/// Master key of 16 octets and master salt of 14, for one direction (RFC 4568 6.1).
inline constexpr std::size_t srtp_key_bytes = 30;
using SrtpKey = std::array<std::uint8_t, srtp_key_bytes>;

}  // namespace holdfast
