// Offers and answers within a dialog: re-INVITE and UPDATE, ours and the peer's. RFC 3261 14,
// RFC 3311 5.
#include "sip/sdp_origin.hpp"
#include "sip/session_body.hpp"
#include "sip/session_room.hpp"

#include <fmt/format.h>

#include <utility>

namespace holdfast::sip {

// ---- Of the peer. -------------------------------------------------------------------------------

bool SessionRoom::holds(exchange::Guard guard) const {
    if (guard != exchange::has_answered) return s_.answer_owed;
    const HeardFork* fork = s_.is_early_caller() ? s_.fork(core_.message.from_tag()) : nullptr;
    return fork != nullptr && !fork->sdp.empty();
}

void SessionRoom::take_offer(exchange::Event arrived) {
    if (refuse_small_interval()) return;
    if (arrived == exchange::reinvite_arrived && s_.life == life::closing) {
        // It has our 2xx, and we only waited for its ACK to end the call.
        s_.first_unacked = false;
        core_.respond(request_, 487);
        return live(life::acked);
    }
    trade(arrived);
}

void SessionRoom::tell_offer() {
    const Message& request = core_.message;
    if (request.method() == Method::invite) {
        s_.server = request_;
        s_.invite_cseq = request.cseq().number;
        core_.transactions.find(request_)->session = id_;
        core_.untried.push_back(request_);
    } else {
        s_.update = request_;
    }
    const HeardFork* fork = s_.is_early_caller() ? s_.fork(request.from_tag()) : nullptr;
    s_.update_fork = fork != nullptr ? fork->tag : std::string{};
    // Before the 2xx, whose Contact will be the dialog's, target and timer are nobody's yet.
    if (request.method() != Method::prack && fork == nullptr) {
        refresh_target(s_.dialog, request);
        choose_hop();
        learn_peer();
        agree_as_callee();
    }
    s_.peer_offer = sdp_of(request);
    // RFC 3264 8: the same o= line says that nothing changed.
    const auto origin = origin_of(s_.peer_offer);
    const auto& before = fork == nullptr ? s_.remote_sdp : fork->sdp;
    const bool repeated = !origin.empty() && origin == origin_of(before);
    core_.tell(OfferArrived{id_, s_.peer_offer, repeated, &request});
}

void SessionRoom::accept_offer(std::string_view sdp, std::span<const ExtraHeader> extra) {
    if (s_.is_over()) return;
    const bool by_update = bool{s_.update};
    ensure(by_update || s_.exchange == exchange::offered, "an offer of the peer is open");
    if (HeardFork* fork = s_.is_early_caller() ? s_.fork(s_.update_fork) : nullptr)
        return accept_early(*fork, sdp, extra);
    s_.local_sdp = sdp;
    if (!s_.peer_offer.empty()) s_.remote_sdp = s_.peer_offer;
    agree(s_.refresh, s_.refresh.interval_s, s_.refresh.by_us, core_.now);
    arm_refresh();
    core_.mark_changed(id_, s_);
    if (by_update) {
        const auto update = std::exchange(s_.update, {});
        respond_with_sdp(update, 200, sdp, extra);
        return offer_of_prack_answered(update);
    }
    s_.answer_owed = s_.peer_offer.empty();
    s_.ok_interval = core_.transactions.spans().t1 / 2;  // doubled before its first use
    respond_with_sdp(s_.server, 200, sdp, extra);
    trade(exchange::offer_accepted);
}

/// An UPDATE in the early dialog that an INVITE of ours has made (RFC 3311 5.2).
void SessionRoom::accept_early(HeardFork& fork,
                               std::string_view sdp,
                               std::span<const ExtraHeader> extra) {
    fork.sdp = s_.peer_offer;
    fork.answered = sdp;
    core_.mark_changed(id_, s_);
    respond_with_sdp(std::exchange(s_.update, {}), 200, sdp, extra);
}

void SessionRoom::refuse_offer(int status) {
    if (s_.is_over()) return;
    if (s_.update) {
        const auto update = std::exchange(s_.update, {});
        core_.respond(update, status);
        return offer_of_prack_answered(update);
    }
    ensure(s_.exchange == exchange::offered, "an offer of the peer is open");
    core_.respond(s_.server, status);
    trade(exchange::offer_declined);
    settle();
}

void SessionRoom::refuse_crossing(Denial denial) {
    core_.count(denial);
    const int status = row_of(denial).status;
    if (denial == Denial::request_pending) return core_.respond(request_, status);
    const ExtraHeader later{Header::retry_after, fmt::format("{}", core_.random.below(11))};
    core_.respond(request_, status, {&later, 1});  // 14.2: between 0 and 10 seconds
}

// ---- Of ours. -----------------------------------------------------------------------------------

void SessionRoom::offer(std::string_view sdp, std::span<const ExtraHeader> extra) {
    ensure(!sdp.empty(), "an offer has a description");
    s_.wanted_offer = sdp;
    s_.wanted_extra.assign(extra.begin(), extra.end());
    core_.mark_changed(id_, s_);
    settle();
}

void SessionRoom::send_offer() {
    // A refresh repeats what was agreed (RFC 4028 7.4); a wanted offer refreshes as well.
    s_.open_offer = s_.wanted_offer.empty() ? s_.local_sdp : std::exchange(s_.wanted_offer, {});
    s_.refresh_wanted = false;
    const auto branch = core_.transactions.new_branch();
    std::string bytes;
    Writer writer = begin(bytes, Method::invite, branch);
    writer.field(Header::contact, s_.dialog.contact);
    add_offer_fields(writer, false);
    for (const auto& extra : s_.wanted_extra)
        writer.field(extra.name, extra.value);
    writer.finish("application/sdp", s_.open_offer);
    s_.client = send(Method::invite, branch, std::move(bytes), owner(Purpose::offer));
}

void SessionRoom::offer_response(ClientId client) {
    const int status = core_.message.status();
    if (status < 200) return;
    if (status < 300) return offer_success(client);
    if (client == s_.client) offer_refusal(client);
}

void SessionRoom::offer_success(ClientId client) {
    const Message& answer = core_.message;
    refresh_target(s_.dialog, answer);
    choose_hop();
    acknowledge(client);
    if (s_.exchange != exchange::offering && s_.exchange != exchange::withdrawing) return;
    learn_peer();
    agree_as_caller();
    const bool changed =
        s_.open_offer != s_.local_sdp || origin_of(sdp_of(answer)) != origin_of(s_.remote_sdp);
    s_.local_sdp = std::exchange(s_.open_offer, {});
    s_.remote_sdp = sdp_of(answer);
    s_.wanted_extra.clear();
    if (changed) core_.tell(OfferAnswered{id_, s_.remote_sdp});
    trade(exchange::answer_arrived);
    settle();
}

void SessionRoom::offer_refusal(ClientId client) {
    const Message& answer = core_.message;
    const auto* sent = core_.transactions.find(client);
    const std::uint32_t cseq = s_.dialog.local_cseq + 1;
    ClientId next;
    if (sent != nullptr && (answer.status() == 401 || answer.status() == 407))
        next = core_.answer_challenge(*sent, s_.credentials, cseq);
    else if (sent != nullptr && answer.status() == 422)
        next = try_longer_interval(*sent);
    if (next) {
        ++s_.dialog.local_cseq;
        s_.client = next;
        return core_.mark_changed(id_, s_);
    }
    offer_failed(answer.status());
}

void SessionRoom::offer_failed(int status) {
    const bool refresh_only = s_.open_offer == s_.local_sdp;
    s_.refusal = status;
    if (status == 491 && s_.exchange == exchange::offering) {
        if (s_.wanted_offer.empty() && !refresh_only) s_.wanted_offer = s_.open_offer;
        s_.refresh_wanted = refresh_only;
        s_.open_offer.clear();
        return trade(exchange::offer_glared);
    }
    if (status == 503 && s_.unbound) {  // its connection broke: again by the next one
        if (s_.wanted_offer.empty() && !refresh_only) s_.wanted_offer = s_.open_offer;
        s_.open_offer.clear();
        return trade(exchange::stopped);
    }
    s_.open_offer.clear();
    if (status == 408 || status == 481) {  // 12.2.1.2: the dialog is gone
        trade(exchange::stopped);
        return lose(EndCause::gone);
    }
    trade(exchange::offer_refused);
    settle();
}

Micros SessionRoom::glare_wait() {
    // 14.1: in steps of 10 ms; who made the Call-ID waits 2.1 to 4 s, the other up to 2 s.
    const auto steps =
        s_.dialog.is_caller ? 210 + core_.random.below(191) : core_.random.below(201);
    return steps * Micros{10ms};
}

}  // namespace holdfast::sip
