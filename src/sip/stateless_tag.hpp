// sip/stateless_tag.hpp: To tags of responses that leave nothing behind.
#pragma once
#include "sip/keyed_hash.hpp"
#include "sip/message.hpp"

#include <fmt/format.h>

#include <string>

namespace holdfast::sip {

/// RFC 3261 8.2.7: made from the request alone, so that every repetition gets the same, and its ACK
/// is known again.
inline std::string stateless_tag(const HashKey& key, const Message& request) {
    const auto seen = fmt::format("{}\n{}\n{}\n{}",
                                  request.via().branch,
                                  request.call_id(),
                                  request.from_tag(),
                                  request.cseq().number);
    return fmt::format("s{:016x}", keyed_hash(key, seen));
}

}  // namespace holdfast::sip
