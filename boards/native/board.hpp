// boards/native/board.hpp: the board that is a Linux program.
#pragma once
#include <cstdint>
#include <string_view>

namespace holdfast::native {

inline constexpr std::string_view name = "native";
inline constexpr std::uint16_t width = 256;  ///< Four panels of 64x32, unless asked otherwise.
inline constexpr std::uint16_t height = 32;
inline constexpr std::uint8_t colour_bits = 8;
inline constexpr std::uint16_t refresh_hz = 60;  ///< Nothing is multiplexed: pictures a second.

}  // namespace holdfast::native
