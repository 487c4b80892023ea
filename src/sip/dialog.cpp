#include "sip/dialog.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace holdfast::sip {
namespace {

std::optional<std::string_view> contact_uri(const Message& message) {
    for (const std::string_view value : message.values(Header::contact)) {
        const auto contact = parse_name_addr(value);
        if (contact) return contact->uri.text;
    }
    return std::nullopt;
}

/// The URI of a Route value, and whether it is a loose router's.
struct RouteUri {
    std::string_view text;
    bool loose = true;
};
RouteUri route_uri(std::string_view value) {
    const auto route = parse_name_addr(value);
    if (!route) return {value, true};
    return {route->uri.text, route->uri.has_parameter("lr")};
}

void take_routes(Dialog& dialog, const Message& message) {
    dialog.route_set.clear();
    for (const std::string_view value : message.values(Header::record_route))
        dialog.route_set.emplace_back(value);
}

}  // namespace

void open_as_callee(Dialog& dialog, const Message& invite, std::string_view local_tag) {
    dialog.call_id = invite.call_id();
    dialog.local_tag = local_tag;
    dialog.remote_tag = invite.from_tag();  // 12.1.1: may be empty, as RFC 2543 had it
    dialog.local_party = invite.first(Header::to).value_or("");
    (dialog.local_party += ";tag=") += local_tag;
    dialog.remote_party = invite.first(Header::from).value_or("");
    take_routes(dialog, invite);
    dialog.remote_cseq = invite.cseq().number;
    dialog.is_caller = false;
    refresh_target(dialog, invite);
}

void open_as_caller(Dialog& dialog, const Message& response) {
    dialog.remote_tag = response.to_tag();
    dialog.remote_party = response.first(Header::to).value_or("");
    take_routes(dialog, response);
    std::ranges::reverse(dialog.route_set);
    refresh_target(dialog, response);
}

void refresh_target(Dialog& dialog, const Message& message) {
    if (const auto uri = contact_uri(message)) dialog.remote_target = *uri;
}

bool is_within(const Dialog& dialog, const Message& request) {
    return request.call_id() == dialog.call_id && request.to_tag() == dialog.local_tag &&
           request.from_tag() == dialog.remote_tag;
}

bool in_order(Dialog& dialog, std::uint32_t cseq) {
    if (cseq < dialog.remote_cseq) return false;
    dialog.remote_cseq = cseq;
    return true;
}

std::string_view next_hop_uri(const Dialog& dialog) {
    return dialog.route_set.empty() ? std::string_view{dialog.remote_target}
                                    : route_uri(dialog.route_set.front()).text;
}

Writer begin_request(std::string& out,
                     const Dialog& dialog,
                     Method method,
                     std::string_view via,
                     std::uint32_t cseq) {
    Writer writer{out};
    const auto& routes = dialog.route_set;
    const auto first = routes.empty() ? RouteUri{} : route_uri(routes.front());
    writer.request(method, first.loose ? std::string_view{dialog.remote_target} : first.text);
    writer.field(Header::via, via);
    for (std::size_t i = first.loose ? 0 : 1; i < routes.size(); ++i)
        writer.field(Header::route, routes[i]);
    // A strict router finds the remote target as the last route.
    if (!first.loose) writer.field(Header::route, fmt::format("<{}>", dialog.remote_target));
    writer.field(Header::max_forwards, 70);
    writer.field(Header::from, dialog.local_party).field(Header::to, dialog.remote_party);
    writer.field(Header::call_id, dialog.call_id);
    writer.field(Header::cseq, fmt::format("{} {}", cseq, text_of(method)));
    return writer;
}

}  // namespace holdfast::sip
