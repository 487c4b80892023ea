// firmware/update/ed25519.hpp: checks Ed25519 signatures (RFC 8032, 5.1.7). Everything here is
// public, so nothing takes care of how long it takes; nothing here can sign.
#pragma once
#include <array>
#include <cstdint>
#include <span>

namespace holdfast::firmware {

using PublicKey = std::array<std::uint8_t, 32>;
using Signature = std::array<std::uint8_t, 64>;

/// Whether `signature` is one of `message` by the key's owner. Points and scalars that are not
/// written in their only right form are refused.
bool signed_by(const PublicKey& key,
               std::span<const std::uint8_t> message,
               const Signature& signature);

}  // namespace holdfast::firmware
