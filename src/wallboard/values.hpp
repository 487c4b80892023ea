// wallboard/values.hpp: what a cell can show, by name: the table of values, what each reads from
// the figures, and how a reading becomes text of a fixed width.
#pragma once
#include "wallboard/figures.hpp"

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::wallboard {

/// How a value is written: "7", "83%", "4:05", "14:32", a text of people's.
enum class Kind : std::uint8_t { count, share, span, clock, text };

/// Whether a value is one queue's (or all queues'), or the centre's alone.
enum class Reach : std::uint8_t { queue, centre };

/// A share is in tenths of a percent, a span in seconds, a clock in minutes since midnight.
struct Reading {
    std::optional<std::int64_t> number;  ///< None: there is nothing to tell, which is not zero.
    std::string text;                    ///< Of Kind::text.
};

struct Value {
    std::string_view name;
    Kind kind{};
    Reach reach{};
    Reading (*read)(const Figures&, std::size_t scope) = nullptr;
    /// Why it cannot be shown: the product does not measure it. Empty: it can.
    std::string_view missing;
    std::string_view meaning;  ///< For the documentation, without an end.
    /// It is about queues with `escalation = true` alone.
    bool of_escalations = false;
};

/// Every value there is a name for.
std::span<const Value> values();
const Value* find_value(std::string_view name);

/// A sentence where `name` cannot be shown: it is unknown, or nothing in the product measures it.
std::expected<const Value*, std::string> value_named(std::string_view name);

/// The fewest characters in which every reading of that kind is told truly ("99+" and the like).
std::size_t least_width(Kind kind);

/// At most `width` characters, of `least_width` and more. What does not fit is told as more than
/// what fits ("99+", "10h+"), never cut; "-" where there is nothing to tell. A text of people's is
/// whole, however long: who shows it cuts it or lets it run.
std::string text_of(const Reading& reading, Kind kind, std::size_t width);

}  // namespace holdfast::wallboard
