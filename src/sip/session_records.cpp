// Sessions over the death of the daemon.
#include "sip/sdp_origin.hpp"
#include "sip/session_room.hpp"

namespace holdfast::sip {
namespace {

bool is_own_invite(const Session& session) {
    return session.is_early_caller() || session.exchange == exchange::offering ||
           session.exchange == exchange::withdrawing;
}

/// A peer's INVITE matters while it may be answered or awaits an ACK.
bool is_peer_invite(const Session& session) {
    return session.is_early_callee() || session.exchange == exchange::accepted;
}

}  // namespace

bool is_sound(const SessionRecord& record) {
    return record.life > static_cast<std::uint8_t>(life::unborn) &&
           record.life < static_cast<std::uint8_t>(life::over) &&
           record.exchange < enum_count<exchange::State> && record.cause < enum_count<EndCause> &&
           record.invite.assured.state < enum_count<assured::State> &&
           !record.dialog.local_tag.empty() && !record.dialog.call_id.empty();
}

SessionRecord SessionRoom::record() const {
    SessionRecord kept;
    kept.session = id_;
    kept.life = static_cast<std::uint8_t>(s_.life);
    kept.exchange = static_cast<std::uint8_t>(s_.exchange);
    kept.hop = s_.hop;
    kept.tls_name = s_.tls_name;
    kept.fixed_hop = s_.fixed_hop;
    kept.peer = s_.peer;
    kept.dialog = s_.dialog;
    kept.invite = invite_record();
    kept.local_sdp = s_.local_sdp;
    kept.remote_sdp = s_.remote_sdp;
    kept.open_offer = s_.open_offer;
    kept.wanted_offer = s_.wanted_offer;
    kept.wanted_extra = s_.wanted_extra;
    kept.answer_owed = s_.answer_owed;
    kept.first_unacked = s_.first_unacked;
    kept.sdp_version = origin_version(s_.open_offer.empty() ? s_.local_sdp : s_.open_offer);
    kept.peer_allows = s_.peer_allows.bits;
    kept.peer_has_timer = s_.peer_has_timer;
    kept.refresh = s_.refresh;
    kept.cause = static_cast<std::uint8_t>(s_.cause);
    kept.timed_out = s_.timed_out;
    kept.announced = s_.announced;
    kept.reason = s_.reason;
    return kept;
}

InviteRecord SessionRoom::invite_record() const {
    InviteRecord kept;
    if (is_own_invite(s_)) {
        const auto* sent = core_.transactions.find(s_.client);
        if (sent == nullptr) return kept;
        kept.cseq = s_.dialog.local_cseq;
        kept.branch = sent->branch;
        kept.request = sent->request.bytes;
        kept.tls_name = sent->request.tls_name;
        kept.reply = sent->request.hop;
        kept.heard = sent->invite_state != invite_client::calling;
        kept.early_tag = s_.early_tag;
        kept.early_sdp = s_.early_sdp;
        kept.forks = s_.forks;
    } else if (is_peer_invite(s_)) {
        const auto* arrived = core_.transactions.find(s_.server);
        if (arrived == nullptr) return kept;
        kept.cseq = s_.invite_cseq;
        kept.source = arrived->source;
        kept.reply = arrived->reply;
        kept.key = arrived->key;
        kept.merged = arrived->merged;
        kept.head = arrived->head;
        kept.in_dialog = arrived->in_dialog;
        kept.rfc2543 = arrived->rfc2543;
        kept.status = arrived->status;
        kept.response = arrived->response;
        kept.assured = s_.provisional;
        kept.assured.state = static_cast<std::uint8_t>(s_.assured);
    }
    return kept;
}

void SessionRoom::restore(const SessionRecord& kept) {
    s_.life = static_cast<life::State>(kept.life);
    s_.exchange = static_cast<exchange::State>(kept.exchange);
    s_.hop = kept.hop;
    s_.hop.flow = {};  // connections died with their process
    s_.tls_name = kept.tls_name;
    s_.fixed_hop = kept.fixed_hop;
    s_.unbound = reliable(kept.hop);
    s_.peer = kept.peer;
    s_.dialog = kept.dialog;
    s_.dialog.local_cseq += 1000;  // beyond what may have been sent and not been written down
    s_.local_sdp = with_origin_version(kept.local_sdp, kept.sdp_version + 1);
    s_.remote_sdp = kept.remote_sdp;
    s_.open_offer = kept.open_offer;
    s_.wanted_offer = kept.wanted_offer;
    s_.wanted_extra = kept.wanted_extra;
    s_.answer_owed = kept.answer_owed;
    s_.first_unacked = kept.first_unacked;
    s_.peer_allows.bits = kept.peer_allows;
    s_.peer_has_timer = kept.peer_has_timer;
    s_.refresh = kept.refresh;
    s_.cause = static_cast<EndCause>(kept.cause);
    s_.timed_out = kept.timed_out;
    s_.announced = kept.announced;
    s_.reason = kept.reason;
    core_.index(id_, s_);
    restore_own_invite(kept.invite);
    restore_peer_invite(kept.invite);
    go_on();
    core_.mark_changed(id_, s_);
}

void SessionRoom::restore_own_invite(const InviteRecord& kept) {
    if (!is_own_invite(s_) || kept.branch.empty()) return;
    Transmit request{kept.reply, kept.request, kept.tls_name};
    request.hop.flow = {};
    s_.early_tag = kept.early_tag;
    s_.early_sdp = kept.early_sdp;
    s_.forks = kept.forks;
    const auto purpose = s_.is_early_caller() ? Purpose::invite : Purpose::offer;
    s_.client = core_.transactions.restore_invite(
        kept.branch, std::move(request), owner(purpose), kept.heard);
}

void SessionRoom::restore_peer_invite(const InviteRecord& kept) {
    if (!is_peer_invite(s_) || kept.key.empty()) return;
    s_.invite_cseq = kept.cseq;
    s_.provisional = kept.assured;
    s_.assured = static_cast<assured::State>(kept.assured.state);
    ServerTransaction arrived;
    arrived.method = Method::invite;
    arrived.invite_state =
        s_.exchange == exchange::accepted ? invite_server::accepted : invite_server::proceeding;
    arrived.source = kept.source;
    arrived.reply = kept.reply;
    arrived.source.flow = arrived.reply.flow = {};
    arrived.key = kept.key;
    arrived.merged = kept.merged;
    arrived.head = kept.head;
    arrived.local_tag = s_.dialog.local_tag;
    arrived.in_dialog = kept.in_dialog;
    arrived.rfc2543 = kept.rfc2543;
    arrived.status = kept.status;
    arrived.response = kept.response;
    arrived.session = id_;
    s_.server = core_.transactions.restore(arrived);
    if (kept.status == 0) core_.untried.push_back(s_.server);
}

template <class T>
void SessionRoom::start_all(Set<T> timers) {
    for (const T timer : every<T>)
        if (timers.has(timer)) start(timer);
}

/// Starts what ran when the record was written, and says again what may have been lost.
void SessionRoom::go_on() {
    s_.ok_interval = core_.transactions.spans().t1 / 2;
    start_all(may_run<life::Machine>(s_.life));
    start_all(may_run<exchange::Machine>(s_.exchange));
    start_all(may_run<assured::Machine>(s_.assured));
    arm_refresh();
    if (s_.life == life::cancelling || s_.exchange == exchange::withdrawing) send_cancel();
    if (s_.life == life::ending) send_bye();
    if (s_.exchange == exchange::offered && !s_.is_early_callee())
        trade(exchange::offer_declined);  // the peer repeats it, and it is told again
    settle();
}

}  // namespace holdfast::sip
