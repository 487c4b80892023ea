// sip/uri.hpp: SIP, SIPS and TEL URIs (RFC 3261 19.1, RFC 3966) as views into the message.
#pragma once
#include "base/address.hpp"
#include "sip/fault.hpp"

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace holdfast::sip {

/// One URI. All views point into the text it was read from; escapes (%41) are still there.
struct Uri {
    enum class Scheme : std::uint8_t { sip, sips, tel, other };
    Scheme scheme = Scheme::other;
    std::string_view text;  ///< The whole URI.
    std::string_view user;  ///< Before '@', without the password; for tel: the number.
    std::string_view password;
    std::string_view host;        ///< Name or address; an IPv6 address without its brackets.
    bool bracketed = false;       ///< The host stood in brackets.
    std::uint16_t port = 0;       ///< 0: none given.
    std::string_view parameters;  ///< Without the first ';'. "transport=tcp;lr"
    std::string_view headers;     ///< Without the '?'.

    /// The value of a parameter, empty where it has none; nothing where it is absent. Names ignore
    /// case.
    std::optional<std::string_view> parameter(std::string_view name) const;
    bool has_parameter(std::string_view name) const { return parameter(name).has_value(); }
    /// The host as an address, where it is one.
    std::optional<IpAddress> host_address() const;
};

/// Reads a whole URI. A scheme we do not know is `other`, not a fault. Linear in its length.
std::expected<Uri, Fault> parse_uri(std::string_view text);

/// RFC 3261 19.1.4: equal although escapes, case of host and order of parameters differ.
bool same_uri(const Uri& a, const Uri& b);

/// Without %-escapes. Malformed escapes stay as they are.
std::string unescape(std::string_view text);
/// Escapes what may not stand in the user part (RFC 3261 25.1).
std::string escape_user(std::string_view text);

/// Walks over a `;name=value;name2` list, as URIs and header fields carry them. Blanks around ';'
/// and '=' are passed over. Quoted values come without their quotes, escapes kept.
class ParameterList {
public:
    explicit ParameterList(std::string_view list) : rest_{list} {}

    /// The next one; false at the end of the list, and where it is malformed.
    bool next();
    std::string_view name() const { return name_; }
    std::string_view value() const { return value_; }  ///< Empty where it has none.
    bool has_value() const { return has_value_; }
    bool quoted() const { return quoted_; }
    /// Whether all that was passed was well formed.
    bool sound() const { return sound_; }

private:
    std::string_view rest_, name_, value_;
    bool has_value_ = false;
    bool quoted_ = false;
    bool sound_ = true;
};

/// Calls `see(name, value)` for each parameter until it returns false. False where the list is
/// malformed.
template <class See>
bool for_each_parameter(std::string_view list, See&& see) {
    ParameterList parameters{list};
    while (parameters.next())
        if (!see(parameters.name(), parameters.value())) return true;
    return parameters.sound();
}

/// The value of parameter `name` in such a list; quotes taken off, escapes kept.
std::optional<std::string_view> find_parameter(std::string_view list, std::string_view name);

}  // namespace holdfast::sip
