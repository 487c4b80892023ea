#include "sip/response_route.hpp"

#include "base/ascii.hpp"
#include "sip/writer.hpp"

#include <fmt/format.h>

#include <iterator>

namespace holdfast::sip {
namespace {

constexpr std::uint16_t default_port(Transport transport) {
    return transport == Transport::tls ? 5061 : 5060;  // RFC 3261 19.1.2
}

std::uint16_t sent_by_port(const Via& via, Transport transport) {
    return via.port != 0 ? via.port : default_port(transport);
}

/// The text of a Via value without the parameters that the receiver fills in.
std::string without_receiver_parameters(std::string_view value, const Via& via) {
    std::string kept;
    kept.reserve(value.size() + 64);
    for_each_parameter(via.parameters, [&](std::string_view name, std::string_view) {
        if (!equal_nocase(name, "received") && !equal_nocase(name, "rport")) return true;
        const auto at = static_cast<std::size_t>(name.data() - value.data());
        kept += trim(value.substr(0, value.rfind(';', at)));
        const auto next = value.find(';', at);
        value = next == value.npos ? std::string_view{} : value.substr(next);
        return true;
    });
    kept += value;
    return kept;
}

/// RFC 3261 18.2.1: `received` where sent-by is not the address it came from. RFC 3581 4: whoever
/// asks for rport gets both.
std::string top_via(std::string_view value, const Via& via, const Hop& from) {
    std::string out = without_receiver_parameters(value, via);
    const auto sent_by = parse_address(via.host);
    const bool elsewhere = !sent_by || *sent_by != from.remote.address;
    if (via.rport || elsewhere) out += ";received=", out += text_of(from.remote.address).view();
    if (via.rport) fmt::format_to(std::back_inserter(out), ";rport={}", from.remote.port);
    return out;
}

}  // namespace

Hop response_hop(const Message& request, const Hop& from) {
    const Via& via = request.via();
    Hop hop = from;
    if (from.transport != Transport::udp) {
        hop.remote.port = sent_by_port(via, from.transport);  // 18.2.2: should the flow be gone
        return hop;
    }
    const auto maddr = via.maddr ? parse_address(*via.maddr) : std::unexpected{AddressFault{}};
    if (maddr) {
        hop.remote = {*maddr, sent_by_port(via, from.transport)};
    } else if (!via.rport) {
        hop.remote.port = sent_by_port(via, from.transport);
    }
    return hop;
}

void append_response_head(std::string& out, const Message& request, const Hop& from) {
    Writer writer{out};
    bool top = true;
    for (const std::string_view value : request.values(Header::via)) {
        writer.field(Header::via, top ? top_via(value, request.via(), from) : std::string{value});
        top = false;
    }
    for (const Header name : {Header::from, Header::call_id, Header::cseq})
        if (const auto value = request.first(name)) writer.field(name, *value);
    writer.field(Header::to, request.first(Header::to).value_or(std::string_view{}));
    out.resize(out.size() - 2);  // its line stays open for a tag
}

}  // namespace holdfast::sip
