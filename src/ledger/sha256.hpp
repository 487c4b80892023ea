// ledger/sha256.hpp: the hash (FIPS 180-4) that chains the rows.
#pragma once
#include <array>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

namespace holdfast::ledger {

using Hash = std::array<std::uint8_t, 32>;

inline std::string_view bytes_of(const Hash& hash) {
    return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}
/// Zeros beyond its end.
Hash hash_of(std::string_view bytes);
/// In lower case, as sha256sum prints it.
std::string hex(std::string_view bytes);
/// The bytes that `digits` name; empty where they name none, or there is nothing.
std::string bytes_of_hex(std::string_view digits);

/// One context for many hashes: making one costs more than a row.
class Sha256 {
public:
    Sha256();
    /// Of the parts as one piece.
    Hash of(std::initializer_list<std::string_view> parts);

private:
    struct Free {
        void operator()(void* context) const;
    };
    std::unique_ptr<void, Free> context_;
};

}  // namespace holdfast::ledger
