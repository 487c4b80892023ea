#include "ledger/sha256.hpp"

#include "base/ensure.hpp"

#include <openssl/evp.h>

#include <algorithm>

namespace holdfast::ledger {
namespace {

/// Found once: a look-up in OpenSSL's providers costs more than a row.
const EVP_MD* sha256() {
    static const EVP_MD* const found = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    ensure(found != nullptr, "OpenSSL has no SHA-256");
    return found;
}

EVP_MD_CTX* context_in(void* pointer) {
    return static_cast<EVP_MD_CTX*>(pointer);
}

int value_of(char digit) {
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
    return -1;
}

}  // namespace

Hash hash_of(std::string_view bytes) {
    Hash hash{};
    std::copy_n(bytes.begin(), std::min(bytes.size(), hash.size()), hash.begin());
    return hash;
}

std::string hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

std::string bytes_of_hex(std::string_view digits) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
        const int high = value_of(digits[i]), low = value_of(digits[i + 1]);
        if (high < 0 || low < 0) return {};
        bytes += static_cast<char>(high * 16 + low);
    }
    return digits.size() % 2 == 0 ? bytes : std::string{};
}

void Sha256::Free::operator()(void* context) const {
    EVP_MD_CTX_free(context_in(context));
}

Sha256::Sha256() : context_{EVP_MD_CTX_new()} {
    ensure(context_ != nullptr, "no memory for a hash");
}

Hash Sha256::of(std::initializer_list<std::string_view> parts) {
    auto* const context = context_in(context_.get());
    bool good = EVP_DigestInit_ex2(context, sha256(), nullptr) == 1;
    for (const auto part : parts)
        good = good && EVP_DigestUpdate(context, part.data(), part.size()) == 1;
    Hash hash{};
    unsigned size = 0;
    good = good && EVP_DigestFinal_ex(context, hash.data(), &size) == 1;
    ensure(good && size == hash.size(), "OpenSSL cannot hash");
    return hash;
}

}  // namespace holdfast::ledger
