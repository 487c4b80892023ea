// sip/screening.hpp: what a UAS checks before it looks at what a request wants (RFC 3261 8.2).
#pragma once
#include "sip/core.hpp"

namespace holdfast::sip {

/// False where core's message was refused: 501, 405, 482, 483, 420, 415, 400 or 422.
bool passes_screening(Core& core);

/// Methods that mean nothing outside a dialog.
bool needs_dialog(Method method);

}  // namespace holdfast::sip
