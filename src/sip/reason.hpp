// sip/reason.hpp: why a peer ends or refuses a call (RFC 3326).
#pragma once
#include "base/ascii.hpp"
#include "sip/message.hpp"

#include <cstdint>

namespace holdfast::sip {

/// The Q.850 cause among the Reason values; 0 where there is none.
inline std::uint16_t q850_of(const Message& message) {
    for (const std::string_view value : message.values(Header::reason)) {
        const auto reason = parse_reason(value);
        if (reason && equal_nocase(reason->protocol, "Q.850")) return reason->cause;
    }
    return 0;
}

}  // namespace holdfast::sip
