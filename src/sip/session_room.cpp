// What the rows of the session machines order, as a list.
#include "sip/session_room.hpp"

#include "sip/session_body.hpp"

#include <algorithm>

namespace holdfast::sip {

void SessionRoom::live(life::Machine::Cause cause) {
    if (s_.is_over()) return;
    const auto* row = step<life::Machine>(s_.life, cause, *this);
    if (row != nullptr && row->from != row->to) core_.mark_changed(id_, s_);
    if (s_.is_over()) release();
}

void SessionRoom::trade(exchange::Machine::Cause cause) {
    const auto* row = step<exchange::Machine>(s_.exchange, cause, *this);
    if (row != nullptr && row->from != row->to) core_.mark_changed(id_, s_);
}

void SessionRoom::settle() {
    if (s_.exchange != exchange::stable || s_.life != life::confirmed || s_.unbound) return;
    if (s_.wanted_offer.empty() && !s_.refresh_wanted) return;
    trade(exchange::offer_asked);
    check_sent();
}

void SessionRoom::check_sent() {
    if (s_.exchange != exchange::offering || core_.transactions.find(s_.client) != nullptr) return;
    s_.refusal = 503;
    trade(exchange::offer_refused);
}

void SessionRoom::release() {
    trade(exchange::stopped);
    assure(assured::stopped);
    core_.deadlines.stop(s_.refresh_timer);
    core_.over.push_back(id_);
}

void SessionRoom::start(life::Timer timer) {
    const auto span = [&]() -> Micros {
        switch (timer) {
            case life::no_final:  // RFC 3261 16.6: timer C
                return core_.settings.invite_without_final;
            case life::cancel_limit:  // 9.1
                return core_.transactions.spans().patience();
            case life::ring_again:  // 13.3.1.1
                return 60s;
            case life::bye_limit:  // a BYE and its answer to a challenge, or a phone coming back
                return 2 * core_.transactions.spans().patience();
        }
        return {};
    }();
    const auto at = static_cast<std::uint8_t>(timer);
    const DeadlineKey key{
        DeadlineOwner::session, SessionTimer{SessionTimer::life, at}.byte(), id_.value};
    core_.deadlines.arm(s_.life_timers[at], core_.now + span, key);
}

void SessionRoom::start(exchange::Timer timer) {
    const auto& spans = core_.transactions.spans();
    const auto span = [&]() -> Micros {
        switch (timer) {
            case exchange::offer_limit:
                return core_.settings.invite_without_final;
            case exchange::withdraw_limit:  // 9.1
            case exchange::ack_limit:       // 13.3.1.4
                return spans.patience();
            case exchange::glare_wait:
                return glare_wait();
            case exchange::ok_again:  // 13.3.1.4
                s_.ok_interval = std::min(2 * s_.ok_interval, spans.t2);
                return s_.ok_interval;
        }
        return {};
    }();
    const auto at = static_cast<std::uint8_t>(timer);
    const DeadlineKey key{
        DeadlineOwner::session, SessionTimer{SessionTimer::exchange, at}.byte(), id_.value};
    core_.deadlines.arm(s_.exchange_timers[at], core_.now + span, key);
}

void SessionRoom::stop(life::Timer timer) {
    core_.deadlines.stop(s_.life_timers[static_cast<std::size_t>(timer)]);
}

void SessionRoom::stop(exchange::Timer timer) {
    core_.deadlines.stop(s_.exchange_timers[static_cast<std::size_t>(timer)]);
}

void SessionRoom::deadline(SessionTimer timer) {
    switch (timer.kind) {
        case SessionTimer::life:
            return live(static_cast<life::Timer>(timer.timer));
        case SessionTimer::exchange:
            trade(static_cast<exchange::Timer>(timer.timer));
            check_sent();
            return settle();
        case SessionTimer::refresh:
            return refresh_due();
        case SessionTimer::assured:
            return assure(static_cast<assured::Timer>(timer.timer));
    }
}

void SessionRoom::perform(life::Action action) {
    using enum life::Action;
    switch (action) {
        case tell_rang:
            return core_.tell(SessionRang{
                id_, core_.message.status(), sdp_of(core_.message), core_.message.to_tag()});
        case tell_answered:
            return core_.tell(SessionAnswered{id_, s_.remote_sdp, &core_.message});
        case tell_refused:
            return this->tell_refused();
        case tell_ended:
            return this->tell_ended();
        case note_timeout:
            s_.timed_out = true;
            return;
        case send_cancel:
            return this->send_cancel();
        case send_bye:
            return this->send_bye();
        case send_owed_bye:
            if (s_.bye_owed) this->send_bye();
            return;
        case send_progress:
            return progress_again();
        case decline:
            return refuse_invite(603, {});
        case terminate_invite:
            return refuse_invite(487, {});
        case refuse_unheard:  // RFC 3262 3
            return refuse_invite(504, {});
        case forget_invite:
            return core_.transactions.abandon(s_.client);
    }
}

void SessionRoom::perform(exchange::Action action) {
    using enum exchange::Action;
    switch (action) {
        case send_offer:
            return this->send_offer();
        case send_cancel:
            return this->send_cancel();
        case tell_refused:
            return core_.tell(OfferRefused{id_, s_.refusal});
        case tell_offer:
            return this->tell_offer();
        case tell_acked:
            core_.transactions.acknowledged(s_.server);
            return core_.tell(SessionAcked{id_, acked_sdp_});
        case imply_ack:
            s_.first_unacked = false;
            return;
        case refuse_pending:
            return refuse_crossing(Denial::request_pending);
        case refuse_busy:
            return refuse_crossing(Denial::busy_with_offer);
        case repeat_ok:
            return core_.transactions.resend(s_.server);
        case lose_dialog:
            return lose(EndCause::no_ack);
        case forget_offer:
            s_.refusal = 408;
            return core_.transactions.abandon(s_.client);
    }
}

}  // namespace holdfast::sip
