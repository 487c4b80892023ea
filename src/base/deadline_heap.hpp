// base/deadline_heap.hpp: every deadline of the engine in one binary heap, in place, with handles.
// Equal instants come out in the order they were armed, so a run can be repeated exactly.
#pragma once
#include "base/ensure.hpp"
#include "base/time.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <type_traits>

namespace holdfast {

/// Names one armed deadline. A handle whose deadline has run out or was stopped is harmless.
struct Timer {
    std::uint32_t slot = 0;  ///< 1-based; zero is no timer.
    std::uint32_t generation = 0;
    constexpr explicit operator bool() const { return slot != 0; }
};

/// Up to `Capacity` deadlines, each with a Key that tells its owner what ran out. Arm, re-arm and
/// stop cost O(log n). Not copied; about 40 bytes an entry, touched only when used.
template <class Key, std::size_t Capacity>
class DeadlineHeap {
public:
    struct Due {
        Instant at;
        Key key;
    };

    DeadlineHeap() { free_head_ = 0; }
    DeadlineHeap(const DeadlineHeap&) = delete;
    DeadlineHeap& operator=(const DeadlineHeap&) = delete;

    std::size_t size() const { return size_; }
    bool full() const { return size_ == Capacity; }
    bool running(Timer timer) const {
        return timer && timer.slot <= slots_made_ &&
               slots_[timer.slot - 1].generation == timer.generation &&
               slots_[timer.slot - 1].position != idle;
    }
    /// When `timer` runs out, if it runs.
    std::optional<Instant> due(Timer timer) const {
        if (!running(timer)) return std::nullopt;
        return entry(slots_[timer.slot - 1].position).at;
    }

    /// Starts `timer` anew for `at`, whether or not it runs.
    void arm(Timer& timer, Instant at, const Key& key) {
        stop(timer);
        ensure(!full(), "more deadlines than the limit allows");
        const std::uint32_t slot = take_slot();
        timer = {slot + 1, slots_[slot].generation};
        put(size_, {at, ++armed_, slot, key});
        slots_[slot].position = static_cast<std::uint32_t>(size_);
        sift_up(size_++);
    }

    void stop(Timer& timer) {
        if (running(timer)) remove(slots_[timer.slot - 1].position);
        timer = {};
    }

    /// The next deadline, if any is armed.
    std::optional<Due> next() const {
        if (size_ == 0) return std::nullopt;
        return Due{entry(0).at, entry(0).key};
    }

    /// Takes out the next deadline that is due at `now`.
    std::optional<Due> pop(Instant now) {
        if (size_ == 0 || entry(0).at > now) return std::nullopt;
        const Due due{entry(0).at, entry(0).key};
        remove(0);
        return due;
    }

private:
    static_assert(std::is_trivially_copyable_v<Key>, "entries are moved as bytes");
    static constexpr std::uint32_t idle = 0xffff'ffff;
    struct Entry {
        Instant at;
        std::uint64_t order;
        std::uint32_t slot;
        Key key;
    };
    struct Slot {
        std::uint32_t generation;
        std::uint32_t position;   // in heap_, or idle
        std::uint32_t next_free;  // 1-based while idle
    };

    static bool before(const Entry& a, const Entry& b) {
        return a.at != b.at ? a.at < b.at : a.order < b.order;
    }

    std::uint32_t take_slot() {
        if (free_head_ == 0) {
            slots_[slots_made_] = {1, idle, 0};
            return static_cast<std::uint32_t>(slots_made_++);
        }
        const std::uint32_t slot = free_head_ - 1;
        free_head_ = slots_[slot].next_free;
        return slot;
    }

    const Entry& entry(std::size_t at) const { return heap_[at].entry; }
    void put(std::size_t at, const Entry& given) { std::construct_at(&heap_[at].entry, given); }

    void place(std::size_t at, const Entry& given) {
        put(at, given);
        slots_[given.slot].position = static_cast<std::uint32_t>(at);
    }

    void sift_up(std::size_t at) {
        const Entry moved = entry(at);
        for (; at > 0 && before(moved, entry((at - 1) / 2)); at = (at - 1) / 2)
            place(at, entry((at - 1) / 2));
        place(at, moved);
    }

    void sift_down(std::size_t at) {
        const Entry moved = entry(at);
        for (;;) {
            std::size_t child = 2 * at + 1;
            if (child >= size_) break;
            if (child + 1 < size_ && before(entry(child + 1), entry(child))) ++child;
            if (!before(entry(child), moved)) break;
            place(at, entry(child));
            at = child;
        }
        place(at, moved);
    }

    void remove(std::size_t at) {
        const std::uint32_t slot = entry(at).slot;
        ++slots_[slot].generation;
        slots_[slot].position = idle;
        slots_[slot].next_free = free_head_;
        free_head_ = slot + 1;
        --size_;
        if (at == size_) return;
        place(at, entry(size_));
        sift_down(at);
        sift_up(slots_[entry(at).slot].position);
    }

    std::size_t size_ = 0;
    std::size_t slots_made_ = 0;
    std::uint64_t armed_ = 0;
    std::uint32_t free_head_ = 0;
    // Left unset on purpose: an entry costs memory only once it is used. An instant is zero by
    // default; a union is nothing.
    union Unset {
        Entry entry;
        Unset() noexcept {}
    };
    std::array<Unset, Capacity> heap_;
    std::array<Slot, Capacity> slots_;
};

}  // namespace holdfast
