// firmware/update/image.hpp: images as they are kept in a slot: a header of 512 octets, then code.
// The signature is over the header's first 128 octets, which hold the code's SHA-256.
//
//   0 magic "HFW1"   4 size of the code   8 security version   12 address of the slot
//   16 board, 24 octets   40 version, 24 octets   64 zero, 32 octets   96 SHA-256 of the code
//   128 Ed25519 signature, 64 octets   192 zero up to 512
#pragma once
#include "firmware/update/ed25519.hpp"
#include "link/bytes.hpp"
#include "link/messages.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace holdfast::firmware {

inline constexpr std::uint32_t image_magic = 0x3157'4648;
inline constexpr std::size_t image_header = 512;
inline constexpr std::size_t signed_octets = 128;
inline constexpr std::size_t header_octets = 192;  // that say anything

struct ImageHeader {
    std::uint32_t size = 0;
    std::uint32_t security = 0;
    std::uint32_t address = 0;
    std::string_view board;  ///< Views into what was read.
    std::string_view version;
};

/// What a board takes.
struct Wanted {
    std::string_view board;
    PublicKey key{};
    std::uint32_t address = 0;  ///< Of the slot.
    std::uint32_t least_security = 0;
    std::size_t room = 0;  ///< Of the slot, header included.
};

/// Of the first 192 octets of an image; empty where it begins otherwise.
std::optional<ImageHeader> read_header(link::Bytes image);
/// Whether the header is that of an image for this board, slot and security.
link::Refusal judge_header(link::Bytes image, const Wanted& wanted);
/// Whether a whole image, as it lies in its slot, may run.
link::Refusal judge_image(link::Bytes slot, const Wanted& wanted);

}  // namespace holdfast::firmware
