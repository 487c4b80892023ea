// sip/body.hpp: the part of a body that is of one media type. Trunks wrap session descriptions in
// multipart bodies together with ISUP, locations or recording metadata (RFC 2046 5.1, RFC 5621).
#pragma once
#include "sip/message.hpp"

#include <string_view>

namespace holdfast::sip {

/// Multipart bodies within multipart bodies are looked into, but not within those.
inline constexpr int most_multipart_depth = 2;

/// The body itself where it is of that media type ("application/sdp"), else its first such part;
/// empty where there is none. A view into the message. Linear in the body.
std::string_view find_body(const Message& message, std::string_view media_type);

}  // namespace holdfast::sip
