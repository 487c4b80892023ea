// Our INVITE, from its first try to the ACK: RFC 3261 13.2 and 9.1.
#include "base/ascii.hpp"
#include "sip/amend.hpp"
#include "sip/fork.hpp"
#include "sip/reason.hpp"
#include "sip/session_body.hpp"
#include "sip/session_room.hpp"
#include "sip/token.hpp"

#include <fmt/format.h>

#include <utility>

namespace holdfast::sip {
namespace {

bool is_secure(std::string_view uri) {
    return uri.starts_with("sips:");
}

/// 20.10: from 0 to 1, with up to three digits; in thousandths.
int q_of(std::string_view text) {
    int q = 0, scale = 1000;
    for (const char c : text) {
        if (c == '.') continue;
        if (!is_digit(c) || scale == 0) break;
        q += (c - '0') * scale;
        scale /= 10;
    }
    return q;
}

/// 8.1.3.4: the one to try first; as it stands there.
std::string_view best_contact(const Message& answer) {
    std::string_view best;
    int best_q = -1;
    for (const std::string_view value : answer.values(Header::contact)) {
        const auto contact = parse_name_addr(value);
        if (!contact) continue;
        const auto q = find_parameter(contact->parameters, "q");
        if (const int its = q ? q_of(*q) : 1000; its > best_q) best_q = its, best = value;
    }
    return best;
}

}  // namespace

void SessionRoom::invite(const InviteOrder& order) {
    ensure(!order.targets.empty(), "an INVITE has a target");
    ensure(!order.offer.empty(), "our INVITE has an offer");
    auto& dialog = s_.dialog;
    dialog.call_id = random_token(core_.random, 4);
    dialog.local_tag = random_token(core_.random);
    dialog.local_party = name_addr(order.from_display, order.from_uri, dialog.local_tag);
    dialog.remote_party = name_addr(order.to_display, order.to_uri);
    dialog.remote_target = order.request_uri;
    dialog.local_cseq = 1 + core_.random.below(1000);
    dialog.is_caller = true;
    s_.targets = order.targets;
    s_.tls_names = order.tls_names;
    s_.tls_names.resize(order.targets.size());
    s_.hop = order.targets.front();
    s_.tls_name = s_.tls_names.front();
    s_.peer = s_.hop.remote.address;
    s_.fixed_hop = order.fixed_hop;
    s_.credentials = order.credentials;
    s_.open_offer = order.offer;
    dialog.contact = core_.contact(order.contact_user, s_.hop, is_secure(order.request_uri));
    core_.index(id_, s_);

    const auto branch = core_.transactions.new_branch();
    std::string bytes;
    print_first_invite(bytes, order, branch);
    s_.client = send(Method::invite, branch, std::move(bytes), owner(Purpose::invite));
    live(life::invite_sent);
    trade(exchange::first_sent);
    if (s_.client) return;
    s_.refusal = 503;
    s_.refusal_reason = reason_phrase(503);
    live(life::peer_refused);
}

void SessionRoom::print_first_invite(std::string& bytes,
                                     const InviteOrder& order,
                                     std::string_view branch) {
    const auto& dialog = s_.dialog;
    Writer writer{bytes};
    writer.request(Method::invite, order.request_uri);
    writer.field(Header::via, core_.via(s_.hop, branch));
    for (const auto& route : order.route)
        writer.field(Header::route, route);
    writer.field(Header::max_forwards, order.max_forwards);
    writer.field(Header::from, dialog.local_party).field(Header::to, dialog.remote_party);
    writer.field(Header::call_id, dialog.call_id);
    writer.field(Header::cseq, fmt::format("{} INVITE", dialog.local_cseq));
    writer.field(Header::contact, dialog.contact);
    add_offer_fields(writer, true);
    for (const auto& extra : order.extra)
        writer.field(extra.name, extra.value);
    writer.finish("application/sdp", order.offer);
}

void SessionRoom::invite_response(ClientId client) {
    const int status = core_.message.status();
    if (status == 100) return live(life::trying);
    if (status < 200) return provisional_response();
    if (status < 300) return success_response(client);
    if (client != s_.client) return;  // of a target that was given up
    refusal_response(client);
}

void SessionRoom::provisional_response() {
    if (!takes_provisional()) return;
    const auto sdp = sdp_of(core_.message);
    HeardFork* fork = s_.fork(core_.message.to_tag());
    if (!sdp.empty() && fork != nullptr && fork->sdp.empty() && is_assured(core_.message))
        fork->sdp = sdp;  // RFC 6337 3.1: this is the answer, and the only one
    if (!sdp.empty()) {
        s_.early_tag = core_.message.to_tag();
        s_.early_sdp = sdp;
        core_.mark_changed(id_, s_);
    }
    live(life::provisional);
}

void SessionRoom::success_response(ClientId client) {
    const Message& answer = core_.message;
    if (!s_.is_early_caller()) {
        // 13.2.2.4: another fork; the first 2xx has won.
        if (answer.to_tag() != s_.dialog.remote_tag) end_fork(core_, client, s_.fixed_hop);
        return;
    }
    open_as_caller(s_.dialog, answer);
    s_.peer = core_.from.remote.address;
    if (std::exchange(s_.unbound, false)) s_.hop = core_.from;  // it reconnected while it rang
    choose_hop();
    acknowledge(client);
    s_.local_sdp = s_.open_offer;
    s_.remote_sdp = sdp_of(answer);
    if (const HeardFork* fork = s_.fork(answer.to_tag()); fork != nullptr && !fork->sdp.empty()) {
        // RFC 6337 3.1: the exchange was closed before; the 2xx can but repeat it.
        s_.remote_sdp = fork->sdp;
        if (!fork->answered.empty()) s_.local_sdp = fork->answered;
        s_.dialog.remote_cseq = fork->cseq;
    }
    // Some peers answer in a provisional response and do not repeat it, as 13.2.1 would have it.
    if (s_.remote_sdp.empty() && s_.early_tag == answer.to_tag()) s_.remote_sdp = s_.early_sdp;
    s_.open_offer.clear();
    learn_peer();
    agree_as_caller();
    trade(exchange::answer_arrived);
    live(life::peer_answered);
    settle();
}

void SessionRoom::acknowledge(ClientId client) {
    const Message& answer = core_.message;
    const auto* sent = core_.transactions.find(client);
    Transmit ack{s_.hop, {}, s_.tls_name};
    const auto via = core_.via(s_.hop, core_.transactions.new_branch());
    Writer writer = begin_request(ack.bytes, s_.dialog, Method::ack, via, answer.cseq().number);
    if (sent != nullptr && sent->owner.attempt != 0) {
        Message request;  // 13.2.2.4: the same credentials as the INVITE
        read_sent(request, sent->request.bytes);
        writer.copy_all(request, Header::authorization);
        writer.copy_all(request, Header::proxy_authorization);
    }
    writer.finish();
    core_.transactions.acknowledge(client, answer.to_tag(), std::move(ack));
}

void SessionRoom::refusal_response(ClientId client) {
    const Message& answer = core_.message;
    const bool given_up = s_.life == life::abandoned || s_.life == life::cancelling;
    if (!given_up && try_again(client)) return;
    s_.refusal = answer.status();
    s_.refusal_reason = answer.reason_phrase();
    s_.q850 = q850_of(answer);
    if (answer.status() < 400)  // 3xx are told, not followed
        s_.refusal_contact = best_contact(answer);
    live(life::peer_refused);
}

bool SessionRoom::try_again(ClientId client) {
    const int status = core_.message.status();
    const auto* sent = core_.transactions.find(client);
    if (sent == nullptr) return false;
    if (status == 503) return try_next_target(client);  // RFC 3263 4.3
    ClientId next;
    if (status == 401 || status == 407)
        next = core_.answer_challenge(*sent, s_.credentials, s_.dialog.local_cseq + 1);
    else if (status == 422)
        next = try_longer_interval(*sent);
    if (!next) return false;
    ++s_.dialog.local_cseq;
    begin_anew(next);
    return true;
}

/// What was heard of the INVITE before means nothing for this one.
void SessionRoom::begin_anew(ClientId invite) {
    s_.client = invite;
    s_.forks.clear();
    s_.early_tag.clear();
    s_.early_sdp.clear();
    live(life::invite_sent);
    core_.mark_changed(id_, s_);
}

bool SessionRoom::try_next_target(ClientId client) {
    const auto* sent = core_.transactions.find(client);
    if (sent == nullptr || s_.target + 1 >= s_.targets.size()) return false;
    ++s_.target;
    s_.hop = s_.targets[s_.target];
    s_.tls_name = s_.tls_names[s_.target];
    s_.peer = s_.hop.remote.address;
    const auto contact = parse_name_addr(s_.dialog.contact);
    const bool secure = contact && contact->uri.scheme == Uri::Scheme::sips;
    s_.dialog.contact =
        core_.contact(contact ? std::string{contact->uri.user} : std::string{}, s_.hop, secure);
    const ExtraHeader moved{Header::contact, s_.dialog.contact};
    const ClientId next = core_.send_again(
        *sent, sent->owner, s_.hop, s_.tls_name, s_.dialog.local_cseq, {&moved, 1});
    if (!next) return false;
    begin_anew(next);
    return true;
}

void SessionRoom::send_cancel() {
    const auto* invite = core_.transactions.find(s_.client);
    if (invite == nullptr) return;
    Message request;
    if (!read_sent(request, invite->request.bytes)) return;
    Transmit cancel{invite->request.hop, {}, invite->request.tls_name};
    const auto to = request.first(Header::to).value_or("");
    print_hop_by_hop(cancel.bytes, request, Method::cancel, to, s_.reason);
    const std::string branch = invite->branch;
    core_.transactions.send(Method::cancel, branch, std::move(cancel), owner(Purpose::cancel));
}

void SessionRoom::tell_refused() {
    s_.announced = true;
    core_.tell(SessionRefused{id_, s_.refusal, s_.refusal_reason, s_.q850, s_.refusal_contact});
}

}  // namespace holdfast::sip
