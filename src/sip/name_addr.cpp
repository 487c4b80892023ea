// `"Name" <uri>;params` (RFC 3261 20.10, 25.1).
#include "base/limits.hpp"
#include "sip/grammar.hpp"
#include "sip/parameters.hpp"
#include "sip/values.hpp"

namespace holdfast::sip {
namespace {

using grammar::Cursor;

/// The URI without angle brackets: it ends at the first ';', which then is the header field's. One
/// that contains ',' or '?' must stand in brackets (20.10).
std::expected<Uri, Fault> read_addr_spec(Cursor& at) {
    const char* const start = at.position();
    while (!at.done() && !at.sees(';') && !at.sees_any(grammar::blank)) {
        if (at.sees('?') || at.sees(',')) return std::unexpected{Fault::bad_uri};
        at.skip(1);
    }
    return parse_uri(at.since(start));
}

/// Moves behind the display name and the '<'; false where there is no bracket.
std::expected<bool, Fault> read_display(Cursor& at, NameAddr& out) {
    if (at.sees('"')) {
        const auto inside = at.quoted();
        if (!inside) return std::unexpected{Fault::bad_value};
        out.display = *inside;
        out.quoted = true;
        at.skip_blanks();
        if (!at.eat('<')) return std::unexpected{Fault::bad_value};
        return true;
    }
    const char* const start = at.position();
    const auto display = at.take(grammar::display);
    if (!at.eat('<')) {
        at.back_to(start);
        return false;
    }
    out.display = grammar::trimmed(display);
    return true;
}

}  // namespace

std::expected<NameAddr, Fault> parse_name_addr(std::string_view text) {
    NameAddr out;
    Cursor at{grammar::trimmed(text)};
    const auto bracket = read_display(at, out);
    if (!bracket) return std::unexpected{bracket.error()};
    if (*bracket) {
        const auto inside = at.until('>');
        if (!inside) return std::unexpected{Fault::bad_value};
        const auto uri = parse_uri(*inside);
        if (!uri) return std::unexpected{uri.error()};
        out.uri = *uri;
    } else {
        const auto uri = read_addr_spec(at);
        if (!uri) return std::unexpected{uri.error()};
        out.uri = *uri;
    }
    const auto parameters = read_parameters(at);
    if (!parameters) return std::unexpected{parameters.error()};
    out.parameters = *parameters;
    return out;
}

}  // namespace holdfast::sip
