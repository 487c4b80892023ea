#include "report/staffing.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace holdfast::report {
namespace {

/// Erlang A's waiting times, by what a caller with endless patience would wait. Its density at v is
/// proportional to exp(arrivals (1 - e^(-patience v)) / patience - agents services v).
class OfferedWait {
public:
    OfferedWait(std::uint32_t agents, const Demand& demand, double patience)
        : arrivals_{demand.arrivals}, patience_{patience}, drain_{agents * demand.services} {}

    double density(double v) const {
        return std::exp(arrivals_ * -std::expm1(-patience_ * v) / patience_ - drain_ * v);
    }
    double patient(double v) const { return std::exp(-patience_ * v); }
    double patience() const { return patience_; }
    /// A time after which the density is nothing.
    double end() const {
        double v = 1 / drain_;
        while (density(v) > 1e-18)
            v *= 2;
        return v;
    }

private:
    double arrivals_, patience_, drain_;
};

/// Simpson's rule.
template <class F>
double integral(double from, double to, F f) {
    constexpr int pairs = 20'000;
    const double step = (to - from) / (2 * pairs);
    double sum = f(from) + f(to);
    for (int i = 1; i < 2 * pairs; ++i)
        sum += f(from + i * step) * (i % 2 == 0 ? 2 : 4);
    return sum * step / 3;
}

}  // namespace

double erlang_b(std::uint32_t agents, double load) {
    double b = 1;
    for (std::uint32_t k = 1; k <= agents; ++k)
        b = load * b / (k + load * b);
    return b;
}

ErlangC erlang_c(std::uint32_t agents, const Demand& demand) {
    const double load = demand.load();
    const double n = agents;
    if (load >= n) {
        constexpr double endless = std::numeric_limits<double>::infinity();
        return {1, endless, endless, 1, 0};
    }
    const double b = erlang_b(agents, load);
    const double waits = n * b / (n - load * (1 - b));
    const double drain = (n - load) * demand.services;
    return {waits, waits / drain, demand.arrivals * waits / drain, load / n, drain};
}

double ErlangC::waits_longer(double time) const {
    return waits * std::exp(-drain * time);
}

double ErlangC::wait_of_share(double share) const {
    return std::max(0.0, std::log(waits / (1 - share)) / drain);
}

ErlangA erlang_a(std::uint32_t agents, const Demand& demand, double patience, double target) {
    const OfferedWait wait{agents, demand, patience};
    const auto density = [&](double v) { return wait.density(v); };
    const double end = std::max(wait.end(), target);
    const double in_target = integral(0, target, density);
    const double waiting = in_target + integral(target, end, density);
    const double served =
        integral(0, target, [&](double v) { return density(v) * wait.patient(v); });
    // The other weight is of an arrival that finds an agent free.
    const double free = 1 / erlang_b(agents - 1, demand.load());
    const double whole = free + demand.arrivals * waiting;

    ErlangA a;
    a.waits = demand.arrivals * waiting / whole;
    a.served_in_target = free / whole + demand.arrivals * served / whole;
    // Who gave up within the target did so before being served; of those whose offered wait is
    // longer, everybody whose patience is shorter than the target.
    const double longer = waiting - in_target;
    a.abandoned_in_target =
        demand.arrivals * (in_target - served + longer * (1 - wait.patient(target))) / whole;
    const double rho = demand.load() / agents;
    const double given_up =
        integral(0, end, [&](double v) { return density(v) * (1 - wait.patient(v)); });
    a.abandons = demand.arrivals * given_up / whole;
    a.mean_wait = a.abandons / patience;
    a.queue = demand.arrivals * a.mean_wait;
    a.utilisation = rho * (1 - a.abandons);
    return a;
}

std::uint32_t agents_needed(const Demand& demand, double target, double share) {
    for (auto agents = static_cast<std::uint32_t>(std::floor(demand.load())) + 1;
         agents < most_agents_needed;
         ++agents)
        if (erlang_c(agents, demand).service_level(target) >= share) return agents;
    return most_agents_needed;
}

}  // namespace holdfast::report
