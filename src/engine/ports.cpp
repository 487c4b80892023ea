#include "engine/ports.hpp"

#include <algorithm>

namespace holdfast::engine {

constexpr Micros port_rest = 30s;

PortPool::PortPool(std::uint16_t first, std::uint16_t last) {
    for (unsigned port = (first + 1u) & ~1u; port + 1 <= last; port += 2)
        free_.push_back({static_cast<std::uint16_t>(port), Instant::min()});
}

std::optional<std::uint16_t> PortPool::take(Instant now, Random& random) {
    if (free_.empty()) return std::nullopt;
    const auto rested = [&](const Free& f) {
        return f.since == Instant::min() || now - f.since >= port_rest;
    };
    const auto quarter = free_.begin() + static_cast<std::ptrdiff_t>((free_.size() + 3) / 4);
    const auto fresh = std::partition_point(free_.begin(), quarter, rested) - free_.begin();
    const auto choice = std::max<std::ptrdiff_t>(1, fresh);
    const auto at = random.below(static_cast<std::uint32_t>(choice));
    if (!rested(free_[at])) ++short_rests_;
    const auto port = free_[at].port;
    free_.erase(free_.begin() + at);
    return port;
}

void PortPool::give_back(std::uint16_t port, Instant now) {
    free_.push_back({port, now});
}

void PortPool::claim(std::uint16_t port) {
    std::erase_if(free_, [&](const Free& f) { return f.port == port; });
}

}  // namespace holdfast::engine
