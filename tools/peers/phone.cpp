#include "peers/phone.hpp"

#include <fmt/format.h>

#include <array>
#include <span>
#include <utility>

namespace holdfast::peers {
namespace {

sip::RegistrationSettings registration_of(const Endpoint& at, const Phone::Account& a) {
    const auto server = text_of(a.server.address);
    const auto here = text_of(at.address);
    sip::RegistrationSettings r;
    r.registrar_uri = fmt::format("sip:{}:{}", server.view(), a.server.port);
    r.aor = fmt::format("sip:{}@{}:{}", a.user, server.view(), a.server.port);
    r.expires_s = a.expires_s;
    r.targets = {{{sip::Transport::udp, ListenerId{1}, {}, a.server},
                  {},
                  fmt::format("<sip:{}@{}:{}>", a.user, here.view(), at.port)}};
    r.credentials = {a.auth_user, a.password, a.realm};
    return r;
}

}  // namespace

Phone::Phone(const Endpoint& at, std::uint64_t seed, Account account)
    : Peer{at, seed},
      account_{std::move(account)},
      registration_{registration_of(at, account_), *deadlines_, random_} {}

void Phone::switch_on(Instant now) {
    now_ = std::max(now_, now);
    registration_.start(now_);
    drain_registration();
}

void Phone::switch_off(Instant now) {
    now_ = std::max(now_, now);
    registration_.stop(now_);
    drain_registration();
}

void Phone::drain_registration() {
    while (const auto order = registration_.next_request())
        registering_ = sip_->request(*order, now_);
    while (registration_.next_news()) {}
}

void Phone::dial(std::string_view number, Instant now) {
    now_ = std::max(now_, now);
    invite(number, {});
}

void Phone::take_over(const std::string& replaces, Instant now, std::string_view number) {
    now_ = std::max(now_, now);
    invite(number, {{sip::Header::replaces, replaces}});
}

void Phone::invite(std::string_view number, std::vector<sip::ExtraHeader> extra) {
    const auto server = text_of(account_.server.address);
    sip::InviteOrder order;
    order.request_uri = fmt::format("sip:{}@{}:{}", number, server.view(), account_.server.port);
    order.targets = {hop_to(account_.server)};
    order.from_uri =
        fmt::format("sip:{}@{}:{}", account_.user, server.view(), account_.server.port);
    order.to_uri = order.request_uri;
    order.contact_user = account_.user;
    order.offer = offer();
    order.extra = std::move(extra);
    order.credentials = {account_.auth_user, account_.password, account_.realm};
    const auto id = sip_->invite(order, now_);
    calls_[id].ours = true;
    settle();
}

void Phone::press(char digit, Instant now) {
    now_ = std::max(now_, now);
    for (const auto& [id, call] : calls_)
        if (call.answered)
            sip_->request_in_dialog(id,
                                    sip::Method::info,
                                    {},
                                    "application/dtmf-relay",
                                    fmt::format("Signal={}\r\nDuration=100\r\n", digit),
                                    now_);
    settle();
}

void Phone::hang_up_all(Instant now) {
    now_ = std::max(now_, now);
    for (auto& [id, call] : calls_)
        if (!std::exchange(call.ended, true)) sip_->end(id, {}, now_);
    settle();
}

SessionId Phone::nth(std::size_t n) const {
    for (const auto& [id, call] : calls_)
        if (!call.ended && n-- == 0) return id;
    return {};
}

std::size_t Phone::open_calls() const {
    std::size_t n = 0;
    while (nth(n))
        ++n;
    return n;
}

void Phone::hold_call(std::size_t n, bool on, Instant now) {
    now_ = std::max(now_, now);
    const SessionId id = nth(n);
    if (!id || !calls_[id].answered) return;
    calls_[id].held = on;
    say_hold(id, calls_[id].manner.holds_by, on);
    settle();
}

void Phone::hang_up(std::size_t n, Instant now) {
    now_ = std::max(now_, now);
    const SessionId id = nth(n);
    if (!id) return;
    calls_[id].ended = true;
    sip_->end(id, {}, now_);
    settle();
}

void Phone::send_refer(SessionId id, const std::string& refer_to) {
    const std::array extra{
        sip::ExtraHeader{sip::Header::refer_to, refer_to},
        sip::ExtraHeader{sip::Header::referred_by, fmt::format("<{}>", uri_here(account_.user))}};
    referring_ = sip_->request_in_dialog(id, sip::Method::refer, extra, {}, {}, now_);
}

void Phone::pass_on(std::size_t n, std::string_view number, bool hangs_up, Instant now) {
    now_ = std::max(now_, now);
    const SessionId id = nth(n);
    if (!id || !calls_[id].answered) return;
    const auto server = text_of(account_.server.address);
    send_refer(id, fmt::format("<sip:{}@{}:{}>", number, server.view(), account_.server.port));
    if (hangs_up) {
        calls_[id].ended = true;
        sip_->end(id, {}, now_);
    }
    settle();
}

std::string Phone::target_dialog(std::size_t n) const {
    const auto record = sip_->record(nth(n));
    if (!record) return {};
    const auto& d = record->dialog;
    return fmt::format("{};local-tag={};remote-tag={}", d.call_id, d.local_tag, d.remote_tag);
}

void Phone::refer_outside(const std::string& target_dialog,
                          std::string_view number,
                          bool silent,
                          Instant now) {
    now_ = std::max(now_, now);
    const auto server = text_of(account_.server.address);
    const auto at = fmt::format("{}:{}", server.view(), account_.server.port);
    sip::RequestOrder order;
    order.method = sip::Method::refer;
    order.request_uri = order.to_uri = fmt::format("sip:acd@{}", at);
    order.target = hop_to(account_.server);
    order.from_uri = fmt::format("sip:{}@{}", account_.user, at);
    order.contact = fmt::format("<{}>", uri_here(account_.user));
    order.extra = {{sip::Header::refer_to, fmt::format("<sip:{}@{}>", number, at)}};
    if (!target_dialog.empty()) order.extra.push_back({sip::Header::target_dialog, target_dialog});
    if (silent) order.extra.push_back({sip::Header::refer_sub, "false"});
    order.credentials = {account_.auth_user, account_.password, account_.realm};
    referring_ = sip_->request(order, now_);
    settle();
}

std::string Phone::replaces(std::size_t n, bool tags_swapped) const {
    const auto record = sip_->record(nth(n));
    if (!record) return {};
    const auto& d = record->dialog;
    return fmt::format("{};to-tag={};from-tag={}",
                       d.call_id,
                       tags_swapped ? d.local_tag : d.remote_tag,
                       tags_swapped ? d.remote_tag : d.local_tag);
}

void Phone::join_calls(bool in_second, bool tags_swapped, Instant now) {
    now_ = std::max(now_, now);
    const SessionId in = nth(in_second ? 1 : 0), other = nth(in_second ? 0 : 1);
    const auto record = other ? sip_->record(other) : std::nullopt;
    if (!in || !record || !calls_[in].answered) return;
    const auto& d = record->dialog;
    const auto& theirs = d.remote_tag.empty() ? calls_[other].early_tag : d.remote_tag;
    const auto server = text_of(account_.server.address);
    // From the point of view of who gets the INVITE: its own tag is the to-tag (RFC 3891 3).
    send_refer(in,
               fmt::format("<sip:x@{}:{}?Replaces={}%3Bto-tag%3D{}%3Bfrom-tag%3D{}>",
                           server.view(),
                           account_.server.port,
                           d.call_id,
                           tags_swapped ? d.local_tag : theirs,
                           tags_swapped ? theirs : d.local_tag));
    settle();
}

void Phone::on(const sip::RequestArrived& event) {
    if (event.message->method() == sip::Method::notify)
        notified_.emplace_back(event.message->body().substr(0, event.message->body().find("\r\n")));
    Peer::on(event);
}

void Phone::on(const sip::SessionRang& event) {
    if (const auto it = calls_.find(event.session); it != calls_.end())
        it->second.early_tag = event.to_tag;
}

std::size_t Phone::talking() const {
    std::size_t n = 0;
    for (const auto& [id, call] : calls_)
        if (call.answered && !call.ended) ++n;
    return n;
}

std::size_t Phone::rung() const {
    std::size_t n = 0;
    for (const auto& [id, call] : calls_)
        if (!call.ours && !call.answered && !call.ended) ++n;
    return n;
}

std::size_t Phone::answered() const {
    std::size_t n = 0;
    for (const auto& [id, call] : calls_)
        if (!call.ours && call.answered && !call.ended) ++n;
    return n;
}

void Phone::on(const sip::SessionAnswered& event) {
    const auto it = calls_.find(event.session);
    if (it == calls_.end()) return;
    it->second.answered = true;
    tell(*this, "talking");
}

void Phone::on(const sip::SessionRefused& event) {
    calls_.erase(event.session);
    tell(*this, fmt::format("refused {}", event.status));
}

void Phone::on(const sip::SessionEnded& event) {
    if (calls_.erase(event.session) > 0) tell(*this, "ended");
}

void Phone::on(const sip::RequestAnswered& event) {
    if (event.request && event.request == referring_)
        notified_.push_back(fmt::format("REFER {}", event.status));
    if (event.request == registering_) registration_.answered(event.status, event.message, now_);
    drain_registration();
}

void Phone::on_deadline(const DeadlineKey& key) {
    if (key.owner != DeadlineOwner::registration) return;
    registration_.deadline(key, now_);
    drain_registration();
}

void Phone::on(const sip::InviteArrived& event) {
    const auto id = event.session;
    auto& call = calls_[id];
    call.offer = event.message->body();
    call.manner = decide(random_);
    display_ = sip::clean_display(event.message->from().display);
    diversion_ = event.message->first(sip::Header::diversion).value_or("");
    if (calls_.size() > 1 && !second_line) {
        sip_->refuse(id, 486, {}, now_);
        calls_.erase(id);
        return;
    }
    after(call.manner.rings_after, [this, id] {
        const auto it = calls_.find(id);
        if (it == calls_.end()) return;
        sip_->progress(id, 180, {}, now_);
        tell(*this, "ringing");
        const auto& m = it->second.manner;
        if (m.rejects_with == 0 && !m.answers) return;
        after(m.answers_after, [this, id] { answer_call(id); });
    });
}

void Phone::answer_call(SessionId id) {
    const auto it = calls_.find(id);
    if (it == calls_.end() || it->second.ended) return;
    auto& call = it->second;
    if (call.manner.rejects_with != 0) {
        const std::array forwards{
            sip::ExtraHeader{sip::Header::contact, fmt::format("<{}>", call.manner.forwards_to)}};
        const bool elsewhere = call.manner.rejects_with / 100 == 3;
        sip_->refuse(
            id, call.manner.rejects_with, std::span{forwards}.first(elsewhere ? 1 : 0), now_);
        calls_.erase(it);
        return tell(*this, "ended");
    }
    call.answered = true;
    sip_->answer(id, call.offer.empty() ? offer() : answer(call.offer), {}, now_);
    tell(*this, "talking");
    talk(id);
}

void Phone::talk(SessionId id) {
    const auto& m = calls_[id].manner;
    if (m.talks_for > 0s)
        after(m.talks_for, [this, id] {
            const auto it = calls_.find(id);
            if (it == calls_.end() || std::exchange(it->second.ended, true)) return;
            sip_->end(id, {}, now_);
        });
    if (m.holds_after > 0s) after(m.holds_after, [this, id] { hold(id, true); });
}

void Phone::hold(SessionId id, bool on) {
    const auto it = calls_.find(id);
    if (it == calls_.end() || it->second.ended) return;
    it->second.held = on;
    const auto& manner = it->second.manner;
    say_hold(id, manner.holds_by, on);
    if (on && manner.holds_again) after(300ms, [this, id] { repeat_hold(id); });
    if (on) after(manner.holds_for, [this, id] { hold(id, false); });
}

void Phone::repeat_hold(SessionId id) {
    const auto it = calls_.find(id);
    if (it != calls_.end() && !it->second.ended && it->second.held)
        say_hold(id, it->second.manner.holds_by, true);
}

void Phone::say_hold(SessionId id, HoldForm form, bool on) {
    using sip::sdp::Direction;
    if (!on) {
        if (form == HoldForm::by_update) return update(id, offer());
        return sip_->offer(id, offer(), now_);
    }
    switch (form) {
        case HoldForm::sendonly:
            return sip_->offer(id, offer(Direction::sendonly), now_);
        case HoldForm::inactive:
            return sip_->offer(id, offer(Direction::inactive), now_);
        case HoldForm::zero_address: {  // RFC 2543 B.5: whatever the attribute says
            auto sdp = offer();
            const auto c = sdp.find("c=IN IP4 ") + 9;
            sdp.replace(c, sdp.find("\r\n", c) - c, "0.0.0.0");
            return sip_->offer(id, sdp, now_);
        }
        case HoldForm::by_update:
            return update(id, offer(Direction::sendonly));
    }
}

/// RFC 3311: an offer by UPDATE.
void Phone::update(SessionId id, const std::string& sdp) {
    sip_->request_in_dialog(id, sip::Method::update, {}, "application/sdp", sdp, now_);
}

}  // namespace holdfast::peers
