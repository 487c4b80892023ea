// sip/method.hpp: request methods (RFC 3261 and its extensions).
#pragma once
#include <cstdint>
#include <string_view>

namespace holdfast::sip {

enum class Method : std::uint8_t {
    invite,
    ack,
    bye,
    cancel,
    options,
    register_,  // NOLINT(readability-identifier-naming): a keyword without the underscore
    prack,
    update,
    info,
    subscribe,
    notify,
    refer,
    message,
    publish,
    unknown
};

/// "INVITE"; "UNKNOWN" for unknown, whose spelling the message keeps.
std::string_view text_of(Method method);

/// Methods are case-sensitive (RFC 3261 7.1); anything else is `unknown`.
Method method_of(std::string_view text);

}  // namespace holdfast::sip
