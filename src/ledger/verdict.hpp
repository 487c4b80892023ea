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
    std::string head;                           ///< Of the last row: "1234:9f86d0...".
    std::uint64_t seals = 0, sealed_row = 0;    ///< The last row that a seal covers.
    std::vector<std::string> keys;              ///< Public keys of the seals, in order, in hex.
    std::uint64_t corrections = 0, persons_erased = 0;
    std::uint64_t cut_row = 0;  ///< Rows up to it were deleted, their time being over.
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
    /// In some of the rows from `first` on: told at `first`, but where one of them is known as bad.
    template <class... Args>
    void rows_from(std::int64_t first, fmt::format_string<Args...> format, Args&&... args) {
        if (latest_ < first) return row(first, format, std::forward<Args>(args)...);
        say(fmt::format(format, std::forward<Args>(args)...));
    }

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
