// sip/session_body.hpp: the session description in a message, and bodies we cannot take.
#pragma once
#include "sip/body.hpp"

#include <string_view>

namespace holdfast::sip {

/// The SDP of a message, also within a multipart body; empty where there is none.
inline std::string_view sdp_of(const Message& message) {
    return message.body().empty() ? std::string_view{} : find_body(message, "application/sdp");
}

/// Whether the body must be understood and cannot be (RFC 3261 8.2.3): neither SDP nor marked as
/// optional (20.11).
bool has_foreign_body(const Message& message);

}  // namespace holdfast::sip
