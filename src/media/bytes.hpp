// media/bytes.hpp: octets in network order. Every reader checks the length first; these do not.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

namespace holdfast::media {

using Bytes = std::span<const std::uint8_t>;
using ByteRoom = std::span<std::uint8_t>;

/// The longest RTP or RTCP packet taken or sent: what Ethernet carries without fragments.
inline constexpr std::size_t most_packet_bytes = 1500;

constexpr std::uint16_t get16(const std::uint8_t* at) {
    return static_cast<std::uint16_t>(at[0] << 8 | at[1]);
}
constexpr std::uint32_t get32(const std::uint8_t* at) {
    return std::uint32_t{get16(at)} << 16 | get16(at + 2);
}
constexpr void put16(std::uint8_t* at, std::uint16_t value) {
    at[0] = static_cast<std::uint8_t>(value >> 8);
    at[1] = static_cast<std::uint8_t>(value);
}
constexpr void put32(std::uint8_t* at, std::uint32_t value) {
    put16(at, static_cast<std::uint16_t>(value >> 16));
    put16(at + 2, static_cast<std::uint16_t>(value));
}

}  // namespace holdfast::media
