// engine/prompts.hpp: what can be said, each a recording of that name: tools/prompts has the texts,
// by language. A sentence is several of them in a row.
#pragma once
#include "base/bounded_vector.hpp"
#include "base/enum_text.hpp"
#include "base/ids.hpp"
#include "base/limits.hpp"

#include <cstdint>

namespace holdfast::engine {

enum class Language : std::uint8_t { en, de };

// clang-format off
enum class Prompt : std::uint8_t {
    // numbers: alone; and before another word: "ein-und-zwanzig", "ein Uhr"
    n0, n1, n2, n3, n4, n5, n6, n7, n8, n9, n10, n11, n12, n13, n14, n15, n16, n17, n18, n19, n20,
    n30, n40, n50, n60, n70, n80, n90, n100, one_before, and_between,
    // times
    minutes, one_minute, oclock, oh, in_the_morning, in_the_afternoon,
    // to a caller who is held
    back_in_about, back_at_about, still_there, in_about, thank_you,
    // to an agent, who has used a code
    logged_in, logged_out, logged_out_after_call, ready, not_ready, reason, wrap_up_ended,
    enter_number, enter_pin, wrong_pin, not_possible, no_agent_here,
    hold_research, hold_consult, hold_other, for_minutes, customer_working,
    digits_masked, digits_passed,
};
// clang-format on

inline constexpr std::size_t prompt_count = enum_count<Prompt>;

/// What is said in one go.
using Spoken = BoundedVector<Prompt, limits::said_sources>;

/// The number of a prompt's recording in the media process; those of queues are below.
constexpr SourceId source_of(Prompt prompt) {
    return SourceId{10'000 + static_cast<std::uint32_t>(prompt)};
}

}  // namespace holdfast::engine
