// report/staffing.hpp: what queueing theory expects of a number of agents: Erlang B, C and A. Rates
// are per any unit of time, as long as it is the same everywhere.
#pragma once
#include <cstdint>

namespace holdfast::report {

/// Calls arrive at random and are served in a time of exponential length by n agents.
struct Demand {
    double arrivals = 0;                                 ///< Rate.
    double services = 0;                                 ///< Rate of one agent who is always busy.
    double load() const { return arrivals / services; }  ///< In Erlang.
};

/// Of calls that are lost where no agent is free, the share of those lost.
double erlang_b(std::uint32_t agents, double load);

/// Everybody waits as long as it takes. With no more agents than load nobody is ever served:
/// waits are infinite then, the service level 0.
struct ErlangC {
    double waits = 0;      ///< Share of calls that wait.
    double mean_wait = 0;  ///< Of all calls: the average speed of answer.
    double queue = 0;      ///< Mean number of callers waiting.
    double occupancy = 0;
    double drain = 0;  ///< Rate at which those who wait are served.

    double waits_longer(double time) const;
    double service_level(double target) const { return 1 - waits_longer(target); }
    /// The wait that a share of the calls does not exceed.
    double wait_of_share(double share) const;
};
ErlangC erlang_c(std::uint32_t agents, const Demand& demand);

/// Callers give up after a time of exponential length (M/M/n+M).
struct ErlangA {
    double waits = 0;
    double abandons = 0;   ///< Share of calls that give up.
    double mean_wait = 0;  ///< Of all calls, whether served or given up.
    double queue = 0;
    double utilisation = 0;
    /// Within the target: served, and given up. The two ways of counting a service level are
    /// served, and served plus abandoned.
    double served_in_target = 0, abandoned_in_target = 0;
};
ErlangA erlang_a(std::uint32_t agents, const Demand& demand, double patience, double target);

/// More agents than anybody asks about: the limit of the search below.
inline constexpr std::uint32_t most_agents_needed = 10'000;

/// The smallest number of agents whose service level by Erlang C is at least `share`.
std::uint32_t agents_needed(const Demand& demand, double target, double share);

}  // namespace holdfast::report
