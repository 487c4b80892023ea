// host/black_box/replay.hpp: runs recorded inputs through a fresh engine, and compares the state it
// comes to with the state that was noted on site.
#pragma once
#include <cstdint>
#include <expected>
#include <string>

namespace holdfast::host {

struct Replayed {
    std::uint64_t inputs = 0, marks = 0;
    std::uint64_t first_difference = 0;  ///< The mark where the states parted; 0: they never did.
    std::string hash;                    ///< Of the state after the last input.
    bool same() const { return first_difference == 0; }
};

/// A sentence where the file cannot be read, or its settings are none.
std::expected<Replayed, std::string> replay(const std::string& path);

}  // namespace holdfast::host
