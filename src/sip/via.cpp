// Via (RFC 3261 20.42, RFC 3581).
#include "sip/via.hpp"

#include "base/ascii.hpp"
#include "sip/grammar.hpp"
#include "sip/parameters.hpp"

#include <array>

namespace holdfast::sip {
namespace {

using grammar::Cursor;

/// `SIP / 2.0 / UDP host : port`. Any protocol and version are read: an answer to a request of
/// another version needs its Via (RFC 4475 3.1.2.16).
bool read_sent_by(Cursor& at, Via& via) {
    const auto protocol = at.take(grammar::token);
    if (protocol.empty() || !at.eat_spaced('/')) return false;
    if (at.take(grammar::token).empty() || !at.eat_spaced('/')) return false;
    via.transport = at.take(grammar::token);
    if (via.transport.empty() || !at.sees_any(grammar::blank)) return false;
    at.skip_blanks();
    const auto host = grammar::take_host(at);
    if (!host) return false;
    via.host = host->host;
    const char* const behind = at.position();
    if (!at.eat_spaced(':')) {
        at.back_to(behind);
        return true;
    }
    const auto port = grammar::number(at.take(grammar::digit), 65535);
    if (!port) return false;
    via.port = static_cast<std::uint16_t>(*port);
    return true;
}

/// An IPv6 address may come with brackets or without (RFC 5118 4.5).
std::string_view without_brackets(std::string_view host) {
    return host.size() > 2 && host.front() == '[' && host.back() == ']'
               ? host.substr(1, host.size() - 2)
               : host;
}

}  // namespace

std::string_view text_of(Transport transport) {
    constexpr std::array<std::string_view, 3> names{"UDP", "TCP", "TLS"};
    return names[static_cast<std::size_t>(transport)];
}

ViaReading read_via(std::string_view text) {
    ViaReading out;
    Cursor at{grammar::trimmed(text)};
    out.fault = Fault::bad_via;
    out.routable = read_sent_by(at, out.via);
    if (!out.routable) return out;
    const auto parameters = read_parameters(at);
    if (!parameters) {
        if (parameters.error() == Fault::too_many_parameters) out.fault = parameters.error();
        return out;
    }
    out.via.parameters = *parameters;
    for_each_parameter(*parameters, [&](std::string_view name, std::string_view value) {
        if (equal_nocase(name, "branch")) out.via.branch = value;
        if (equal_nocase(name, "received")) out.via.received = without_brackets(value);
        if (equal_nocase(name, "rport")) out.via.rport = value;
        if (equal_nocase(name, "maddr")) out.via.maddr = without_brackets(value);
        return true;
    });
    const bool rport_sound = !out.via.rport || out.via.rport->empty() ||
                             grammar::number(*out.via.rport, 65535).has_value();
    if (rport_sound) out.fault.reset();
    return out;
}

std::expected<Via, Fault> parse_via(std::string_view text) {
    const auto reading = read_via(text);
    if (reading.fault) return std::unexpected{*reading.fault};
    return reading.via;
}

}  // namespace holdfast::sip
