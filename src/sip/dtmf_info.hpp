// sip/dtmf_info.hpp: digits in INFO bodies, as most desk phones and gateways write them.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace holdfast::sip {

struct InfoDigit {
    char digit = 0;  ///< 0-9, *, #, A-D.
    std::uint16_t duration_ms = 0;
};

/// application/dtmf-relay: lines `Signal=5` and `Duration=160`. Lines come in any order and end
/// with CR LF or LF; 10 and 11 mean * and #.
std::optional<InfoDigit> parse_dtmf_relay(std::string_view body);

/// application/dtmf: the digit alone.
std::optional<InfoDigit> parse_dtmf(std::string_view body);

}  // namespace holdfast::sip
