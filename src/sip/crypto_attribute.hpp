// sip/crypto_attribute.hpp: a=crypto (RFC 4568): the keys of SRTP within SDP.
#pragma once
#include "base/srtp.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace holdfast::sip {

/// Keys are kept as they stand in SDP, "inline:" and 40 letters of base64, wherever they are
/// stored: so that one search finds, and hides, every one of them.
struct CryptoAttribute {
    std::uint32_t tag = 0;
    SrtpSuite suite{};
    std::string_view key;
};

/// The value behind "a=crypto:"; none where suite, key method, MKI or a session parameter is one
/// that we do not serve.
std::optional<CryptoAttribute> parse_crypto(std::string_view value);

/// "inline:..." and back; none where it is no key of 30 octets.
std::string crypto_text(const SrtpKey& key);
std::optional<SrtpKey> crypto_key(std::string_view text);

}  // namespace holdfast::sip
