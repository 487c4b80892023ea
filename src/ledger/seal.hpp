// ledger/seal.hpp: what a seal says: which rows there are, and whose key signed it.
#pragma once
#include "ledger/head.hpp"

#include <array>
#include <cstdint>
#include <string>

namespace holdfast::ledger {

using PublicKey = std::array<std::uint8_t, 32>;  ///< Ed25519.

struct Seal {
    std::uint64_t number = 0;                   ///< From 1, without gaps.
    std::uint64_t first_row = 0, last_row = 0;  ///< New since the seal before; maybe none.
    Head head;
    PublicKey public_key{};
};

/// In hex, as the verifier tells it.
inline std::string key_text_of(const PublicKey& key) {
    return hex({reinterpret_cast<const char*>(key.data()), key.size()});
}

}  // namespace holdfast::ledger
