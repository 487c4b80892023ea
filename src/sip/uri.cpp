#include "sip/uri.hpp"

#include "base/ascii.hpp"
#include "base/limits.hpp"
#include "sip/grammar.hpp"

namespace holdfast::sip {
namespace {

using grammar::Cursor;

/// `;name=value` of a URI: no blanks, no quotes. The cursor stands behind the first ';'.
std::optional<Fault> read_uri_parameters(Cursor& at, std::string_view& parameters) {
    const char* const start = at.position();
    std::size_t count = 0;
    do {
        if (++count > limits::parameters) return Fault::too_many_parameters;
        if (at.take_escaped(grammar::parameter).empty()) return Fault::bad_uri;
        if (at.eat('=') && at.take_escaped(grammar::parameter).empty()) return Fault::bad_uri;
    } while (at.eat(';'));
    parameters = at.since(start);
    return std::nullopt;
}

/// `?name=value&name=value`. The cursor stands behind the '?'.
std::optional<Fault> read_uri_headers(Cursor& at, std::string_view& headers) {
    const char* const start = at.position();
    std::size_t count = 0;
    do {
        if (++count > limits::parameters) return Fault::too_many_parameters;
        if (at.take_escaped(grammar::hname).empty() || !at.eat('=')) return Fault::bad_uri;
        at.take_escaped(grammar::hname);
    } while (at.eat('&'));
    headers = at.since(start);
    return std::nullopt;
}

/// RFC 3261 19.1.1. '@' may stand nowhere but behind the user, so that the first one ends it,
/// although ';' and '?' may stand in a user.
bool read_user(Cursor& at, Uri& uri) {
    if (at.rest().find('@') == std::string_view::npos) return true;
    uri.user = at.take_escaped(grammar::user);
    if (uri.user.empty()) return false;
    if (at.eat(':')) uri.password = at.take_escaped(grammar::password);
    return at.eat('@');
}

bool read_host_port(Cursor& at, Uri& uri) {
    const auto host = grammar::take_host(at);
    if (!host) return false;
    uri.host = host->host;
    uri.bracketed = host->bracketed;
    if (!at.eat(':')) return true;
    const auto port = grammar::number(at.take(grammar::digit), 65535);
    uri.port = static_cast<std::uint16_t>(port.value_or(0));
    return port.has_value();
}

std::optional<Fault> read_sip(Cursor at, Uri& uri) {
    if (!read_user(at, uri) || !read_host_port(at, uri)) return Fault::bad_uri;
    if (at.eat(';'))
        if (const auto fault = read_uri_parameters(at, uri.parameters)) return fault;
    if (at.eat('?'))
        if (const auto fault = read_uri_headers(at, uri.headers)) return fault;
    return at.done() ? std::nullopt : std::optional{Fault::bad_uri};
}

/// RFC 3966 3: a number with a '+', or a local one. Its phone-context, which the grammar wants, is
/// not insisted on: PBXs leave it out.
std::optional<Fault> read_tel(Cursor at, Uri& uri) {
    const char* const start = at.position();
    at.eat('+');
    const auto number = at.take(grammar::phone);
    if (number.find_first_of("0123456789*#abcdefABCDEF") == number.npos) return Fault::bad_uri;
    uri.user = at.since(start);
    if (at.eat(';'))
        if (const auto fault = read_uri_parameters(at, uri.parameters)) return fault;
    return at.done() ? std::nullopt : std::optional{Fault::bad_uri};
}

std::optional<Fault> read_opaque(Cursor at) {
    return at.take_escaped(grammar::opaque).empty() || !at.done() ? std::optional{Fault::bad_uri}
                                                                  : std::nullopt;
}

bool is_scheme(std::string_view text) {
    if (text.empty() || !is_alpha(text.front())) return false;
    for (const char c : text)
        if (!is_alnum(c) && c != '+' && c != '-' && c != '.') return false;
    return true;
}

}  // namespace

std::optional<std::string_view> Uri::parameter(std::string_view name) const {
    return find_parameter(parameters, name);
}

std::optional<IpAddress> Uri::host_address() const {
    return grammar::read_address(host);
}

std::expected<Uri, Fault> parse_uri(std::string_view text) {
    Uri uri;
    uri.text = text;
    Cursor at{text};
    // No scheme is long: a text without a colon is not searched to its end.
    const auto colon = text.substr(0, 64).find(':');
    if (colon == text.npos) return std::unexpected{Fault::bad_uri};
    const auto scheme = text.substr(0, colon);
    at.skip(colon + 1);
    std::optional<Fault> fault;
    if (equal_nocase(scheme, "sip")) {
        uri.scheme = Uri::Scheme::sip;
        fault = read_sip(at, uri);
    } else if (equal_nocase(scheme, "sips")) {
        uri.scheme = Uri::Scheme::sips;
        fault = read_sip(at, uri);
    } else if (equal_nocase(scheme, "tel")) {
        uri.scheme = Uri::Scheme::tel;
        fault = read_tel(at, uri);
    } else {
        fault = is_scheme(scheme) ? read_opaque(at) : std::optional{Fault::bad_uri};
    }
    if (fault) return std::unexpected{*fault};
    return uri;
}

bool ParameterList::next() {
    using grammar::Cursor;
    if (rest_.empty() || !sound_) return false;
    Cursor at{rest_};
    at.skip_blanks();
    name_ = at.take_escaped(grammar::token | grammar::parameter);
    sound_ = !name_.empty();
    has_value_ = at.eat_spaced('=');
    value_ = {};
    quoted_ = has_value_ && at.sees('"');
    if (quoted_) {
        const auto inside = at.quoted();
        sound_ = sound_ && inside.has_value();
        if (inside) value_ = *inside;
    } else if (has_value_) {
        value_ = at.take(grammar::bare);
        sound_ = sound_ && !value_.empty();
    }
    at.skip_blanks();
    if (!at.done()) sound_ = sound_ && at.eat(';') && !at.done();
    rest_ = at.rest();
    return sound_;
}

std::optional<std::string_view> find_parameter(std::string_view list, std::string_view name) {
    ParameterList parameters{list};
    while (parameters.next())
        if (equal_nocase(parameters.name(), name)) return parameters.value();
    return std::nullopt;
}

std::string unescape(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int high = text[i] == '%' && i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
        const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
        if (low < 0) {
            out += text[i];
            continue;
        }
        out += static_cast<char>(high << 4 | low);
        i += 2;
    }
    return out;
}

std::string escape_user(std::string_view text) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        if (grammar::is(c, grammar::user) && c != '#') {
            out += c;
            continue;
        }
        const auto byte = static_cast<std::uint8_t>(c);
        out += '%';
        out += hex[byte >> 4];
        out += hex[byte & 0xf];
    }
    return out;
}

}  // namespace holdfast::sip
