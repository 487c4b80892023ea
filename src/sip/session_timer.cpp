#include "sip/session_timer.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace holdfast::sip {

std::expected<TimerWish, Fault> timer_wish(const Message& message) {
    TimerWish wish;
    wish.supported = message.lists(Header::supported, "timer");
    if (const auto value = message.first(Header::session_expires)) {
        const auto expires = parse_session_expires(*value);
        if (!expires) return std::unexpected{expires.error()};
        wish.expires = *expires;
    }
    if (const auto value = message.first(Header::min_se)) {
        const auto least = parse_number(value->substr(0, value->find(';')), 0x7fff'ffff);
        if (!least) return std::unexpected{least.error()};
        wish.min_se_s = *least;
    }
    return wish;
}

TimerAnswer answer_timer(const TimerWish& wish, const TimerLimits& limits) {
    if (!wish.expires && !wish.supported) return {};
    // RFC 4028 9, table 2: who asks is obeyed; a peer without the extension cannot refresh.
    auto refresher = wish.expires ? wish.expires->refresher : Refresher::none;
    if (refresher == Refresher::none || !wish.supported) refresher = Refresher::uas;
    if (!wish.expires) return {false, std::max(limits.interval_s, wish.min_se_s), refresher};

    // Only a peer that knows the extension knows what to do with a 422.
    if (wish.expires->seconds < limits.min_se_s && wish.supported) return {true, 0, refresher};
    const auto least = std::max(wish.min_se_s, limits.min_se_s);
    const auto interval = std::min(wish.expires->seconds, limits.interval_s);
    return {false, std::max(interval, least), refresher};
}

void agree(RefreshTerms& terms, std::uint32_t interval_s, bool by_us, Instant now) {
    terms.interval_s = interval_s;
    terms.by_us = by_us && interval_s != 0;
    terms.due = terms.expires = never;
    if (interval_s == 0) return;
    const Micros interval = std::chrono::seconds{interval_s};
    if (by_us) {
        terms.due = now + interval / 2;
        terms.expires = now + interval;
    } else {
        terms.expires = now + interval - std::min<Micros>(32s, interval / 3);
    }
}

std::string session_expires_text(std::uint32_t interval_s, Refresher refresher) {
    if (refresher == Refresher::none) return fmt::format("{}", interval_s);
    return fmt::format("{};refresher={}", interval_s, refresher == Refresher::uac ? "uac" : "uas");
}

}  // namespace holdfast::sip
