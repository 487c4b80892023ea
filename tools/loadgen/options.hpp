// loadgen/options.hpp: what the crowd shall do.
#pragma once
#include "base/time.hpp"

#include <cstdint>
#include <expected>
#include <string>
#include <vector>

namespace holdfast::loadgen {

/// Drawn evenly between both.
struct Range {
    double least_s = 0, most_s = 0;
};

struct Options {
    std::string settings;  ///< Of the exchange: it says where it listens and who has a phone.
    double calls_per_second = 1;
    double for_s = 0;              ///< New calls come for that long; 0: until a signal.
    std::uint64_t most_calls = 0;  ///< Then no more; 0: no limit.
    std::uint32_t agents = 0;      ///< The first so many phones; 0: all.
    std::uint32_t skipped = 0;     ///< So many phones before them are somebody else's.
    Range talks{20, 60}, answers{1, 4}, patience{0, 0}, holds{5, 20};
    double hold_share = 0;    ///< Of the calls, those that the agent holds once.
    double hold_after_s = 0;  ///< Of talk; 0: a quarter of it.
    bool sound = false;       ///< RTP both ways, 50 packets a second and party.
    bool json = false;
    std::uint64_t seed = 0;    ///< Of what is drawn by chance; 0: another one each time.
    std::vector<int> watched;  ///< Processes whose CPU time is told.
};

/// What to print instead of running, and the exit code.
struct Usage {
    std::string text;
    int exit_code = 0;
};
std::expected<Options, Usage> read_options(int argc, const char* const* argv);

}  // namespace holdfast::loadgen
