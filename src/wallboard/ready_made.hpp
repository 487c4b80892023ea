// wallboard/ready_made.hpp: three layouts that settings name instead of writing their own, made for
// the queues and the board at hand.
#pragma once
#include "base/ids.hpp"
#include "wallboard/layout.hpp"

#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>

namespace holdfast::wallboard {

enum class ReadyMade : std::uint8_t { one_queue, four_queues, escalation_and_hold };

/// How many queues each wants: one_queue one, four_queues two to four, escalation_and_hold one that
/// takes escalations.
struct QueueName {
    std::string name;
    QueueId queue;
};

/// The layout in the largest font in which it is one page; where no font is small enough, on as
/// many pages as it takes. A sentence where the number of queues is wrong or the board too narrow.
std::expected<Layout, std::string> ready_made(ReadyMade which,
                                              std::span<const QueueName> queues,
                                              const Geometry& geometry);

}  // namespace holdfast::wallboard
