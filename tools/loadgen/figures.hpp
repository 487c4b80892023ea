// loadgen/figures.hpp: spans of time, and what of them lies below.
#pragma once
#include "base/time.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

namespace holdfast::loadgen {

/// Every span is kept: nothing is rounded into buckets.
class Spans {
public:
    void add(Micros span) { spans_.push_back(span); }
    std::size_t count() const { return spans_.size(); }
    /// The span that `share` of all do not exceed; zero where there is none.
    Micros percentile(double share) const {
        if (spans_.empty()) return {};
        auto copy = spans_;
        const auto at = std::min(
            copy.size() - 1, static_cast<std::size_t>(share * static_cast<double>(copy.size())));
        std::nth_element(copy.begin(), copy.begin() + static_cast<std::ptrdiff_t>(at), copy.end());
        return copy[at];
    }

private:
    std::vector<Micros> spans_;
};

/// CPU time (user and system) and resident memory of a process, from /proc; zero where it is gone.
struct ProcessFigures {
    double cpu_s = 0;
    double resident_mib = 0;
    std::string name;
};
ProcessFigures figures_of(int process);

}  // namespace holdfast::loadgen
