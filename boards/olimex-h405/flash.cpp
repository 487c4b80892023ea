#include "boards/olimex-h405/flash.hpp"

#include "boards/olimex-h405/registers.hpp"

#include <algorithm>
#include <array>

namespace holdfast::h405 {
namespace {

using firmware::Area;

struct Sector {
    std::uint32_t number = 0;
    std::uint32_t begin = 0;
    std::uint32_t size = 0;
};
constexpr std::array<Sector, 4> sectors{{{5, 0x0802'0000, 128 * 1024},
                                         {6, 0x0804'0000, 128 * 1024},
                                         {2, 0x0800'8000, 16 * 1024},
                                         {3, 0x0800'c000, 16 * 1024}}};

constexpr std::uint32_t busy = 1u << 16;
constexpr std::uint32_t lock = 1u << 31;
constexpr std::uint32_t by_words = 2u << 8;
constexpr std::uint32_t rounds = 50'000'000;  // below the watchdog's 4 s

const Sector& sector_of(Area area) {
    return sectors[static_cast<std::size_t>(area)];
}

/// Unlocked as long as it lives.
class Unlocked {
public:
    Unlocked() {
        at(flash_control::keyr) = 0x4567'0123;
        at(flash_control::keyr) = 0xcdef'89ab;
    }
    ~Unlocked() { at(flash_control::cr) = lock; }
    Unlocked(const Unlocked&) = delete;
    Unlocked& operator=(const Unlocked&) = delete;
};

bool settled() {
    return await(flash_control::sr, busy, false, rounds);
}

std::uint32_t word_at(link::Bytes octets, std::size_t i) {
    return std::uint32_t{octets[i]} | std::uint32_t{octets[i + 1]} << 8 |
           std::uint32_t{octets[i + 2]} << 16 | std::uint32_t{octets[i + 3]} << 24;
}

}  // namespace

link::Bytes ChipFlash::content(Area area) const {
    const Sector& sector = sector_of(area);
    return {reinterpret_cast<const std::uint8_t*>(sector.begin), sector.size};  // NOLINT
}

std::uint32_t ChipFlash::address(Area area) const {
    return sector_of(area).begin;
}

bool ChipFlash::erase(Area area) {
    constexpr std::uint32_t erase_sector = 1u << 1;
    constexpr std::uint32_t start = 1u << 16;
    const Unlocked unlocked;
    at(flash_control::cr) = erase_sector | sector_of(area).number << 3 | by_words;
    at(flash_control::cr) = at(flash_control::cr) | start;
    return settled() &&
           std::ranges::all_of(content(area), [](std::uint8_t octet) { return octet == 0xff; });
}

bool ChipFlash::program(Area area, std::size_t offset, link::Bytes octets) {
    constexpr std::uint32_t programming = 1;
    const Unlocked unlocked;
    at(flash_control::cr) = programming | by_words;
    const auto begin = sector_of(area).begin + static_cast<std::uint32_t>(offset);
    for (std::size_t i = 0; i + 4 <= octets.size(); i += 4) {
        at(begin + static_cast<std::uint32_t>(i)) = word_at(octets, i);
        if (!settled()) return false;
    }
    return std::ranges::equal(content(area).subspan(offset, octets.size()), octets);
}

}  // namespace holdfast::h405
