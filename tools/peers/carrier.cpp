#include "peers/carrier.hpp"

#include <fmt/format.h>

#include <utility>

namespace holdfast::peers {

Carrier::Carrier(const Endpoint& at, std::uint64_t seed, const Endpoint& exchange)
    : Peer{at, seed}, exchange_{exchange} {}

SessionId Carrier::call_in(std::string_view number,
                           std::string_view dialled,
                           Patience patience,
                           Instant now) {
    now_ = std::max(now_, now);
    const auto server = text_of(exchange_.address);
    sip::InviteOrder order;
    order.request_uri = fmt::format("sip:{}@{}:{}", dialled, server.view(), exchange_.port);
    order.targets = {hop_to(exchange_)};
    order.from_display = "Caller";
    order.from_uri = uri_here(number);
    order.to_uri = order.request_uri;
    order.contact_user = "trunk";
    order.offer = offer();
    const auto id = sip_->invite(order, now_);
    calls_[id].patience = patience;
    ++figures_.called;
    if (patience.hangs_up_after > 0s) after(patience.hangs_up_after, [this, id] { hang_up(id); });
    settle();
    return id;
}

void Carrier::hang_up(SessionId id) {
    const auto it = calls_.find(id);
    if (it == calls_.end() || std::exchange(it->second.ended, true)) return;
    sip_->end(id, {}, now_);
}

void Carrier::hold(SessionId id, bool on) {
    const auto it = calls_.find(id);
    if (it == calls_.end() || it->second.ended) return;
    using sip::sdp::Direction;
    sip_->offer(id, offer(on ? Direction::sendonly : Direction::sendrecv), now_);
    if (on) after(it->second.patience.holds_for, [this, id] { hold(id, false); });
}

void Carrier::hang_up_all(Instant now) {
    now_ = std::max(now_, now);
    for (auto& [id, call] : calls_)
        if (!std::exchange(call.ended, true)) sip_->end(id, {}, now_);
    settle();
}

SessionId Carrier::nth(std::size_t n) const {
    for (const auto& [id, call] : calls_)
        if (!call.ended && n-- == 0) return id;
    return {};
}

void Carrier::hang_up(std::size_t n, Instant now) {
    now_ = std::max(now_, now);
    hang_up(nth(n));
    settle();
}

void Carrier::hold_call(std::size_t n, bool on, Instant now) {
    now_ = std::max(now_, now);
    hold(nth(n), on);
    settle();
}

void Carrier::on(const sip::InviteArrived& event) {
    const auto id = event.session;
    const int status = decide_callee(random_);
    calls_[id];
    sip_->progress(id, 180, {}, now_);
    after(answers_after, [this, id, status, sdp = std::string{event.message->body()}] {
        if (!calls_.contains(id)) return;
        if (status == 0) return sip_->answer(id, sdp.empty() ? offer() : answer(sdp), {}, now_);
        calls_.erase(id);
        sip_->refuse(id, status, {}, now_);
    });
}

void Carrier::on(const sip::SessionRang& event) {
    tell(event.session, Heard::progress);
}

void Carrier::on(const sip::SessionAnswered& event) {
    ++figures_.answered;
    tell(event.session, Heard::answered);
    const auto it = calls_.find(event.session);
    if (it == calls_.end() || it->second.patience.holds_after == 0s) return;
    after(it->second.patience.holds_after, [this, id = event.session] { hold(id, true); });
}

void Carrier::on(const sip::SessionRefused& event) {
    ++figures_.refused;
    ++figures_.by_status[event.status];
    calls_.erase(event.session);
    tell(event.session, Heard::refused);
}

void Carrier::on(const sip::SessionEnded& event) {
    ++figures_.ended;
    tell(event.session, Heard::ended);
    calls_.erase(event.session);
}

}  // namespace holdfast::peers
