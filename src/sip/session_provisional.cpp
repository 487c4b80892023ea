// Provisional responses that must arrive, ours and the peer's: RFC 3262.
#include "sip/next_hop.hpp"
#include "sip/session_body.hpp"
#include "sip/session_room.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace holdfast::sip {

// ---- Ours. --------------------------------------------------------------------------------------

void SessionRoom::assure(assured::Machine::Cause cause) {
    const auto* row = step<assured::Machine>(s_.assured, cause, *this);
    if (row != nullptr && row->from != row->to) core_.mark_changed(id_, s_);
}

bool SessionRoom::holds(assured::Guard guard) const {
    return guard == assured::has_sdp ? s_.provisional.has_sdp : s_.provisional.held.status != 0;
}

void SessionRoom::start(assured::Timer timer) {
    const auto& spans = core_.transactions.spans();
    // 3: from T1, doubling without a bound, for 64 T1; also on TCP, for a proxy may lose it.
    if (timer == assured::limit) s_.assured_interval = spans.t1 / 2;
    if (timer == assured::again) s_.assured_interval *= 2;
    const auto span = timer == assured::limit ? spans.patience() : s_.assured_interval;
    const auto at = static_cast<std::uint8_t>(timer);
    const DeadlineKey key{
        DeadlineOwner::session, SessionTimer{SessionTimer::assured, at}.byte(), id_.value};
    core_.deadlines.arm(s_.assured_timers[at], core_.now + span, key);
}

void SessionRoom::stop(assured::Timer timer) {
    core_.deadlines.stop(s_.assured_timers[static_cast<std::size_t>(timer)]);
}

void SessionRoom::perform(assured::Action action) {
    using enum assured::Action;
    auto& held = s_.provisional.held;
    switch (action) {
        case send_plain:
            return respond_with_sdp(s_.server, reply_.status, reply_.sdp, reply_.extra);
        case send_assured:
            return this->send_assured();
        case keep_progress:
            // The later one counts, but what can be heard early stays so.
            if (reply_.sdp.empty()) reply_.sdp = std::move(held.sdp);
            held = std::exchange(reply_, {});
            return core_.mark_changed(id_, s_);
        case keep_answer:
            held = std::exchange(reply_, {});
            return;
        case send_kept:
            return this->send_kept();
        case send_answer:
            held = {};
            return this->send_answer();
        case repeat:
            return core_.transactions.resend(s_.server);
        case give_up:
            s_.cause = EndCause::no_ack;
            return live(life::unheard);
    }
}

