#include "host/tool/figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace holdfast::tool {
namespace {

constexpr double longest_shown_s = 1e9;  // 31 years

struct StateWord {
    std::string_view state, word;
    Look look;
};

constexpr std::array<StateWord, 15> agent_words{{
    {"ready", "ready", Look::green},
    {"reserved", "offered", Look::yellow},
    {"ringing", "ringing", Look::yellow},
    {"talking", "talking", Look::cyan},
    {"held", "on hold", Look::magenta},
    {"consult", "asks", Look::magenta},
    {"conference", "conference", Look::cyan},
    {"transferring", "passes on", Look::magenta},
    {"wrapping", "wrap-up", Look::blue},
    {"dialing", "dialling", Look::cyan},
    {"called", "called", Look::cyan},
    {"internal", "internal", Look::cyan},
    {"not_ready", "paused", Look::grey},
    {"unreachable", "unreachable", Look::red},
    {"logged_out", "logged out", Look::faint},
}};

constexpr std::array<StateWord, 13> call_words{{
    {"setup", "arriving", Look::plain},
    {"announced", "announcement", Look::plain},
    {"queued", "waiting", Look::strong},
    {"ringing", "ringing", Look::yellow},
    {"talking", "talking", Look::cyan},
    {"held", "on hold", Look::magenta},
    {"consult", "on hold, asks", Look::magenta},
    {"conference", "conference", Look::cyan},
    {"transferring", "passed on", Look::magenta},
    {"parked", "parked", Look::magenta},
    {"outside", "outside", Look::cyan},
    {"closed", "over", Look::faint},
    {"over", "over", Look::faint},
}};

template <std::size_t N>
Span word_of(const std::array<StateWord, N>& words, std::string_view state) {
    const auto* const it = std::ranges::find(words, state, &StateWord::state);
    // A newer daemon may know states that we do not.
    if (it == words.end()) return {std::string{state}, Look::plain};
    return {std::string{it->word}, it->look};
}

}  // namespace

std::string duration_text(double seconds) {
    if (!(seconds > 0)) seconds = 0;
    const auto s = static_cast<std::int64_t>(std::min(seconds, longest_shown_s));
    constexpr std::int64_t minute = 60;
    constexpr std::int64_t hour = 60 * minute;
    constexpr std::int64_t day = 24 * hour;
    if (s < hour) return fmt::format("{}:{:02}", s / minute, s % minute);
    const auto clock = fmt::format("{}:{:02}:{:02}", s % day / hour, s % hour / minute, s % minute);
    return s < day ? clock : fmt::format("{}d {}", s / day, clock);
}

std::string percent_text(std::uint64_t part, std::uint64_t whole) {
    if (whole == 0) return "-";
    const double share = static_cast<double>(part) / static_cast<double>(whole);
    return fmt::format("{}", static_cast<std::uint64_t>(std::floor(share * 100 + 1e-9)));
}

std::string count_text(std::uint64_t count) {
    auto text = std::to_string(count);
    for (std::size_t from_end = 3; from_end < text.size(); from_end += 4)
        text.insert(text.size() - from_end, 1, ',');
    return text;
}

Span agent_state(std::string_view state) {
    return word_of(agent_words, state);
}

Span call_state(std::string_view state) {
    return word_of(call_words, state);
}

}  // namespace holdfast::tool
