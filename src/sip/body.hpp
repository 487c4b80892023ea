// sip/body.hpp: finds the session description in a body, also within a multipart one.
#pragma once
#include "sip/message.hpp"

#include <string_view>

namespace holdfast::sip {

/// The SDP of a message: its whole body, or the first part of that type in a multipart body (RFC
/// 5621 3; two levels deep). Empty where there is none.
std::string_view sdp_of(const Message& message);

/// Whether the body must be understood and cannot be (RFC 3261 8.2.3): neither SDP nor marked as
/// optional.
bool has_foreign_body(const Message& message);

}  // namespace holdfast::sip
