// How the user agent says no before any session or request is concerned.
#include "sip/core.hpp"
#include "sip/response_route.hpp"
#include "sip/stateless_tag.hpp"

#include <fmt/format.h>

namespace holdfast::sip {

void Core::respond_statelessly(int status,
                               std::string_view reason,
                               std::span<const ExtraHeader> extra) {
    if (!message.answerable()) return;  // ACK and what has no usable Via
    std::string bytes;
    Writer writer{bytes};
    writer.response(status, reason);
    append_response_head(bytes, message, from);
    // RFC 3261 8.2.7: the same tag for every repetition.
    if (message.to_tag().empty()) (bytes += ";tag=") += stateless_tag(tag_key, message);
    bytes += "\r\n";
    for (const ExtraHeader& header : extra)
        writer.field(header.name, header.value);
    writer.field(Header::server, settings.product).finish();
    outbox.add({response_hop(message, from), std::move(bytes), {}});
}

void Core::refuse(Fault fault) {
    count(fault);
    const auto refusal = refusal_of(fault);
    if (refusal.status != 0) respond_statelessly(refusal.status, refusal.reason);
}

void Core::refuse(Denial denial, std::initializer_list<ExtraHeader> extra) {
    count(denial);
    const auto status = row_of(denial).status;
    if (status != 0) respond_statelessly(status, {}, {extra.begin(), extra.size()});
}

void Core::refuse_overload() {
    refuse(Denial::overload, {{Header::retry_after, fmt::format("{}", 1 + random.below(5))}});
}

void Core::add_abilities(Writer& writer) const {
    writer.field(Header::allow, allow_text);
    writer.field(Header::accept, "application/sdp");
    writer.field(Header::supported, supported_text);
    writer.field(Header::server, settings.product);
}

void Core::respond(TransactionId id, int status, std::span<const ExtraHeader> extra) {
    if (transactions.find(id) == nullptr) return;
    Writer writer = transactions.begin(id, status);
    for (const ExtraHeader& header : extra)
        writer.field(header.name, header.value);
    if (status > 100) writer.field(Header::server, settings.product);
    writer.finish();
    transactions.commit(id);
}

void Core::respond_with_body(TransactionId id,
                             int status,
                             std::span<const ExtraHeader> extra,
                             std::string_view content_type,
                             std::string_view body) {
    const auto* transaction = transactions.find(id);
    if (transaction == nullptr) return;
    const bool tells = transaction->method == Method::options && status >= 200 && status < 300;
    Writer writer = transactions.begin(id, status);
    for (const ExtraHeader& header : extra)
        writer.field(header.name, header.value);
    if (tells)
        add_abilities(writer);
    else
        writer.field(Header::server, settings.product);
    writer.finish(content_type, body);
    transactions.commit(id);
}

}  // namespace holdfast::sip
