// The arithmetic of digest authentication: RFC 7616 3.4.
#include "base/ensure.hpp"
#include "sip/digest.hpp"
#include "sip/hex.hpp"

#include <openssl/evp.h>

#include <initializer_list>
#include <memory>

namespace holdfast::sip {
namespace {

struct FreeDigest {
    void operator()(EVP_MD* digest) const { EVP_MD_free(digest); }
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using DigestKind = std::unique_ptr<EVP_MD, FreeDigest>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, FreeDigest>;

/// Looked up once: OpenSSL's search costs more than the digest.
const EVP_MD* kind_of(DigestAlgorithm algorithm) {
    static const DigestKind md5{EVP_MD_fetch(nullptr, "MD5", nullptr)};
    static const DigestKind sha256{EVP_MD_fetch(nullptr, "SHA256", nullptr)};
    const auto& kind = algorithm == DigestAlgorithm::md5 ? md5 : sha256;
    ensure(kind != nullptr, "OpenSSL has MD5 and SHA-256");
    return kind.get();
}

/// H of the parts with colons between them, in hexadecimal.
std::string hash_of(DigestAlgorithm algorithm, std::initializer_list<std::string_view> parts) {
    const DigestContext context{EVP_MD_CTX_new()};
    bool good = context && EVP_DigestInit_ex2(context.get(), kind_of(algorithm), nullptr) == 1;
    bool first = true;
    for (const std::string_view part : parts) {
        if (!first) good = good && EVP_DigestUpdate(context.get(), ":", 1) == 1;
        good = good && EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1;
        first = false;
    }
    std::array<std::uint8_t, EVP_MAX_MD_SIZE> bytes{};
    unsigned size = 0;
    good = good && EVP_DigestFinal_ex(context.get(), bytes.data(), &size) == 1;
    ensure(good, "OpenSSL makes a digest");
    return hex_text({bytes.data(), size});
}

}  // namespace

DigestSecret digest_secret(std::string_view user,
                           std::string_view realm,
                           std::string_view password) {
    return {hash_of(DigestAlgorithm::sha256, {user, realm, password}),
            hash_of(DigestAlgorithm::md5, {user, realm, password})};
}

std::string digest_response(DigestAlgorithm algorithm, const DigestInput& input) {
    const std::string a2 = hash_of(algorithm, {input.method, input.uri});
    if (input.nc.empty()) return hash_of(algorithm, {input.secret, input.nonce, a2});
    return hash_of(algorithm, {input.secret, input.nonce, input.nc, input.cnonce, "auth", a2});
}

}  // namespace holdfast::sip
