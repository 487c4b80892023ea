// Requests of ours outside INVITE sessions, and the outcome of all requests of ours.
#include "sip/fork.hpp"
#include "sip/intake.hpp"
#include "sip/session_room.hpp"
#include "sip/token.hpp"

#include <fmt/format.h>

namespace holdfast::sip {
namespace {

void print_request(Core& core,
                   std::string& bytes,
                   const RequestOrder& order,
                   std::string_view branch) {
    const auto tag = order.from_tag.empty() ? random_token(core.random) : order.from_tag;
    const auto call_id = order.call_id.empty() ? random_token(core.random, 4) : order.call_id;
    const auto cseq = order.cseq != 0 ? order.cseq : 1 + core.random.below(1000);
    Writer writer{bytes};
    writer.request(order.method, order.request_uri);
    writer.field(Header::via, core.via(order.target, branch));
    for (const auto& route : order.route)
        writer.field(Header::route, route);
    writer.field(Header::max_forwards, 70);
    writer.field(Header::from, name_addr(order.from_display, order.from_uri, tag));
    writer.field(Header::to, name_addr({}, order.to_uri, order.to_tag));
    writer.field(Header::call_id, call_id);
    writer.field(Header::cseq, fmt::format("{} {}", cseq, text_of(order.method)));
    if (!order.contact.empty()) writer.field(Header::contact, order.contact);
    writer.field(Header::user_agent, core.settings.product);
    for (const auto& extra : order.extra)
        writer.field(extra.name, extra.value);
    writer.finish(order.content_type, order.body);
}

/// The CSeq of a request that answers a challenge: the next one of its dialog, or of its series.
std::uint32_t next_cseq(Core& core, const PendingRequest& pending) {
    if (auto* session = core.sessions.find(pending.session)) return ++session->dialog.local_cseq;
    return core.message.cseq().number + 1;
}

void end_request(Core& core, RequestId id, int status, const Message* message) {
    core.requests.give_back(id);
    core.tell(RequestAnswered{id, status, message});
}

void request_response(Core& core, ClientId client, RequestId id) {
    const int status = core.message.status();
    const auto* pending = core.requests.find(id);
    if (status < 200 || pending == nullptr) return;
    const auto* sent = core.transactions.find(client);
    const bool asked = status == 401 || status == 407;
    if (asked && sent != nullptr && !pending->credentials.realm.empty() &&
        core.answer_challenge(*sent, pending->credentials, next_cseq(core, *pending)))
        return;
    end_request(core, id, status, &core.message);
}

int failure_status(ClientNews::What what) {
    return what == ClientNews::What::timed_out ? 408 : 503;  // RFC 3261 8.1.3.1
}

}  // namespace

RequestId send_request(Core& core, const RequestOrder& order) {
    if (core.requests.full()) return {};
    const auto branch = core.transactions.new_branch();
    Transmit request{order.target, {}, order.tls_name};
    print_request(core, request.bytes, order, branch);
    const RequestId id = core.requests.take();
    core.requests.find(id)->credentials = order.credentials;
    const Owner owner{Purpose::request, id.value, 0};
    if (core.transactions.send(order.method, branch, std::move(request), owner)) return id;
    core.requests.give_back(id);
    return {};
}

void take_news(Core& core, const ClientNews& news) {
    const auto* transaction = core.transactions.find(news.client);
    if (transaction == nullptr || news.what == ClientNews::What::nothing) return;
    const Owner owner = transaction->owner;
    const bool answered = news.what == ClientNews::What::response;
    if (owner.purpose == Purpose::request) {
        const RequestId id{owner.id};
        if (answered)
            request_response(core, news.client, id);
        else if (core.requests.find(id) != nullptr)
            end_request(core, id, failure_status(news.what), nullptr);
        return;
    }
    const SessionId id{owner.id};
    auto* session = core.sessions.find(id);
    if (session == nullptr || session->is_over()) {
        // 13.2.2.4: a 2xx of yet another fork, when its session is over.
        const bool late = answered && owner.purpose == Purpose::invite &&
                          core.message.status() >= 200 && core.message.status() < 300;
        if (late) end_fork(core, news.client, false);
        return;
    }
    SessionRoom room{core, id, *session};
    if (answered)
        room.take_response(news.client, owner);
    else
        room.take_failure(news.client, owner, failure_status(news.what));
}

}  // namespace holdfast::sip
