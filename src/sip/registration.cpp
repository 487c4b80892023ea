#include "sip/registration.hpp"

#include "base/ensure.hpp"
#include "sip/token.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace holdfast::sip {

using registration::Machine;

Registration::Registration(RegistrationSettings settings, Deadlines& deadlines, Random& random)
    : settings_{std::move(settings)},
      deadlines_{deadlines},
      random_{random},
      call_id_{random_token(random, 4)},
      tag_{random_token(random)},
      expires_s_{settings_.expires_s} {
    ensure(!settings_.targets.empty(), "a registration has a target");
}

void Registration::take(Machine::Cause cause) {
    step<Machine>(state_, cause, *this);
}

void Registration::start(Instant now) {
    now_ = now;
    take(registration::started);
}

void Registration::stop(Instant now) {
    now_ = now;
    take(registration::stopped);
}

void Registration::set_targets(std::vector<RegistrationTarget> targets) {
    if (targets.empty()) return;
    settings_.targets = std::move(targets);
    target_ = 0;
}

void Registration::answered(int status, const Message* message, Instant now) {
    now_ = now;
    status_ = status;
    retry_after_ = {};
    // Challenges used numbers too; where nothing came back, leave room for them.
    cseq_ = message != nullptr ? std::max(cseq_, message->cseq().number) : cseq_ + 10;
    if (status >= 200 && status < 300 && message != nullptr) {
        failures_ = 0;
        bound_until_ = now + std::chrono::seconds{granted_s(*message)};
        return take(registration::accepted);
    }
    if (message != nullptr) {
        if (const auto value = message->first(Header::retry_after))
            // 20.33: a comment or parameters may follow the seconds.
            if (const auto s = parse_number(value->substr(0, value->find_first_of(" ;(")), 86'400))
                retry_after_ = std::chrono::seconds{*s};
        const auto least = message->first(Header::min_expires);
        const auto least_s = least ? parse_number(*least, 0x7fff'ffff).value_or(0) : 0;
        if (status == 423 && least_s > expires_s_) {
            expires_s_ = least_s;
            return take(registration::interval_too_brief);
        }
    }
    const bool target_is_dead = status == 408 || status == 503 || status == 430;
    take(target_is_dead ? registration::target_failed : registration::refused);
}

void Registration::deadline(const DeadlineKey& key, Instant now) {
    now_ = now;
    take(static_cast<registration::Timer>(key.what));
}

std::optional<RequestOrder> Registration::next_request() {
    return std::exchange(request_, std::nullopt);
}

std::optional<RegistrationNews> Registration::next_news() {
    if (news_.empty()) return std::nullopt;
    const auto news = news_.front();
    news_.pop_front();
    return news;
}

void Registration::start(registration::Timer timer) {
    Instant at = now_;
    if (timer == registration::retry_due) {
        retry_at_ = at = now_ + backoff();
    } else {
        // Ten minutes before the end, or half-way of a short interval.
        const Micros left = bound_until_ - now_;
        at += left > Micros{1200s} ? left - Micros{600s} : std::max<Micros>(left / 2, 5s);
    }
    const auto index = static_cast<std::uint8_t>(timer);
    deadlines_.arm(timers_[index], at, {DeadlineOwner::registration, index, settings_.id});
}

void Registration::stop(registration::Timer timer) {
    deadlines_.stop(timers_[static_cast<std::size_t>(timer)]);
}

void Registration::perform(registration::Action action) {
    using enum registration::Action;
    switch (action) {
        case first_target:
            target_ = 0;
            return;
        case next_target:
            ++target_;
            return;
        case send_register:
            return order(expires_s_);
        case send_removal:
            return order(0);
        case tell_registered:
            return news_.push_back({RegistrationNews::What::registered, 200, bound_until_});
        case tell_failed:
            ++failures_;
            return news_.push_back({RegistrationNews::What::failed, status_, retry_at_});
        case tell_gone:
            bound_until_ = Instant::min();
            return news_.push_back({RegistrationNews::What::gone, 0, never});
    }
}

/// RFC 5626 4.5: twice the base for each failure in a row, at most half an hour, and of that a
/// random half to whole, so that not all come back at once. Retry-After is kept (RFC 3261 20.33).
Micros Registration::backoff() {
    constexpr Micros base = 30s, most = 1800s;
    const Micros upper = std::min(base * (2u << std::min(failures_, 10u)), most);
    const auto wait =
        upper / 2 + Micros{random_.below(static_cast<std::uint32_t>(upper.count() / 2))};
    return std::max(wait, retry_after_);
}

void Registration::order(std::uint32_t expires_s) {
    const auto& target = settings_.targets[std::min(target_, settings_.targets.size() - 1)];
    RequestOrder request;
    request.method = Method::register_;
    request.request_uri = settings_.registrar_uri;
    request.target = target.hop;
    request.tls_name = target.tls_name;
    request.from_display = settings_.display;
    request.from_uri = settings_.aor;
    request.from_tag = tag_;
    request.to_uri = settings_.aor;
    request.call_id = call_id_;  // 10.2: the same for all, with CSeq numbers that rise
    request.cseq = ++cseq_;
    request.contact = target.contact;
    request.route = settings_.route;
    request.credentials = settings_.credentials;
    request.extra.push_back({Header::expires, fmt::format("{}", expires_s)});
    request_ = std::move(request);
}

/// 10.2.4: the time is that of our Contact in the answer, else Expires, else what we asked for.
std::uint32_t Registration::granted_s(const Message& message) const {
    const auto own = parse_name_addr(settings_.targets[target_].contact);
    for (const std::string_view value : message.values(Header::contact)) {
        const auto contact = parse_name_addr(value);
        if (!contact || !own || !same_uri(contact->uri, own->uri)) continue;
        const auto text = find_parameter(contact->parameters, "expires");
        const auto seconds = text ? parse_number(*text, 0x7fff'ffff) : std::unexpected{Fault{}};
        if (seconds) return *seconds;
    }
    if (const auto value = message.first(Header::expires))
        if (const auto seconds = parse_number(*value, 0x7fff'ffff)) return *seconds;
    return expires_s_;
}

}  // namespace holdfast::sip
