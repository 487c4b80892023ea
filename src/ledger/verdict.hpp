// ledger/verdict.hpp: what the verifier found.
#pragma once
#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace holdfast::ledger {

struct Verdict {
    std::uint64_t rows = 0;  ///< Segments.
    std::uint64_t caller_lanes = 0, agent_lanes = 0, open_lanes = 0;
    std::int64_t lane_us = 0, segment_us = 0;   ///< Lengths of all lanes; sums of all segments.
    std::uint64_t first_row = 0, last_row = 0;  ///< Of all tables; 0 where it is empty.
    std::uint64_t persons_erased = 0;
    std::uint64_t flaws = 0;
    std::uint64_t first_bad_row = 0;     ///< 0 where no flaw is in a row.
    std::vector<std::string> sentences;  ///< The first twenty flaws.
    bool sound() const { return flaws == 0; }
};

/// Adds flaws to a verdict.
class Flaws {
public:
    static constexpr std::size_t most_sentences = 20;

    explicit Flaws(Verdict& verdict) : verdict_{verdict} {}

    template <class... Args>
    void row(std::int64_t row, fmt::format_string<Args...> format, Args&&... args) {
        const auto number = static_cast<std::uint64_t>(row);
        auto& first = verdict_.first_bad_row;
        if (row > 0 && (first == 0 || number < first)) first = number;
        latest_ = row > latest_ ? row : latest_;
        say(fmt::format("row {}: {}", row, fmt::format(format, std::forward<Args>(args)...)));
    }
    /// Not in a row: in a seal, a correction, the tables themselves.
    template <class... Args>
    void elsewhere(fmt::format_string<Args...> format, Args&&... args) {
        say(fmt::format(format, std::forward<Args>(args)...));
    }
    /// The highest row that has one.
    std::int64_t latest() const { return latest_; }

private:
    void say(std::string sentence) {
        ++verdict_.flaws;
        if (verdict_.sentences.size() < most_sentences)
            verdict_.sentences.push_back(std::move(sentence));
    }

    Verdict& verdict_;
    std::int64_t latest_ = 0;
};

}  // namespace holdfast::ledger
