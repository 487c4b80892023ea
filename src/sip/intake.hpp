// sip/intake.hpp: what happens to a message before any session sees it.
#pragma once
#include "sip/core.hpp"

namespace holdfast::sip {

/// Takes one whole message that came by core's `from` at core's times.
void take_message(Core& core, std::string_view bytes);

/// Hands the outcome of a request of ours to whom it concerns.
void take_news(Core& core, const ClientNews& news);

/// Sends a request outside any INVITE session; zero at a limit.
RequestId send_request(Core& core, const RequestOrder& order);

}  // namespace holdfast::sip
