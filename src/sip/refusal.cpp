#include "sip/refusal.hpp"

#include "sip/writer.hpp"

namespace holdfast::sip {

Refusal refusal_for(const Message& message, Fault fault) {
    return message.answerable() ? refusal_of(fault) : Refusal{};
}

void print_refusal(std::string& out,
                   const Message& request,
                   const Refusal& refusal,
                   std::string_view to_tag,
                   std::string_view server) {
    if (refusal.status == 0) return;
    Writer writer{out};
    writer.response(refusal.status, refusal.reason);
    writer.copy_all(request, Header::via).copy_all(request, Header::from);
    if (const auto to = request.first(Header::to)) {
        std::string value{*to};
        // A malformed To may have a tag that could not be read: adding one does no harm.
        if (request.to_tag().empty() && !to_tag.empty()) value.append(";tag=").append(to_tag);
        writer.field(Header::to, value);
    }
    writer.copy_all(request, Header::call_id).copy_all(request, Header::cseq);
    if (!server.empty()) writer.field(Header::server, server);
    writer.finish();
}

}  // namespace holdfast::sip
