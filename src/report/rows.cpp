#include "report/rows.hpp"

#include <algorithm>
#include <cstring>
#include <tuple>

namespace holdfast::report {

std::uint32_t Names::number_of(std::string_view word) {
    if (const auto at = numbers_.find(word); at != numbers_.end()) return at->second;
    const auto number = static_cast<std::uint32_t>(words_.size());
    numbers_.emplace(words_.emplace_back(word), number);
    return number;
}

std::uint32_t Batch::lane_of(const Uuid& id) {
    const auto [at, is_new] = numbers_.try_emplace(id, static_cast<std::uint32_t>(lanes.size()));
    if (is_new) lanes.push_back(id);
    return at->second;
}

void Batch::sort() {
    const auto place = [](const Row& row) { return std::tuple{row.lane, row.number}; };
    std::ranges::sort(rows, {}, place);
    const auto rows_twice = std::ranges::unique(rows, {}, place);
    rows.erase(rows_twice.begin(), rows_twice.end());
    std::ranges::sort(gaps, {}, &Gap::place);
    const auto gaps_twice = std::ranges::unique(gaps, {}, &Gap::place);
    gaps.erase(gaps_twice.begin(), gaps_twice.end());
}

/// Ids of version 7 are random in their second half and alike in their first.
std::size_t Batch::Hash::operator()(const Uuid& id) const {
    std::uint64_t halves[2];
    std::memcpy(halves, id.data(), sizeof halves);
    return static_cast<std::size_t>(halves[1] ^ (halves[0] * 0x9e3779b97f4a7c15U));
}

}  // namespace holdfast::report
