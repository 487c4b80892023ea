// ledger/head.hpp: where the ledger ends. Kept elsewhere too, it shows later that nothing before it
// was changed or cut off.
#pragma once
#include "ledger/sha256.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace holdfast::ledger {

struct Head {
    std::uint64_t row = 0;
    Hash rows_hash{};  ///< Over the hashes of all rows up to that one.
};

/// "1234:9f86d0...", as it stands in the log.
inline std::string text_of(const Head& head) {
    return std::to_string(head.row) + ":" + hex(bytes_of(head.rows_hash));
}

inline std::optional<Head> read_head(std::string_view text) {
    Head head;
    const char* const begin = text.data();
    const char* const end = begin + text.size();
    const auto [at, error] = std::from_chars(begin, end, head.row);
    if (error != std::errc{} || at == end || *at != ':') return std::nullopt;
    const auto hash = bytes_of_hex({at + 1, end});
    if (hash.size() != head.rows_hash.size()) return std::nullopt;
    std::ranges::copy(hash, head.rows_hash.begin());
    return head;
}

}  // namespace holdfast::ledger
