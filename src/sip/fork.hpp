// sip/fork.hpp: dialogs that an INVITE of ours made by the way and that nobody wants.
#pragma once
#include "sip/core.hpp"

namespace holdfast::sip {

/// Ends the dialog of the 2xx in core's message, which another fork answered too late, or after its
/// session was over: ACK, for RFC 3261 13.2.2.4 wants it, and BYE. Nobody hears of it. With
/// `fixed_hop` both go where the INVITE went.
void end_fork(Core& core, ClientId invite, bool fixed_hop);

}  // namespace holdfast::sip
