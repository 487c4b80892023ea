#include "acd/class_of_service.hpp"

#include <optional>

namespace holdfast::acd {
namespace {

std::optional<std::size_t> longest(const std::vector<std::string>& prefixes,
                                   std::string_view number) {
    std::optional<std::size_t> best;
    for (const auto& p : prefixes)
        if (number.starts_with(p) && (!best || p.size() > *best)) best = p.size();
    return best;
}

}  // namespace

Denial judge(const ClassOfService& service,
             std::string_view number,
             const Usage& usage,
             WallInstant wall,
             std::int32_t utc_offset_s) {
    const auto allowed = longest(service.allowed_prefixes, number);
    const auto denied = longest(service.denied_prefixes, number);
    if (!allowed || (denied && *denied >= *allowed)) return Denial::number;
    if (!open_at(service.hours, wall, utc_offset_s)) return Denial::hours;
    if (usage.concurrent >= service.concurrent_calls) return Denial::concurrent;
    if (usage.today >= service.daily_calls) return Denial::daily;
    return Denial::none;
}

}  // namespace holdfast::acd
