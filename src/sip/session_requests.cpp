// Requests within a dialog, the peer's and ours: RFC 3261 12.2.
#include "sip/dtmf_info.hpp"
#include "sip/next_hop.hpp"
#include "sip/session_body.hpp"
#include "sip/session_room.hpp"

#include <algorithm>
#include <utility>

namespace holdfast::sip {

// ---- Of the peer. -------------------------------------------------------------------------------

bool SessionRoom::comes_from_peer() const {
    const IpAddress& source = core_.from.remote.address;
    if (!core_.settings.check_source || source == s_.peer || source == s_.hop.remote.address)
        return true;
    if (std::ranges::find(core_.trusted, source) != core_.trusted.end()) return true;
    // Behind a proxy that does not stay in the path, the peer speaks from its Contact's address.
    const auto target = parse_uri(s_.dialog.remote_target);
    return target && target->host_address() == source;
}

void SessionRoom::take_request() {
    // Each fork of our INVITE is a dialog with numbers of its own.
    HeardFork* fork = s_.is_early_caller() ? s_.fork(core_.message.from_tag()) : nullptr;
    if (s_.is_early_caller()) s_.dialog.remote_cseq = fork == nullptr ? 0 : fork->cseq;
    if (!in_order(s_.dialog, core_.message.cseq().number))
        return core_.refuse(Denial::out_of_order);
    if (fork != nullptr) fork->cseq = core_.message.cseq().number;
    core_.mark_changed(id_, s_);
    const bool back = std::exchange(s_.unbound, false);
    if (back) s_.hop = core_.from;  // it came over a new connection
    dispatch(core_.message.method());
    if (!back || s_.is_over()) return;
    live(life::rebound);
    settle();
}

void SessionRoom::dispatch(Method method) {
    if (s_.life == life::ending && method != Method::bye)
        return core_.refuse(Denial::unknown_dialog);
    request_ = core_.transactions.open(core_.message, core_.from, s_.dialog.local_tag);
    if (!request_) return core_.refuse_overload();
    if (method == Method::invite) return take_offer(exchange::reinvite_arrived);
    if (method == Method::bye) return take_bye();
    if (method == Method::options) return answer_options();
    if (method == Method::info) return take_info();
    if (method == Method::prack) return take_prack();
    if (method != Method::update) return pass_on();
    if (sdp_of(core_.message).empty()) return take_empty_update();
    take_offer(exchange::update_arrived);
}

void SessionRoom::take_empty_update() {
    if (refuse_small_interval()) return;
    if (s_.life == life::confirmed) {
        refresh_target(s_.dialog, core_.message);
        choose_hop();
        learn_peer();
        agree_as_callee();
        agree(s_.refresh, s_.refresh.interval_s, s_.refresh.by_us, core_.now);
        arm_refresh();
    }
    respond_with_sdp(request_, 200, {}, {});
}

void SessionRoom::take_info() {
    const Message& info = core_.message;
    if (info.body().empty()) return core_.respond(request_, 200);
    const bool relay = info.body_is("application/dtmf-relay");
    if (!relay && !info.body_is("application/dtmf")) return pass_on();
    const auto digit = relay ? parse_dtmf_relay(info.body()) : parse_dtmf(info.body());
    core_.respond(request_, digit ? 200 : 400);
    if (digit) core_.tell(DigitArrived{id_, digit->digit, digit->duration_ms});
}

void SessionRoom::answer_options() {
    Writer writer = core_.transactions.begin(request_, 200);
    core_.add_abilities(writer);
    writer.finish();
    core_.transactions.commit(request_);
}

void SessionRoom::pass_on() {
    core_.transactions.find(request_)->session = id_;
    core_.tell(RequestArrived{request_, id_, s_.dialog.local_tag, &core_.message, core_.from});
}

void SessionRoom::learn_peer() {
    const Message& message = core_.message;
    if (message.has(Header::allow)) {
        s_.peer_allows = {};
        for (const std::string_view name : message.values(Header::allow))
            s_.peer_allows = s_.peer_allows | MethodSet{method_of(name)};
    }
}

// ---- Of ours. -----------------------------------------------------------------------------------

void SessionRoom::choose_hop() {
    if (s_.fixed_hop) return;
    s_.hop = next_hop(next_hop_uri(s_.dialog), s_.hop, core_.settings.listeners);
}

Writer SessionRoom::begin(std::string& bytes, Method method, std::string_view branch) {
    return begin_request(
        bytes, s_.dialog, method, core_.via(s_.hop, branch), ++s_.dialog.local_cseq);
}

ClientId SessionRoom::send(Method method, std::string_view branch, std::string bytes, Owner whose) {
    core_.mark_changed(id_, s_);
    return core_.transactions.send(
        method, branch, Transmit{s_.hop, std::move(bytes), s_.tls_name}, whose);
}

RequestId SessionRoom::request(Method method,
                               std::span<const ExtraHeader> extra,
                               std::string_view content_type,
                               std::string_view body) {
    if (s_.life != life::confirmed || s_.unbound || core_.requests.full()) return {};
    const auto branch = core_.transactions.new_branch();
    std::string bytes;
    Writer writer = begin(bytes, method, branch);
    writer.field(Header::contact, s_.dialog.contact);
    writer.field(Header::user_agent, core_.settings.product);
    for (const auto& header : extra)
        writer.field(header.name, header.value);
    writer.finish(content_type, body);
    const RequestId id = core_.requests.take();
    *core_.requests.find(id) = {s_.credentials, id_};
    if (send(method, branch, std::move(bytes), {Purpose::request, id.value, 0})) return id;
    core_.requests.give_back(id);
    return {};
}

void SessionRoom::take_response(ClientId client, Owner whose) {
    switch (whose.purpose) {
        case Purpose::invite:
            return invite_response(client);
        case Purpose::offer:
            return offer_response(client);
        case Purpose::refresh:
            return refresh_response(client);
        case Purpose::bye:
            return bye_response(client);
        case Purpose::prack:
            return prack_response(client);
        case Purpose::none:
        case Purpose::cancel:
        case Purpose::request:
            return;
    }
}

void SessionRoom::take_failure(ClientId client, Owner whose, int status) {
    switch (whose.purpose) {
        case Purpose::invite:
            if (client != s_.client) return;
            if (s_.life == life::calling && try_next_target(client)) return;
            s_.refusal = status;
            s_.refusal_reason = reason_phrase(status);
            return live(life::peer_refused);
        case Purpose::offer:
            if (client == s_.client) offer_failed(status);
            return;
        case Purpose::refresh:
            return refresh_failed(status);
        case Purpose::bye:
            return live(life::bye_finished);
        case Purpose::none:
        case Purpose::cancel:
        case Purpose::prack:
        case Purpose::request:
            return;
    }
}

}  // namespace holdfast::sip
