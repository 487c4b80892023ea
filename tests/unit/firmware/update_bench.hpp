// tests/unit/firmware/update_bench.hpp: a flash whose power can go, and images signed by OpenSSL.
#pragma once
#include "firmware/update/boot.hpp"
#include "firmware/update/updater.hpp"

#include <catch2/catch.hpp>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace holdfast::firmware::test {

using Octets = std::vector<std::uint8_t>;

class Signer {
public:
    Signer() : key_{EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), EVP_PKEY_free} {}

    PublicKey public_key() const {
        PublicKey key{};
        std::size_t size = key.size();
        REQUIRE(EVP_PKEY_get_raw_public_key(key_.get(), key.data(), &size) == 1);
        return key;
    }
    Signature sign(link::Bytes message) const {
        const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context{EVP_MD_CTX_new(),
                                                                         EVP_MD_CTX_free};
        Signature signature{};
        std::size_t size = signature.size();
        REQUIRE(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1);
        REQUIRE(EVP_DigestSign(
                    context.get(), signature.data(), &size, message.data(), message.size()) == 1);
        return signature;
    }

private:
    std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key_;
};

struct PowerLoss {};

class FakeFlash final : public Flash {
public:
    static constexpr std::size_t slot_size = 4096;
    static constexpr std::size_t notes_size = 160;  // five notes
    static constexpr std::size_t erased_at_once = 64;

    std::array<Octets, 4> areas{Octets(slot_size, 0xff),
                                Octets(slot_size, 0xff),
                                Octets(notes_size, 0xff),
                                Octets(notes_size, 0xff)};
    int operations = 0;
    std::optional<int> power_goes_after;

    link::Bytes content(Area area) const override { return areas[static_cast<unsigned>(area)]; }
    bool erase(Area area) override {
        auto& octets = areas[static_cast<unsigned>(area)];
        for (std::size_t i = 0; i < octets.size(); ++i) {
            if (i % erased_at_once == 0) operate();
            octets[i] = 0xff;
        }
        return true;
    }
    bool program(Area area, std::size_t offset, link::Bytes octets) override {
        auto& into = areas[static_cast<unsigned>(area)];
        REQUIRE(offset % 4 == 0);
        REQUIRE(octets.size() % 4 == 0);
        REQUIRE(offset + octets.size() <= into.size());
        for (std::size_t i = 0; i < octets.size(); ++i) {
            if (i % 4 == 0) operate();
            CHECK(into[offset + i] == 0xff);  // flash cannot be written twice
            into[offset + i] = octets[i];
        }
        return true;
    }
    std::uint32_t address(Area area) const override {
        return 0x1000 * (1 + static_cast<std::uint32_t>(area));
    }

private:
    void operate() {
        if (power_goes_after && operations >= *power_goes_after) throw PowerLoss{};
        ++operations;
    }
};

struct Recipe {
    std::string board = "bench";
    std::string version = "1.0";
    std::uint8_t slot = 0;
    std::uint32_t security = 1;
    std::size_t size = 400;
};

inline void put_u32(Octets& into, std::size_t at, std::uint32_t value) {
    for (unsigned i = 0; i < 4; ++i)
        into[at + i] = static_cast<std::uint8_t>(value >> 8 * i & 0xff);
}

/// Written from the layout in firmware/update/image.hpp.
inline Octets image_of(const Recipe& recipe, const Signer& signer, const Flash& flash) {
    Octets image(512, 0);
    put_u32(image, 0, 0x31574648);
    put_u32(image, 4, static_cast<std::uint32_t>(recipe.size));
    put_u32(image, 8, recipe.security);
    put_u32(image, 12, flash.address(slots[recipe.slot]));
    std::ranges::copy(recipe.board, image.begin() + 16);
    std::ranges::copy(recipe.version, image.begin() + 40);
    for (std::size_t i = 0; i < recipe.size; ++i)
        image.push_back(static_cast<std::uint8_t>(i * 7 + recipe.version.back()));
    SHA256(image.data() + 512, recipe.size, image.data() + 96);
    const auto signature = signer.sign(link::Bytes{image}.first(128));
    std::ranges::copy(signature, image.begin() + 128);
    return image;
}

inline void install(FakeFlash& flash, std::uint8_t slot, const Octets& image) {
    std::ranges::copy(image, flash.areas[slot].begin());
}

/// What the daemon does: every block, until something is refused.
inline link::Refusal send(Updater& updater, const Octets& image) {
    const link::FwBegin begin{static_cast<std::uint32_t>(image.size()),
                              link::Bytes{image}.first(header_octets)};
    auto refusal = updater.begin(begin).refusal;
    for (int i = 0; i < 3 && refusal == link::Refusal::busy; ++i) {
        updater.step();
        refusal = updater.begin(begin).refusal;
    }
    if (refusal != link::Refusal::done) return refusal;
    for (std::size_t at = 0; at < image.size(); at += link::most_fw_block) {
        const auto size = std::min(link::most_fw_block, image.size() - at);
        refusal =
            updater.data({static_cast<std::uint32_t>(at), link::Bytes{image}.subspan(at, size)})
                .refusal;
        if (refusal != link::Refusal::done) return refusal;
    }
    refusal = updater.end().refusal;
    if (refusal != link::Refusal::busy) return refusal;
    updater.step();
    return updater.end().refusal;
}

}  // namespace holdfast::firmware::test
