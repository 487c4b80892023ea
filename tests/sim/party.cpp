#include "base/codec.hpp"
#include "sim/race.hpp"

#include <utility>

namespace holdfast::sim {

void Party::speaks_only(AudioCodec codec) {
    local_.codecs.clear();
    static_cast<void>(local_.codecs.push_back(codec));
}

void Party::call(const Endpoint& exchange, Instant now) {
    now_ = std::max(now_, now);
    const auto server = text_of(exchange.address);
    sip::InviteOrder order;
    order.request_uri = fmt::format("sip:100@{}:{}", server.view(), exchange.port);
    order.targets = {hop_to(exchange)};
    order.from_uri = uri_here("0301234567");
    order.to_uri = order.request_uri;
    order.contact_user = "trunk";
    order.offer = offer();
    calls_[sip_->invite(order, now_)].ours = true;
    settle();
}

Party::Entry* Party::last() {
    for (auto it = calls_.rbegin(); it != calls_.rend(); ++it)
        if (!it->second.ended) return &*it;
    return nullptr;
}

const Party::Entry* Party::rung() const {
    const auto* call = last();
    return call != nullptr && !call->second.ours && !call->second.answered ? call : nullptr;
}

const Party::Entry* Party::now_ring() const {
    const auto* call = rung();
    return call != nullptr && !call->second.rang ? call : nullptr;
}

const Party::Entry* Party::connected() const {
    const auto* call = last();
    return call != nullptr && call->second.answered ? call : nullptr;
}

void Party::ring(Instant now) {
    now_ = std::max(now_, now);
    auto& [id, call] = *last();
    call.rang = true;
    sip_->progress(id, 180, {}, now_);
    settle();
}

void Party::answer(Instant now) {
    now_ = std::max(now_, now);
    auto& [id, call] = *last();
    call.answered = true;
    sip_->answer(id, Peer::answer(call.offer), {}, now_);
    settle();
}

void Party::reject(Instant now) {
    now_ = std::max(now_, now);
    const SessionId id = last()->first;
    calls_.erase(id);
    sip_->refuse(id, 486, {}, now_);
    settle();
}

void Party::hold(Instant now) {
    now_ = std::max(now_, now);
    auto& [id, call] = *last();
    call.held = !call.held;
    ++holds_;
    using sip::sdp::Direction;
    sip_->offer(id, offer(call.held ? Direction::sendonly : Direction::sendrecv), now_);
    settle();
}

void Party::hang_up(Instant now) {
    now_ = std::max(now_, now);
    auto& [id, call] = *last();
    call.ended = true;
    sip_->end(id, {}, now_);
    settle();
}

void Party::on(const sip::InviteArrived& event) {
    calls_[event.session].offer = event.message->body();
}

void Party::on(const sip::SessionAnswered& event) {
    if (const auto it = calls_.find(event.session); it != calls_.end()) it->second.answered = true;
}

std::size_t Party::talks() const {
    std::size_t n = 0;
    for (const auto& [id, call] : calls_)
        n += call.answered && !call.ended ? 1 : 0;
    return n;
}

std::string Party::state() const {
    std::string out;
    for (const auto& [id, call] : calls_) {
        out += fmt::format(
            "{}{}{}{}{}{} ", id.value, call.ours, call.rang, call.answered, call.held, call.ended);
        if (const auto record = sip_->record(id)) encode(*record, out);
    }
    const auto counts = sip_->counts();
    return out + fmt::format("{} {} {} {}",
                             holds_,
                             counts.sessions,
                             counts.client_transactions,
                             counts.server_transactions);
}

}  // namespace holdfast::sim
