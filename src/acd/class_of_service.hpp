// acd/class_of_service.hpp: who may call where. Every new external leg passes here, whatever caused
// it: a dialled number, a transfer, a forward. The default allows nothing.
#pragma once
#include "acd/hours.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::acd {

struct ClassOfService {
    std::string name;
    std::vector<std::string> allowed_prefixes;  ///< Of the dialled number; "" allows every number.
    std::vector<std::string> denied_prefixes;   ///< The longer prefix wins; on a tie, denial.
    OpeningHours hours;
    std::uint32_t concurrent_calls = 2;  ///< External legs of one agent at a time.
    std::uint32_t daily_calls = 100;     ///< Of one agent.
    /// Whoever leaves a conference may leave a caller and somebody outside alone on our trunks.
    bool may_leave_outsiders = false;
};

/// What the one who asks does already.
struct Usage {
    std::uint32_t concurrent = 0, today = 0;
};

enum class Denial : std::uint8_t { none, number, hours, concurrent, daily };

Denial judge(const ClassOfService& service,
             std::string_view number,
             const Usage& usage,
             WallInstant wall,
             std::int32_t utc_offset_s);

}  // namespace holdfast::acd
