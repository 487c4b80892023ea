// sip/nonce_windows.hpp: which counts of which nonces were used, in bounded memory.
#pragma once
#include "base/time.hpp"
#include "sip/hash_index.hpp"
#include "sip/keyed_hash.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace holdfast::sip {

/// A sliding window of 64 counts (RFC 7616 3.4: nc) for each nonce and user. When a window must
/// give way to a newer one, no nonce as old as its own is believed without a window any more.
class NonceWindows {
public:
    explicit NonceWindows(const HashKey& key) : key_{key} {}

    enum class Use : std::uint8_t { first, repeated, unknown };
    /// Uses count `nc` of a nonce that was given out at `issued`. `unknown`: it may have been used
    /// before, but its window is gone.
    Use use(std::string_view nonce, std::string_view user, Instant issued, std::uint32_t nc);

    static constexpr std::size_t most = 8192;  ///< 2,000 devices, four nonces each.

private:
    struct Window {
        std::uint64_t hash = 0;
        Instant issued{};
        std::uint32_t highest = 0;
        std::uint64_t seen = 0;  // bit n: highest - n was used
    };
    static Use use(Window& window, std::uint32_t nc);

    HashKey key_;
    HashIndex index_;
    std::vector<Window> windows_;
    std::size_t oldest_ = 0;
    Instant gone_ = Instant::min();  // the newest nonce whose window gave way
};

}  // namespace holdfast::sip
