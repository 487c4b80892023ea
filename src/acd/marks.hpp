// acd/marks.hpp: the kinds of marks: ranges inside a lane that do not split its segments. A new
// kind is a row here, with its enumerator, and one where it is counted (report/rows.hpp); the
// ledger stores any, and its verifier reads this table.
#pragma once
#include "acd/ledger_row.hpp"
#include "base/enum_text.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace holdfast::acd {

// clang-format off
enum class MarkKind : std::uint8_t {
    held_by_caller,
    voice_measured, dead_air, customer_working, muted, mute_unseen,
    digits_masked,
    degraded, soundless, dropped_after_crashes,
};
enum class MarkExtent : std::uint8_t {
    lane,      // over any of its segments
    talk,      // within one `talking` or `conference`, whose row comes after it
    measured,  // and there within a `voice_measured`
};

struct MarkRule {
    MarkKind kind{};
    MarkExtent extent{};
};

inline constexpr MarkRule mark_rules[] = {
    { MarkKind::held_by_caller,        MarkExtent::lane },      // and the agent perhaps the caller
    { MarkKind::voice_measured,        MarkExtent::talk },      // what both said could be heard
    { MarkKind::dead_air,              MarkExtent::measured },  // neither spoke for long
    { MarkKind::customer_working,      MarkExtent::measured },  // likewise, and the agent said why
    { MarkKind::muted,                 MarkExtent::measured },  // the agent's microphone was off
    { MarkKind::mute_unseen,           MarkExtent::measured },  // the phone does not show that
    { MarkKind::digits_masked,         MarkExtent::talk },      // the caller's went to nobody
    { MarkKind::degraded,              MarkExtent::lane },      // the daemon was dead
    { MarkKind::soundless,             MarkExtent::lane },      // the media process was
    { MarkKind::dropped_after_crashes, MarkExtent::lane },
};
// clang-format on

constexpr const MarkRule& rule_of(MarkKind kind) {
    return mark_rules[static_cast<std::size_t>(kind)];
}

/// Each kind has its row, in the order of the enumerators.
consteval bool every_mark_has_a_rule() {
    if (std::size(mark_rules) != enum_count<MarkKind>) return false;
    for (const MarkKind kind : every<MarkKind>)
        if (rule_of(kind).kind != kind) return false;
    return true;
}
static_assert(every_mark_has_a_rule());

inline MarkClosed mark_of(const Uuid& lane, MarkKind kind, Instant began, Instant ended) {
    return {lane, std::string{text(kind)}, began, ended, {}};
}

}  // namespace holdfast::acd
