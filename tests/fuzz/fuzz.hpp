// tests/fuzz/fuzz.hpp: what the libFuzzer targets share.
#pragma once
#include "base/ensure.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

/// What libFuzzer calls with each input.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace holdfast::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

}  // namespace holdfast::fuzz
