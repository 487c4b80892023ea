// host/tool/exit_codes.hpp: how the program ends, by the numbers of sysexits.h.
#pragma once

namespace holdfast::tool {

inline constexpr int exit_done = 0;
inline constexpr int exit_refused = 1;       ///< By the daemon, with its sentence; a flawed ledger.
inline constexpr int exit_usage = 64;        ///< The command line is wrong.
inline constexpr int exit_no_input = 66;     ///< A named file cannot be read.
inline constexpr int exit_unavailable = 69;  ///< No daemon is there, or it does not answer.
inline constexpr int exit_settings = 78;     ///< The settings have faults.

}  // namespace holdfast::tool
