#include "sip/amend.hpp"

#include "sip/writer.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace holdfast::sip {
namespace {

constexpr bool made_anew(Header name) {
    return name == Header::via || name == Header::content_type || name == Header::content_length;
}

}  // namespace

void print_hop_by_hop(std::string& out,
                      const Message& request,
                      Method method,
                      std::string_view to,
                      std::string_view reason) {
    Writer writer{out};
    writer.request(method, request.request_uri_text());
    writer.field(Header::via, *request.values(Header::via).begin());
    writer.copy_all(request, Header::route);
    writer.field(Header::max_forwards, 70);
    writer.copy_all(request, Header::from).field(Header::to, to);
    writer.copy_all(request, Header::call_id);
    writer.field(Header::cseq, fmt::format("{} {}", request.cseq().number, text_of(method)));
    if (!reason.empty()) writer.field(Header::reason, reason);
    writer.finish();
}

void print_again(std::string& out,
                 const Message& request,
                 std::string_view via,
                 std::uint32_t cseq,
                 std::span<const ExtraHeader> replaced) {
    const auto is_replaced = [&](Header name) {
        return std::ranges::any_of(replaced, [&](const auto& extra) { return extra.name == name; });
    };
    Writer writer{out};
    writer.request(request.method_text(), request.request_uri_text());
    writer.field(Header::via, via);
    for (const HeaderField& field : request.fields()) {
        if (made_anew(field.name) || is_replaced(field.name)) continue;
        if (field.name == Header::cseq)
            writer.field(Header::cseq, fmt::format("{} {}", cseq, request.method_text()));
        else
            writer.copy(field);
    }
    for (const ExtraHeader& extra : replaced)
        writer.field(extra.name, extra.value);
    writer.finish(request.first(Header::content_type).value_or(""), request.body());
}

}  // namespace holdfast::sip
