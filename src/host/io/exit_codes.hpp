// host/io/exit_codes.hpp: how our programs end, as sysexits.h numbers it. Units and scripts decide
// by them whether starting again makes sense.
#pragma once

namespace holdfast::host::exit_codes {

inline constexpr int usage = 64;          ///< Wrong arguments.
inline constexpr int unavailable = 69;    ///< What is needed is not there (now): a port, a daemon.
inline constexpr int configuration = 78;  ///< Wrong settings: starting again does not help.

}  // namespace holdfast::host::exit_codes
