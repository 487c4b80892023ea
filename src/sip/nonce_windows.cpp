#include "sip/nonce_windows.hpp"

#include <algorithm>

namespace holdfast::sip {

NonceWindows::Use NonceWindows::use(Window& window, std::uint32_t nc) {
    if (nc > window.highest) {
        const std::uint32_t ahead = nc - window.highest;
        window.seen = ahead < 64 ? window.seen << ahead | 1 : 1;
        window.highest = nc;
        return Use::first;
    }
    const std::uint32_t behind = window.highest - nc;
    if (behind >= 64 || (window.seen >> behind & 1) != 0) return Use::repeated;
    window.seen |= std::uint64_t{1} << behind;
    return Use::first;
}

NonceWindows::Use NonceWindows::use(std::string_view nonce,
                                    std::string_view user,
                                    Instant issued,
                                    std::uint32_t nc) {
    const std::uint64_t hash = keyed_hash(key_, nonce) ^ ~keyed_hash(key_, user);
    if (const auto known = index_.find(hash, [](std::uint32_t) { return true; }))
        return use(windows_[*known], nc);
    if (issued <= gone_) return Use::unknown;
    std::size_t slot = windows_.size();
    if (slot < most) {
        windows_.emplace_back();
    } else {
        slot = oldest_;
        oldest_ = (oldest_ + 1) % most;
        gone_ = std::max(gone_, windows_[slot].issued);
        index_.erase(static_cast<std::uint32_t>(slot));
    }
    windows_[slot] = {hash, issued, 0, 0};
    index_.insert(hash, static_cast<std::uint32_t>(slot));
    return use(windows_[slot], nc);
}

}  // namespace holdfast::sip
