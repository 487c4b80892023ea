// The session timer of a session: RFC 4028.
#include "sip/session_room.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace holdfast::sip {

/// 7.1 and 7.4: what our INVITE and UPDATE say. The refresher is who acts as UAC in that request.
void SessionRoom::add_offer_fields(Writer& writer, bool first) const {
    writer.field(Header::allow, core_.allow_text);
    writer.field(Header::supported, core_.supported_text);
    writer.field(Header::user_agent, core_.settings.product);
    const auto& terms = s_.refresh;
    if (first) {
        const auto interval = std::max(core_.timer_limits.interval_s, terms.min_se_s);
        writer.field(Header::session_expires, interval);
    } else if (terms.interval_s != 0) {
        writer.field(
            Header::session_expires,
            session_expires_text(terms.interval_s, terms.by_us ? Refresher::uac : Refresher::uas));
    } else {
        return;
    }
    writer.field(Header::min_se, std::max(core_.timer_limits.min_se_s, terms.min_se_s));
}

/// 9: what our 2xx says. `Require` only where the peer knows the extension.
void SessionRoom::add_timer_answer(Writer& writer) const {
    if (s_.refresh.interval_s == 0) return;
    if (s_.peer_has_timer) writer.field(Header::require, "timer");
    writer.field(Header::session_expires,
                 session_expires_text(s_.refresh.interval_s,
                                      s_.refresh.by_us ? Refresher::uas : Refresher::uac));
}

bool SessionRoom::refuse_small_interval() {
    const auto wish = timer_wish(core_.message);
    if (!wish || !answer_timer(*wish, core_.timer_limits).too_small) return false;
    core_.count(Denial::interval_too_small);
    const ExtraHeader least{Header::min_se, fmt::format("{}", core_.timer_limits.min_se_s)};
    core_.respond(request_, 422, {&least, 1});
    return true;
}

void SessionRoom::agree_as_callee() {
    const auto wish = timer_wish(core_.message);
    const auto terms = answer_timer(wish.value_or(TimerWish{}), core_.timer_limits);
    s_.peer_has_timer = wish && wish->supported;
    s_.refresh.interval_s = terms.interval_s;
    s_.refresh.by_us = terms.refresher == Refresher::uas;
}

void SessionRoom::agree_as_caller() {
    const auto wish = timer_wish(core_.message);
    const bool timed = wish && wish->expires;
    // 7.2: no Session-Expires, no expiry; whoever does not name a refresher leaves it to us.
    const bool by_us = timed && wish->expires->refresher != Refresher::uas;
    agree(s_.refresh, timed ? wish->expires->seconds : 0, by_us, core_.now);
    arm_refresh();
}

void SessionRoom::arm_refresh() {
    const Instant at = std::min(s_.refresh.due, s_.refresh.expires);
    if (at == never) return core_.deadlines.stop(s_.refresh_timer);
    const DeadlineKey key{
        DeadlineOwner::session, SessionTimer{SessionTimer::refresh, 0}.byte(), id_.value};
    core_.deadlines.arm(s_.refresh_timer, std::max(at, core_.now), key);
}

void SessionRoom::refresh_due() {
    if (s_.life != life::confirmed) return;
    if (core_.now >= s_.refresh.expires) return lose(EndCause::session_expired);
    s_.refresh.due = never;  // set again by the answer
    core_.mark_changed(id_, s_);
    arm_refresh();
    if (!s_.unbound) send_refresh();
}

void SessionRoom::send_refresh() {
    if (!s_.peer_allows.has(Method::update)) {
        s_.refresh_wanted = true;
        return settle();
    }
    const auto branch = core_.transactions.new_branch();
    std::string bytes;
    Writer writer = begin(bytes, Method::update, branch);
    writer.field(Header::contact, s_.dialog.contact);
    add_offer_fields(writer, false);
    writer.finish();  // 7.4: an UPDATE that only refreshes has no offer
    send(Method::update, branch, std::move(bytes), owner(Purpose::refresh));
}

void SessionRoom::refresh_response(ClientId client) {
    const Message& answer = core_.message;
    const int status = answer.status();
    const auto* sent = core_.transactions.find(client);
    if (status < 200 || sent == nullptr) return;
    if (status < 300) {
        refresh_target(s_.dialog, answer);
        choose_hop();
        agree_as_caller();
        return core_.mark_changed(id_, s_);
    }
    ClientId next;
    if (status == 401 || status == 407)
        next = core_.answer_challenge(*sent, s_.credentials, s_.dialog.local_cseq + 1);
    else if (status == 422)
        next = try_longer_interval(*sent);
    if (next)
        ++s_.dialog.local_cseq;
    else
        refresh_failed(status);
}

void SessionRoom::refresh_failed(int status) {
    if (status == 408 || status == 481) return lose(EndCause::gone);
    if (status == 405 || status == 501) s_.peer_allows = s_.peer_allows - MethodSet{Method::update};
    // Another try before the session expires; 491 crossed an offer of the peer.
    const bool soon = status == 405 || status == 501;
    const Micros left = std::max<Micros>(s_.refresh.expires - core_.now, 0s);
    const Micros wait = soon ? Micros{} : status == 491 ? glare_wait() : left / 2;
    if (wait < left) s_.refresh.due = core_.now + wait;
    arm_refresh();
    core_.mark_changed(id_, s_);
}

ClientId SessionRoom::try_longer_interval(const ClientTransaction& sent) {
    const auto wish = timer_wish(core_.message);
    constexpr std::uint32_t longest = 86'400;  // a day: a peer that asks for more is not served
    if (!wish || wish->min_se_s <= s_.refresh.min_se_s || wish->min_se_s > longest) return {};
    s_.refresh.min_se_s = wish->min_se_s;
    const auto own =
        s_.refresh.interval_s != 0 ? s_.refresh.interval_s : core_.timer_limits.interval_s;
    const std::array<ExtraHeader, 2> longer{
        {{Header::session_expires, fmt::format("{}", std::max(own, wish->min_se_s))},
         {Header::min_se, fmt::format("{}", wish->min_se_s)}}};
    const auto& request = sent.request;
    return core_.send_again(
        sent, sent.owner, request.hop, request.tls_name, s_.dialog.local_cseq + 1, longer);
}

}  // namespace holdfast::sip
