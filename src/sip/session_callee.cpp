// An INVITE of the peer, until its ACK: RFC 3261 13.3 and 9.2.
#include "sip/next_hop.hpp"
#include "sip/reason.hpp"
#include "sip/session_body.hpp"
#include "sip/session_room.hpp"
#include "sip/token.hpp"

namespace holdfast::sip {

bool SessionRoom::take_invite() {
    const Message& invite = core_.message;
    const auto tag = random_token(core_.random);
    s_.server = core_.transactions.open(invite, core_.from, tag);
    if (!s_.server) return false;
    core_.transactions.find(s_.server)->session = id_;
    core_.untried.push_back(s_.server);
    open_as_callee(s_.dialog, invite, tag);
    s_.dialog.local_cseq = core_.random.below(1000);
    s_.invite_cseq = invite.cseq().number;
    s_.hop = core_.from;
    s_.fixed_hop = behind_nat(invite, core_.from);
    choose_hop();
    const bool secure = invite.request_uri().scheme == Uri::Scheme::sips;
    s_.dialog.contact = core_.contact(invite.request_uri().user, s_.hop, secure);
    learn_peer();
    s_.remote_sdp = sdp_of(invite);
    s_.answer_owed = s_.remote_sdp.empty();
    agree_as_callee();
    core_.index(id_, s_);
    const auto asked = core_.settings.assures ? Header::supported : Header::require;
    if (invite.lists(asked, "100rel") || invite.lists(Header::require, "100rel"))
        assure(assured::wished);
    live(life::invite_arrived);
    trade(exchange::first_arrived);
    core_.tell(InviteArrived{id_, &invite, core_.from});
    return true;
}

void SessionRoom::respond_with_sdp(TransactionId id,
                                   int status,
                                   std::string_view sdp,
                                   std::span<const ExtraHeader> extra) {
    const auto* transaction = core_.transactions.find(id);
    if (transaction == nullptr) return;
    Writer writer = core_.transactions.begin(id, status);
    if (!transaction->in_dialog)  // 12.1.1: the UAC makes its route set of these
        for (const auto& route : s_.dialog.route_set)
            writer.field(Header::record_route, route);
    writer.field(Header::contact, s_.dialog.contact);
    writer.field(Header::allow, core_.allow_text);
    writer.field(Header::supported, core_.supported_text);
    if (status >= 200 && transaction->method != Method::prack) add_timer_answer(writer);
    writer.field(Header::server, core_.settings.product);
    for (const auto& header : extra)
        writer.field(header.name, header.value);
    writer.finish("application/sdp", sdp);
    core_.transactions.commit(id);
}

void SessionRoom::progress(int status, std::string_view sdp, std::span<const ExtraHeader> extra) {
    ensure(s_.is_early_callee(), "only an INVITE that arrived makes progress");
    ensure(status > 100 && status < 200, "a provisional response");
    reply_ = {status, std::string{sdp}, {extra.begin(), extra.end()}};
    assure(assured::progress_asked);
    live(life::progressed);
    core_.mark_changed(id_, s_);
}

void SessionRoom::answer(std::string_view sdp, std::span<const ExtraHeader> extra) {
    ensure(s_.is_early_callee(), "only an INVITE that arrived is answered");
    reply_ = {200, std::string{sdp}, {extra.begin(), extra.end()}};
    assure(assured::answer_asked);
}

void SessionRoom::send_answer() {
    // RFC 6337 3.1: what was answered before is not answered again; another description is said by
    // a re-INVITE, when its turn has come.
    const bool settled = s_.exchange == exchange::early;
    if (!settled)
        s_.local_sdp = reply_.sdp;
    else if (reply_.sdp != s_.local_sdp && s_.wanted_offer.empty())
        s_.wanted_offer = reply_.sdp;
    s_.first_unacked = true;
    s_.ok_interval = core_.transactions.spans().t1 / 2;  // doubled before its first use
    agree(s_.refresh, s_.refresh.interval_s, s_.refresh.by_us, core_.now);
    respond_with_sdp(s_.server, 200, settled ? std::string{} : reply_.sdp, reply_.extra);
    live(life::answered);
    trade(exchange::offer_accepted);
    arm_refresh();
}

void SessionRoom::refuse(int status, std::span<const ExtraHeader> extra) {
    ensure(s_.is_early_callee(), "only an INVITE that arrived is refused");
    ensure(status >= 300, "a refusal");
    refuse_invite(status, extra);
    s_.announced = true;
    live(life::refused);
}

void SessionRoom::refuse_invite(int status, std::span<const ExtraHeader> extra) {
    if (s_.reason.empty()) return core_.respond(s_.server, status, extra);
    const ExtraHeader why{Header::reason, s_.reason};
    core_.respond(s_.server, status, {&why, 1});
}

void SessionRoom::take_cancel() {
    if (!s_.is_early_callee()) return;  // 9.2: no effect after the final response
    s_.cause = EndCause::peer_cancel;
    s_.last = &core_.message;
    s_.q850 = q850_of(core_.message);
    live(life::cancel_arrived);
}

void SessionRoom::take_ack() {
    const Message& ack = core_.message;
    if (ack.cseq().number != s_.invite_cseq) return core_.count(Denial::stray_ack);
    if (s_.exchange != exchange::accepted) return;  // each repetition of a 2xx gets one
    acked_sdp_ = s_.answer_owed ? sdp_of(ack) : std::string_view{};
    if (s_.answer_owed) s_.remote_sdp = acked_sdp_;
    s_.answer_owed = false;
    s_.first_unacked = false;
    trade(exchange::ack_arrived);
    live(life::acked);
    settle();
}

}  // namespace holdfast::sip
