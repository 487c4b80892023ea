// boards/native/board.hpp: the board that is a Linux program.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace holdfast::native {

inline constexpr std::string_view name = "native";
inline constexpr std::uint16_t width = 256;  ///< Four panels of 64x32, unless asked otherwise.
inline constexpr std::uint16_t height = 32;
inline constexpr std::uint8_t colour_bits = 8;
inline constexpr std::uint16_t refresh_hz = 60;  ///< Nothing is multiplexed: pictures a second.

// ---- Its flash, a file. -------------------------------------------------------------------------
inline constexpr std::uint32_t flash_begin = 0x1000'0000;  ///< As images for it name it.
inline constexpr std::size_t slot_size = std::size_t{64} * 1024;
inline constexpr std::size_t notes_size = std::size_t{4} * 1024;

}  // namespace holdfast::native
