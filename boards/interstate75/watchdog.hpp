// boards/interstate75/watchdog.hpp: resets the chip, and leaves its scratch registers alone.
#pragma once

namespace holdfast::i75 {

/// Who does not feed it for 4 s is reset. The boot loader starts it, so that also an image that
/// never gets as far as its loop is given up.
void start_watchdog();
void feed_watchdog();

}  // namespace holdfast::i75
