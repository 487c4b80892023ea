// Equality of URIs (RFC 3261 19.1.4, RFC 3966 4).
#include "base/ascii.hpp"
#include "sip/uri.hpp"

#include <array>

namespace holdfast::sip {
namespace {

/// One character of a URI component. An escaped reserved character is not that character.
struct Unit {
    char c = 0;
    bool reserved_escape = false;
    friend bool operator==(const Unit&, const Unit&) = default;
};

Unit take_unit(std::string_view& text) {
    const char c = text.front();
    const int high = c == '%' && text.size() >= 3 ? hex_value(text[1]) : -1;
    const int low = high >= 0 ? hex_value(text[2]) : -1;
    text.remove_prefix(low >= 0 ? 3 : 1);
    if (low < 0) return {c, false};
    const char meant = static_cast<char>(high << 4 | low);
    constexpr std::string_view reserved = ";/?:@&=+$,";
    return {meant, reserved.find(meant) != reserved.npos};
}

bool same_text(std::string_view a, std::string_view b, bool ignore_case) {
    while (!a.empty() && !b.empty()) {
        auto x = take_unit(a);
        auto y = take_unit(b);
        if (ignore_case) x.c = to_lower(x.c), y.c = to_lower(y.c);
        if (x != y) return false;
    }
    return a.empty() && b.empty();
}

std::optional<std::string_view> find_decoded(std::string_view list, std::string_view name) {
    ParameterList parameters{list};
    while (parameters.next())
        if (same_text(parameters.name(), name, true)) return parameters.value();
    return std::nullopt;
}

/// What must be in both where it is in one, since its absence means something by itself.
bool matters_alone(const Uri& uri, std::string_view name) {
    constexpr std::array<std::string_view, 5> names{"user", "ttl", "method", "maddr", "transport"};
    if (uri.scheme == Uri::Scheme::tel) return true;  // RFC 3966 4: all of them
    for (const auto important : names)
        if (same_text(name, important, true)) return true;
    return false;
}

/// Of a parameter that stands twice, which it must not, the first counts.
bool parameters_agree(const Uri& a, const Uri& b) {
    ParameterList parameters{a.parameters};
    while (parameters.next()) {
        const auto name = parameters.name();
        const auto ours = find_decoded(a.parameters, name).value_or(std::string_view{});
        const auto theirs = find_decoded(b.parameters, name);
        if (theirs ? !same_text(ours, *theirs, true) : matters_alone(a, name)) return false;
    }
    return true;
}

struct UriHeader {
    std::string_view name, value;
};

UriHeader take_uri_header(std::string_view& list) {
    const auto one = list.substr(0, list.find('&'));
    list.remove_prefix(one.size() == list.size() ? one.size() : one.size() + 1);
    const auto equals = one.find('=');
    if (equals == one.npos) return {one, {}};
    return {one.substr(0, equals), one.substr(equals + 1)};
}

/// Every header of `a` stands in `b` too; the number of both is bounded by parse_uri.
bool headers_within(std::string_view a, std::string_view b) {
    while (!a.empty()) {
        const auto wanted = take_uri_header(a);
        bool found = false;
        for (auto rest = b; !rest.empty() && !found;) {
            const auto other = take_uri_header(rest);
            found = same_text(wanted.name, other.name, true) &&
                    same_text(wanted.value, other.value, false);
        }
        if (!found) return false;
    }
    return true;
}

bool same_host(const Uri& a, const Uri& b) {
    const auto x = a.host_address();
    const auto y = b.host_address();
    return x && y ? *x == *y : equal_nocase(a.host, b.host);
}

/// RFC 3966 4: visual separators mean nothing.
bool same_number(std::string_view a, std::string_view b) {
    const auto skip = [](std::string_view& text) {
        while (!text.empty() && std::string_view{"-.()"}.find(text.front()) != text.npos)
            text.remove_prefix(1);
    };
    for (;;) {
        skip(a), skip(b);
        if (a.empty() || b.empty()) return a.empty() && b.empty();
        if (to_lower(a.front()) != to_lower(b.front())) return false;
        a.remove_prefix(1), b.remove_prefix(1);
    }
}

}  // namespace

bool same_uri(const Uri& a, const Uri& b) {
    if (a.scheme != b.scheme) return false;
    if (a.scheme == Uri::Scheme::other) return a.text == b.text;
    if (!parameters_agree(a, b) || !parameters_agree(b, a)) return false;
    if (a.scheme == Uri::Scheme::tel) return same_number(a.user, b.user);
    // A port left out is not the same as 5060 written (RFC 3261 19.1.4).
    return same_text(a.user, b.user, false) && same_text(a.password, b.password, false) &&
           same_host(a, b) && a.port == b.port && headers_within(a.headers, b.headers) &&
           headers_within(b.headers, a.headers);
}

}  // namespace holdfast::sip
