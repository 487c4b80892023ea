#include "sip/intake.hpp"

#include "sip/fork.hpp"
#include "sip/screening.hpp"
#include "sip/session_room.hpp"
#include "sip/stateless_tag.hpp"
#include "sip/token.hpp"

#include <utility>

namespace holdfast::sip {
namespace {

void take_response(Core& core) {
    // 8.1.3.3: more than one Via means that it is for somebody else.
    const auto news = core.message.via_count() == 1 ? core.transactions.take_response(core.message)
                                                    : ClientNews{};
    if (!news.client) return core.count(Denial::stray_response);
    take_news(core, news);
}

void take_ack(Core& core, TransactionId transaction) {
    const Message& ack = core.message;
    const auto* invite = core.transactions.find(transaction);
    SessionId id;
    if (invite != nullptr)
        id = invite->session;  // an RFC 2543 peer: the ACK has the branch of its INVITE
    else if (auto* session = core.session_of(ack.to_tag(), ack.call_id()))
        id = session->id;
    auto* session = core.sessions.find(id);
    if (session == nullptr || session->is_over()) {
        // The ACK of a refusal that left nothing behind is no stray.
        if (ack.to_tag() != stateless_tag(core.tag_key, ack)) core.count(Denial::stray_ack);
        return;
    }
    SessionRoom room{core, id, *session};
    if (ack.from_tag() != session->dialog.remote_tag) return core.count(Denial::stray_ack);
    if (!room.comes_from_peer()) return core.count(Denial::foreign_source);
    room.take_ack();
}

/// RFC 3261 9.2. The 200 has the To tag of the INVITE's responses.
void take_cancel(Core& core) {
    const TransactionId meant = core.transactions.cancelled_by(core.message);
    const auto* invite = core.transactions.find(meant);
    if (invite == nullptr) return core.refuse(Denial::unknown_transaction);
    if (core.settings.check_source && invite->source.remote.address != core.from.remote.address)
        return core.refuse(Denial::foreign_source);
    const SessionId id = invite->session;
    const auto cancel = core.transactions.open(core.message, core.from, invite->local_tag);
    if (!cancel) return core.refuse_overload();
    core.respond(cancel, 200);
    if (auto* session = core.sessions.find(id)) SessionRoom{core, id, *session}.take_cancel();
}

void take_invite(Core& core) {
    if (core.sessions.full()) return core.refuse_overload();
    const SessionId id = core.sessions.take();
    Session& session = *core.sessions.find(id);
    session.id = id;
    if (SessionRoom{core, id, session}.take_invite()) return;
    core.sessions.give_back(id);
    core.refuse_overload();
}

/// Subscriptions are the engine's dialogs, which it knows by their tags.
bool may_be_in_dialog_of_engine(Method method) {
    return method == Method::subscribe || method == Method::notify;
}

void take_in_dialog(Core& core) {
    const Message& request = core.message;
    auto* session = core.session_of(request.to_tag(), request.call_id());
    const bool known =
        session != nullptr && (is_within(session->dialog, request) || session->is_early_caller());
    if (!known) return core.refuse(Denial::unknown_dialog);
    SessionRoom room{core, session->id, *session};
    if (!room.comes_from_peer()) return core.refuse(Denial::foreign_source);
    room.take_request();
}

void pass_on(Core& core) {
    const auto tag = random_token(core.random);
    const auto id = core.transactions.open(core.message, core.from, tag);
    if (!id) return core.refuse_overload();
    const auto& kept = core.transactions.find(id)->local_tag;
    core.tell(RequestArrived{id, {}, kept, &core.message, core.from});
}

void take_fresh_request(Core& core) {
    const Message& request = core.message;
    if (request.method() == Method::cancel) return take_cancel(core);
    if (!passes_screening(core)) return;
    if (!request.to_tag().empty()) {
        const bool known = core.session_of(request.to_tag(), request.call_id()) != nullptr;
        if (known || !may_be_in_dialog_of_engine(request.method())) return take_in_dialog(core);
        return pass_on(core);
    }
    if (request.method() == Method::invite) return take_invite(core);
    if (needs_dialog(request.method())) return core.refuse(Denial::unknown_dialog);
    pass_on(core);
}

void take_request(Core& core) {
    const auto match = core.transactions.take_request(core.message);
    switch (match.what) {
        case RequestMatch::What::absorbed:
            return;
        case RequestMatch::What::ack:
            return take_ack(core, match.transaction);
        case RequestMatch::What::fresh:
            return take_fresh_request(core);
    }
}

bool is_keep_alive(std::string_view bytes) {
    return bytes.find_first_not_of("\r\n") == bytes.npos;  // RFC 5626 3.5.1, also over UDP
}

}  // namespace

void take_message(Core& core, std::string_view bytes) {
    if (is_keep_alive(bytes)) return;
    const auto read = core.message.read(bytes);
    if (!read) return core.refuse(read.error());
    if (core.message.is_request())
        take_request(core);
    else
        take_response(core);
}

}  // namespace holdfast::sip
