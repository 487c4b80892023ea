// The first 256 octets of the flash: the boot ROM checks their CRC (tools/images/rp2040 puts it
// behind them), copies them to RAM and runs them there, wherever that is.
#include "boards/interstate75/registers.hpp"
#include "boards/interstate75/xip.hpp"

extern "C" [[noreturn, gnu::section(".boot2"), gnu::used]] void boot2() {
    using namespace holdfast::i75;
    start_xip();
    constexpr std::uint32_t vectors = 0x1000'0100;  // of the boot loader
    at(holdfast::cortex::scb::vtor) = vectors;
    asm volatile("msr msp, %0\n bx %1" ::"r"(at(vectors)), "r"(at(vectors + 4)));
    __builtin_unreachable();
}