void SessionRoom::send_assured() {
    auto& sent = s_.provisional;
    sent.rseq = sent.rseq == 0 ? 1 + core_.random.below(0x7fff'fffe) : sent.rseq + 1;  // 3
    sent.status = reply_.status;
    if (s_.exchange == exchange::early) reply_.sdp.clear();  // it has its answer
    sent.has_sdp = !reply_.sdp.empty();
    reply_.extra.push_back({Header::require, "100rel"});
    reply_.extra.push_back({Header::rseq, fmt::format("{}", sent.rseq)});
    respond_with_sdp(s_.server, reply_.status, reply_.sdp, reply_.extra);
    if (!sent.has_sdp) return;
    s_.local_sdp = reply_.sdp;
    if (!s_.answer_owed) trade(exchange::answered_early);
}

void SessionRoom::send_kept() {
    reply_ = std::exchange(s_.provisional.held, {});
    if (reply_.status < 200)
        send_assured();
    else
        send_answer();
}

/// RFC 3261 13.3.1.1: so that no proxy thinks that nobody is there any more.
void SessionRoom::progress_again() {
    if (s_.assured == assured::off) return core_.transactions.resend(s_.server);
    if (s_.assured != assured::open) return;  // what awaits its PRACK is repeated anyhow
    reply_ = {s_.provisional.status, {}, {}};
    assure(assured::progress_asked);
}

bool SessionRoom::is_awaited(const RAck& rack) const {
    constexpr Set awaited{assured::awaiting, assured::holding, assured::late};
    return awaited.has(s_.assured) && rack.rseq == s_.provisional.rseq &&
           rack.cseq.number == s_.invite_cseq && rack.cseq.method == Method::invite;
}

void SessionRoom::take_prack() {
    const Message& prack = core_.message;
    const auto rack = parse_rack(prack.first(Header::rack).value_or(""));
    if (!rack) return core_.respond(request_, 400);
    if (!is_awaited(*rack)) {
        core_.count(Denial::unknown_transaction);
        return core_.respond(request_, 481);  // 3
    }
    const auto sdp = sdp_of(prack);
    if (!sdp.empty() && s_.exchange == exchange::early) return trade(exchange::update_arrived);
    core_.respond(request_, 200);
    if (!sdp.empty() && s_.answer_owed && s_.provisional.has_sdp) {  // 5: ours was the offer
        s_.remote_sdp = sdp;
        s_.answer_owed = false;
        trade(exchange::answered_early);
        core_.tell(SessionAcked{id_, sdp});
    }
    assure(assured::acknowledged);
}

void SessionRoom::offer_of_prack_answered(TransactionId request) {
    const auto* transaction = core_.transactions.find(request);
    if (transaction != nullptr && transaction->method == Method::prack)
        assure(assured::acknowledged);
}

// ---- Of the peer. -------------------------------------------------------------------------------

bool SessionRoom::holds(heard::Guard) const {
    return rseq_ == fork_->rseq + 1;
}

void SessionRoom::perform(heard::Action) {
    fork_->rseq = rseq_;
    send_prack(*fork_);
}

/// 4: it must arrive, and says so.
bool SessionRoom::is_assured(const Message& response) {
    const auto rseq = parse_number(response.first(Header::rseq).value_or(""), 0xffff'ffff);
    return rseq && *rseq != 0 && response.lists(Header::require, "100rel");
}

HeardFork* Session::fork(std::string_view tag) {
    const auto it = std::ranges::find(forks, tag, &HeardFork::tag);
    return it == forks.end() ? nullptr : &*it;
}

/// Whether the provisional response that came is news: one that must arrive comes again and again,
/// and is acknowledged once (RFC 3262 4).
bool SessionRoom::takes_provisional() {
    const Message& response = core_.message;
    if (!s_.is_early_caller()) return false;
    if (!is_assured(response)) return true;
    fork_ = s_.fork(response.to_tag());
    if (fork_ == nullptr) {
        if (s_.forks.size() == Session::most_forks) {
            core_.count(Denial::overload);
            return false;
        }
        fork_ = &s_.forks.emplace_back();
        fork_->tag = response.to_tag();
    }
    rseq_ = *parse_number(response.first(Header::rseq).value_or(""), 0xffff'ffff);
    const auto* row = step<heard::Machine>(fork_->state, heard::assured_arrived, *this);
    return row->actions.count != 0;
}

/// In the dialog that the response made, which is one of several where the INVITE was forked.
void SessionRoom::send_prack(HeardFork& fork) {
    if (s_.unbound) return;
    const Message& response = core_.message;
    Dialog dialog = s_.dialog;
    open_as_caller(dialog, response);
    const Hop hop =
        s_.fixed_hop ? s_.hop : next_hop(next_hop_uri(dialog), s_.hop, core_.settings.listeners);
    const auto branch = core_.transactions.new_branch();
    std::string bytes;
    Writer writer =
        begin_request(bytes, dialog, Method::prack, core_.via(hop, branch), ++s_.dialog.local_cseq);
    writer.field(Header::rack, fmt::format("{} {} INVITE", rseq_, response.cseq().number));
    writer.field(Header::user_agent, core_.settings.product);
    writer.finish();
    core_.mark_changed(id_, s_);
    const auto sent = core_.transactions.send(
        Method::prack, branch, {hop, std::move(bytes), s_.tls_name}, owner(Purpose::prack));
    if (!sent) fork.state = heard::nothing;  // no room: the next repetition is taken
}

/// Whatever it is: the response was acknowledged, or the peer will repeat it. But a challenge is
/// answered.
void SessionRoom::prack_response(ClientId client) {
    const int status = core_.message.status();
    const auto* sent = core_.transactions.find(client);
    if (sent == nullptr || (status != 401 && status != 407)) return;
    if (core_.answer_challenge(*sent, s_.credentials, s_.dialog.local_cseq + 1)) {
        ++s_.dialog.local_cseq;
        core_.mark_changed(id_, s_);
    }
}

}  // namespace holdfast::sip
