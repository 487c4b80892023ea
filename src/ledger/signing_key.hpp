// ledger/signing_key.hpp: the appliance's key (Ed25519, RFC 8032), in a PEM file that its owner
// alone may read.
#pragma once
#include "ledger/seal.hpp"

#include <array>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace holdfast::ledger {

using Signature = std::array<std::uint8_t, 64>;

class SigningKey {
public:
    /// Reads the file; makes it where there is none. A sentence where neither can be.
    static std::expected<SigningKey, std::string> load_or_make(const std::string& path);

    const PublicKey& public_key() const { return public_key_; }
    Signature sign(std::string_view message) const;

private:
    struct Free {
        void operator()(void* key) const;
    };
    using Key = std::unique_ptr<void, Free>;  // an EVP_PKEY

    explicit SigningKey(Key key) : key_{std::move(key)} {}
    static std::expected<SigningKey, std::string> read(const std::string& path, int file);
    static std::expected<void, std::string> make(const std::string& path);

    Key key_;
    PublicKey public_key_{};
};

/// Whether the signature is by the key, over the message.
bool holds(std::string_view public_key, std::string_view message, std::string_view signature);

/// Where the key of the ledger at `path` lies: ledger-key.pem beside it.
std::string key_path_of(const std::string& path);

}  // namespace holdfast::ledger
