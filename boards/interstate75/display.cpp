#include "boards/interstate75/display.hpp"

#include "boards/interstate75/registers.hpp"

namespace holdfast::i75 {
namespace {

constexpr std::uint32_t address_mask = ((1u << address_pins) - 1) << pin::address;
constexpr std::uint32_t latch_line = 1u << pin::latch;
constexpr unsigned shifter = 0;
constexpr unsigned lighter = 1;

// Instructions of the PIO (RP2040 datasheet, 3.4). Bit 12 is the side-set pin.
constexpr std::array<std::uint32_t, 5> program{
    0x6008,  // 0: out pins, 8      side 0   a column's data, clock low; six pins take it
    0xb042,  // 1: nop              side 1   clock high
    0x90a0,  // 2: pull block       side 1   dark until there is a number of cycles
    0xb027,  // 3: mov x, osr       side 1
    0x0044,  // 4: jmp x-- 4        side 0   lit for x + 1 cycles
};
constexpr std::uint32_t set_directions_of_five = 0xe09f;
constexpr std::uint32_t set_direction_of_one = 0xe081;
constexpr std::uint32_t jump_to = 0x0000;
constexpr std::uint32_t nop_with_side_one = 0xb042;

/// Makes pins outputs, by instructions that the machine carries out at once.
void own_pins(unsigned machine, unsigned first, unsigned count) {
    const std::uint32_t base = pio0::machine(machine);
    for (; count > 0; first += count > 5 ? 5 : 1, count -= count > 5 ? 5 : 1) {
        const std::uint32_t at_once = count > 5 ? 5 : 1;
        at(base + pio0::pinctrl) = at_once << 26 | first << 5;
        at(base + pio0::execute) = at_once == 5 ? set_directions_of_five : set_direction_of_one;
    }
}

void start_machine(unsigned machine,
                   std::uint32_t divider,
                   std::uint32_t first,
                   std::uint32_t last,
                   std::uint32_t shift,
                   std::uint32_t pins) {
    const std::uint32_t base = pio0::machine(machine);
    at(base + pio0::clkdiv) = divider << 16;
    at(base + pio0::execctrl) = last << 12 | first << 7;
    at(base + pio0::shiftctrl) = shift;
    at(base + pio0::pinctrl) = pins;
    at(base + pio0::execute) = jump_to | first;
}

void start_pio() {
    for (unsigned i = 0; i < program.size(); ++i)
        at(pio0::instruction(i)) = program[i];
    own_pins(shifter, pin::data, data_pins);
    own_pins(shifter, pin::clock, 1);
    own_pins(lighter, pin::output_enable, 1);

    constexpr std::uint32_t one_side_pin = 1u << 29;
    constexpr std::uint32_t to_the_right_whole_words = 1u << 19 | 1u << 17 | 1u << 30;
    start_machine(shifter,
                  pio_divider,
                  0,
                  1,
                  to_the_right_whole_words,
                  one_side_pin | data_pins << 20 | pin::clock << 10 | pin::data);
    start_machine(lighter, 1, 2, 4, 1u << 19, one_side_pin | pin::output_enable << 10);
    at(pio0::machine(lighter) + pio0::execute) = nop_with_side_one;  // dark
    at(pio0::machine(lighter) + pio0::execute) = jump_to | 2;
    constexpr std::uint32_t both = 3;
    at(pio0::ctrl) = both << 8 | both << 4;  // restart dividers and machines
    at(pio0::ctrl) = both;
}

void start_dma() {
    constexpr std::uint32_t words = 2u << 2;
    constexpr std::uint32_t reads_on = 1u << 4;
    constexpr std::uint32_t chain_to_itself = 0u << 11;
    constexpr std::uint32_t paced_by_shifter = 0u << 15;
    constexpr std::uint32_t quiet = 1u << 21;
    at(dma0::write_address) = pio0::txf(shifter);
    at(dma0::count) = panels.width / 4;
    at(dma0::al1_ctrl) = quiet | paced_by_shifter | chain_to_itself | reads_on | words | 1u;
}

}  // namespace

[[gnu::always_inline]] inline void Display::shift() const {
    at(dma0::read_address_trigger) = reinterpret_cast<std::uint32_t>(octets().data());
}

void Display::start() {
    at(sio::enable_set) = address_mask | latch_line;
    start_pio();
    start_dma();
    shift();
    Refresh::start();
}

/// A slot begins: what was shifted is latched and lit, and the next plane is shifted. In RAM, so
/// that no miss of the flash's cache delays it, and it goes on while the flash is written.
[[gnu::section(".in_ram")]] void Display::interrupt() {
    at(sio::out_set) = latch_line;
    at(sio::out_clear) = address_mask;
    at(sio::out_set) = row() << pin::address;
    at(sio::out_clear) = latch_line;
    if (lit_cycles() > 0) at(pio0::txf(lighter)) = lit_cycles() - 1;
    advance();
    shift();
}

}  // namespace holdfast::i75
