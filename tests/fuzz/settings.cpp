// Settings files: every text gives settings or faults, and every fault has a sentence.
#include "settings/settings.hpp"

#include "fuzz/fuzz.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    const auto read = holdfast::settings::read(text, [](const std::string&) { return true; });
    if (!read) {
        if (read.error().empty()) __builtin_trap();
        for (const auto& fault : read.error())
            if (fault.what.empty()) __builtin_trap();
    }
    return 0;
}
