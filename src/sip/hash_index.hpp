// sip/hash_index.hpp: finds slots by the hash of their key. The keys stay with their objects.
#pragma once
#include "base/ensure.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace holdfast::sip {

/// A chained hash table of slot numbers. Hashes come from keyed_hash; `find` asks the caller
/// whether the key itself is the same. One slot stands in it at most once.
class HashIndex {
public:
    void insert(std::uint64_t hash, std::uint32_t slot) {
        if (links_.size() <= slot) links_.resize(slot + std::size_t{1});
        ensure(!links_[slot].in, "a slot is indexed once");
        if (++size_ > heads_.size()) grow();
        links_[slot] = {hash, head(hash), true};
        head(hash) = slot;
    }

    void erase(std::uint32_t slot) {
        if (slot >= links_.size() || !links_[slot].in) return;
        std::uint32_t* at = &head(links_[slot].hash);
        while (*at != slot)
            at = &links_[*at].next;
        *at = links_[slot].next;
        links_[slot].in = false;
        --size_;
    }

    /// The youngest slot of that hash of which `same(slot)` is true.
    template <class Same>
    std::optional<std::uint32_t> find(std::uint64_t hash, Same&& same) const {
        if (heads_.empty()) return std::nullopt;
        for (std::uint32_t slot = heads_[hash & (heads_.size() - 1)]; slot != none;
             slot = links_[slot].next)
            if (links_[slot].hash == hash && same(slot)) return slot;
        return std::nullopt;
    }

private:
    static constexpr std::uint32_t none = 0xffff'ffff;
    struct Link {
        std::uint64_t hash = 0;
        std::uint32_t next = none;
        bool in = false;
    };

    std::uint32_t& head(std::uint64_t hash) { return heads_[hash & (heads_.size() - 1)]; }

    void grow() {
        heads_.assign(heads_.empty() ? 64 : heads_.size() * 2, none);
        for (std::uint32_t slot = 0; slot < links_.size(); ++slot) {
            if (!links_[slot].in) continue;
            links_[slot].next = head(links_[slot].hash);
            head(links_[slot].hash) = slot;
        }
    }

    std::vector<std::uint32_t> heads_;  // a power of two of them
    std::vector<Link> links_;           // by slot
    std::size_t size_ = 0;
};

}  // namespace holdfast::sip
