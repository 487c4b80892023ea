// sip/session_timer.hpp: session timers (RFC 4028) as pure functions: what is asked, agreed and
// when it is due.
#pragma once
#include "base/time.hpp"
#include "sip/message.hpp"
#include "sip/session_record.hpp"

#include <cstdint>
#include <expected>
#include <optional>
#include <string>

namespace holdfast::sip {

using Refresher = SessionExpires::Refresher;

/// What an INVITE or UPDATE, or a 2xx to one, says about its session timer.
struct TimerWish {
    std::optional<SessionExpires> expires;
    std::uint32_t min_se_s = 0;
    bool supported = false;  ///< Supported lists "timer".
};
std::expected<TimerWish, Fault> timer_wish(const Message& message);

/// Our limits: what we ask for and at most accept, and the least that we accept.
struct TimerLimits {
    std::uint32_t interval_s = 1800;
    std::uint32_t min_se_s = 90;  ///< RFC 4028 5: never below 90.
};

/// The UAS's part (RFC 4028 9). `too_small`: refuse with 422 and our Min-SE.
struct TimerAnswer {
    bool too_small = false;
    std::uint32_t interval_s = 0;  ///< 0: no session timer.
    Refresher refresher = Refresher::none;
};
TimerAnswer answer_timer(const TimerWish& wish, const TimerLimits& limits);

/// Sets interval and instants of what was agreed: the refresher acts at half the interval; the
/// other one gives up a little before its end (RFC 4028 10).
void agree(RefreshTerms& terms, std::uint32_t interval_s, bool by_us, Instant now);

/// "1800;refresher=uac", or without the refresher for `none`.
std::string session_expires_text(std::uint32_t interval_s, Refresher refresher);

}  // namespace holdfast::sip
