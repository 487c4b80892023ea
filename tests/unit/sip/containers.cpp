// The small containers below transactions and sessions, and their hash.
#include "base/ids.hpp"
#include "sip/hash_index.hpp"
#include "sip/keyed_hash.hpp"
#include "sip/slots.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <string>
#include <vector>

using namespace holdfast;
using namespace holdfast::sip;

namespace {

struct Thing {
    std::string text;
    void reset() { text.clear(); }
};
using ThingId = Id<struct ThingTag>;
using Things = Slots<Thing, ThingId, 4>;

}  // namespace

TEST_CASE("SipHash-2-4: the vectors of its paper's reference", "[sip][hash]") {
    // Key 00..0f, messages 00..n-1: the first, some in between, and one longer than a block.
    const HashKey key{0x0706050403020100, 0x0f0e0d0c0b0a0908};
    std::string message;
    std::vector<std::uint64_t> hashes;
    for (int i = 0; i < 16; ++i) {
        hashes.push_back(keyed_hash(key, message));
        message += static_cast<char>(i);
    }
    CHECK(hashes[0] == 0x726fdb47dd0e0e31);
    CHECK(hashes[1] == 0x74f839c593dc67fd);
    CHECK(hashes[8] == 0x93f5f5799a932462);
    CHECK(hashes[15] == 0xa129ca6149be45e5);
}

TEST_CASE("a slot's later tenant is not found by an earlier id", "[sip][slots]") {
    Things things;
    const auto a = things.take();
    things.find(a)->text = "a";
    things.give_back(a);
    CHECK(things.find(a) == nullptr);
    std::vector<ThingId> ids;
    for (int i = 0; i < 4; ++i)
        ids.push_back(things.take());
    CHECK(things.full());
    for (const auto id : ids) {
        CHECK(id != a);
        CHECK(things.find(id)->text.empty());
    }
    CHECK(things.find(ThingId{}) == nullptr);
    CHECK(things.find(ThingId{99}) == nullptr);
}

TEST_CASE("the slot unused for longest is let first", "[sip][slots]") {
    Things things;
    const auto a = things.take(), b = things.take();
    things.give_back(b);
    things.give_back(a);
    CHECK(Things::index_of(things.take()) == Things::index_of(b));
    CHECK(Things::index_of(things.take()) == Things::index_of(a));
}

TEST_CASE("a slot can be taken by its id after a restart", "[sip][slots]") {
    Things things;
    const ThingId kept{7u << 16 | 3};
    CHECK(things.take(kept));
    CHECK_FALSE(things.take(kept));
    CHECK_FALSE(things.take(ThingId{7u << 16 | 5}));  // beyond the limit
    CHECK_FALSE(things.take(ThingId{7u << 16}));
    CHECK(things.find(kept) != nullptr);
    for (int i = 0; i < 3; ++i)
        CHECK(Things::index_of(things.take()) != Things::index_of(kept));
    CHECK(things.full());
    things.give_back(kept);
    CHECK(things.take() != kept);
}

TEST_CASE("the index agrees with a map under random use", "[sip][hash]") {
    HashIndex index;
    std::map<std::uint32_t, std::uint64_t> model;  // slot to hash
    Random random = Random::from(3);
    for (int step = 0; step < 20'000; ++step) {
        const auto slot = random.below(300);
        if (model.contains(slot)) {
            index.erase(slot);
            model.erase(slot);
        } else {
            // Few hashes, so that many slots share one.
            const std::uint64_t hash = random.below(40) * 0x1'0000'0001u;
            index.insert(hash, slot);
            model[slot] = hash;
        }
        const auto probe = random.below(300);
        const std::uint64_t hash = model.contains(probe) ? model[probe] : 1234567;
        const auto found = index.find(hash, [&](std::uint32_t at) { return at == probe; });
        REQUIRE(found.has_value() == model.contains(probe));
    }
    index.erase(1000);  // never there: nothing happens
}
