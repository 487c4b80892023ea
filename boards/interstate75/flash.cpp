#include "boards/interstate75/flash.hpp"

#include "boards/interstate75/registers.hpp"
#include "boards/interstate75/xip.hpp"

#include <algorithm>
#include <array>

namespace holdfast::i75 {
namespace {

using firmware::Area;

constexpr std::uint32_t flash_begin = 0x1000'0000;
constexpr std::size_t page_size = 256;

struct Place {
    std::uint32_t offset = 0;  // in the flash
    std::uint32_t size = 0;
};
constexpr std::array<Place, 4> places{
    {{0x1'0000, 64 * 1024}, {0x2'0000, 64 * 1024}, {0x8000, 4 * 1024}, {0x9000, 4 * 1024}}};

const Place& place_of(Area area) {
    return places[static_cast<std::size_t>(area)];
}

/// What of the boot ROM is used; looked up while the flash can still be read.
struct Rom {
    void (*connect_flash)();
    void (*exit_xip)();
    void (*erase)(std::uint32_t offset, std::uint32_t size, std::uint32_t block, std::uint8_t with);
    void (*program)(std::uint32_t offset, const std::uint8_t* octets, std::uint32_t size);
    void (*flush_cache)();
};

/// Of the table that the ROM begins with: two addresses a word.
[[gnu::noinline]] std::uint32_t rom_word(std::uint32_t address) {
    asm("" : "+r"(address));  // or the compiler takes it for a null pointer
    return at(address);
}

Rom rom() {
    using Lookup = std::uint32_t (*)(std::uint32_t table, std::uint32_t code);
    const std::uint32_t table = rom_word(0x14) & 0xffff;
    const auto lookup = reinterpret_cast<Lookup>(rom_word(0x18) & 0xffff);
    const auto found = [&](char first, char second) {
        return lookup(table, static_cast<std::uint32_t>(first | second << 8));
    };
    return {reinterpret_cast<decltype(Rom::connect_flash)>(found('I', 'F')),
            reinterpret_cast<decltype(Rom::exit_xip)>(found('E', 'X')),
            reinterpret_cast<decltype(Rom::erase)>(found('R', 'E')),
            reinterpret_cast<decltype(Rom::program)>(found('R', 'P')),
            reinterpret_cast<decltype(Rom::flush_cache)>(found('F', 'C'))};
}

// flush_cache also gives the chip select back, which exit_xip has taken.

[[gnu::section(".in_ram"), gnu::noinline]] void erase_from_ram(const Rom& rom, const Place& place) {
    constexpr std::uint32_t block = 64 * 1024;
    constexpr std::uint8_t erase_block = 0xd8;  // what is smaller is erased by sectors of 4 KiB
    const Place kept = place;
    rom.connect_flash();
    rom.exit_xip();
    rom.erase(kept.offset, kept.size, block, erase_block);
    rom.flush_cache();
    start_xip();
}

[[gnu::section(".in_ram"), gnu::noinline]] void program_from_ram(const Rom& rom,
                                                                 std::uint32_t offset,
                                                                 const std::uint8_t* page) {
    rom.connect_flash();
    rom.exit_xip();
    rom.program(offset, page, page_size);
    rom.flush_cache();
    start_xip();
}

}  // namespace

link::Bytes QspiFlash::content(Area area) const {
    return {reinterpret_cast<const std::uint8_t*>(address(area)), place_of(area).size};  // NOLINT
}

std::uint32_t QspiFlash::address(Area area) const {
    return flash_begin + place_of(area).offset;
}

bool QspiFlash::erase(Area area) {
    erase_from_ram(rom(), place_of(area));
    return std::ranges::all_of(content(area), [](std::uint8_t octet) { return octet == 0xff; });
}

/// Page by page. What is not to be written of a page is FF, which changes nothing.
bool QspiFlash::program(Area area, std::size_t offset, link::Bytes octets) {
    const Rom functions = rom();
    std::array<std::uint8_t, page_size> page{};
    for (std::size_t done = 0; done < octets.size();) {
        const std::size_t within = (offset + done) % page_size;
        const std::size_t size = std::min<std::size_t>(page_size - within, octets.size() - done);
        page.fill(0xff);
        std::ranges::copy(octets.subspan(done, size), page.begin() + static_cast<int>(within));
        program_from_ram(functions,
                         place_of(area).offset + static_cast<std::uint32_t>(offset + done - within),
                         page.data());
        done += size;
    }
    return std::ranges::equal(content(area).subspan(offset, octets.size()), octets);
}

}  // namespace holdfast::i75
