#include "base/random.hpp"
#include "firmware/update/sha2.hpp"
#include "unit/firmware/update_bench.hpp"

using namespace holdfast;
using namespace holdfast::firmware;
using namespace holdfast::firmware::test;

namespace {

Octets octets(const std::string& hex) {
    Octets all;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        all.push_back(static_cast<std::uint8_t>(std::stoul(hex.substr(i, 2), nullptr, 16)));
    return all;
}
template <class Array>
Array array_of(const std::string& hex) {
    Array array{};
    std::ranges::copy(octets(hex), array.begin());
    return array;
}

Octets random_octets(Random& random, std::size_t size) {
    Octets all(size);
    for (auto& octet : all)
        octet = static_cast<std::uint8_t>(random.below(256));
    return all;
}

}  // namespace

TEST_CASE("SHA-256 and SHA-512 are OpenSSL's for every length up to three blocks") {
    auto random = Random::from(1);
    for (std::size_t size = 0; size <= 400; ++size) {
        const auto message = random_octets(random, size);
        Sha256::Digest small{};
        Sha512::Digest large{};
        SHA256(message.data(), size, small.data());
        SHA512(message.data(), size, large.data());
        CHECK(Sha256::of(message) == small);
        CHECK(Sha512::of(message) == large);
    }
}

// RFC 8032, 7.1: tests 1, 2, 3 and "SHA(abc)".
TEST_CASE("the signatures of RFC 8032 are good, and of no other message") {
    struct Vector {
        std::string key, message, signature;
    };
    const std::array<Vector, 4> vectors{
        {{"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
          "",
          "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e3970"
          "1cf9b46bd25bf5f0595bbe24655141438e7a100b"},
         {"3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
          "72",
          "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613"
          "d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
         {"fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
          "af82",
          "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760"
          "984dc6594a7c15e9716ed28dc027beceea1ec40a"},
         {"ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
          "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23"
          "a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
          "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c6"
          "6431e0303dca179c138ac17ad9bef1177331a704"}}};
    for (const auto& vector : vectors) {
        const auto key = array_of<PublicKey>(vector.key);
        const auto signature = array_of<Signature>(vector.signature);
        auto message = octets(vector.message);
        CHECK(signed_by(key, message, signature));
        message.push_back(0);
        CHECK_FALSE(signed_by(key, message, signature));
    }
}

TEST_CASE("what OpenSSL signs is good; with any bit turned it is not") {
    auto random = Random::from(2);
    for (int i = 0; i < 20; ++i) {
        const Signer signer;
        const auto message = random_octets(random, random.below(300));
        auto key = signer.public_key();
        auto signature = signer.sign(message);
        CHECK(signed_by(key, message, signature));
        const std::size_t bit = random.below(512);
        signature[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
        CHECK_FALSE(signed_by(key, message, signature));
        signature[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
        key[bit / 16] ^= static_cast<std::uint8_t>(1u << bit % 8);
        CHECK_FALSE(signed_by(key, message, signature));
    }
}

// RFC 8032, 5.1.7: S must be below the order, or a signature would have others.
TEST_CASE("a signature with the order added to S is refused") {
    const Signer signer;
    const Octets message{1, 2, 3};
    auto signature = signer.sign(message);
    const auto order = octets("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    unsigned carry = 0;
    for (std::size_t i = 0; i < 32; ++i) {
        carry += signature[32 + i] + order[i];
        signature[32 + i] = static_cast<std::uint8_t>(carry & 0xff);
        carry >>= 8;
    }
    CHECK_FALSE(signed_by(signer.public_key(), message, signature));
}

TEST_CASE("points that are none are no keys") {
    const Octets message{1};
    const Signature signature{};
    PublicKey key{};
    key.fill(0xff);  // y is not below p
    CHECK_FALSE(signed_by(key, message, signature));
    key = {2};  // not on the curve
    CHECK_FALSE(signed_by(key, message, signature));
}
