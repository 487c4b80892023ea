// boards/olimex-h405/watchdog.hpp: the independent watchdog: its own oscillator, and nothing can
// stop it.
#pragma once

namespace holdfast::h405 {

/// Who does not feed it for 4 s is reset. The boot loader starts it, so that also an image that
/// never gets as far as its loop is given up.
void start_watchdog();
void feed_watchdog();

}  // namespace holdfast::h405
