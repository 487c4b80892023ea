// sip/slots.hpp: objects in numbered slots that are used again, so that their buffers are too.
#pragma once
#include "base/ensure.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <deque>

namespace holdfast::sip {

/// Up to `Limit` objects. An id holds the slot and how often it was let, so that an id of a former
/// tenant finds nothing. References last until the object is given back. T has `reset()`, which
/// makes it new and keeps its buffers.
template <class T, class Id, std::size_t Limit>
class Slots {
    /// Of the id, for the slot's number from 1 on; the others count how often the slot was let.
    static constexpr int number_bits = std::max(16, static_cast<int>(std::bit_width(Limit)));
    static constexpr std::uint32_t number_mask = (std::uint32_t{1} << number_bits) - 1;
    static_assert(number_bits <= 20,
                  "a slot must be let thousands of times before an id comes again");

public:
    std::size_t size() const { return live_; }
    bool full() const { return live_ == Limit; }

    T* find(Id id) {
        Slot* slot = slot_of(id);
        return slot != nullptr && slot->live && slot->id == id.value ? &slot->item : nullptr;
    }
    const T* find(Id id) const { return const_cast<Slots*>(this)->find(id); }

    /// The longest unused slot, or a new one. The object was reset. Not at the limit.
    Id take() {
        ensure(!full(), "more tenants than slots");
        while (!free_.empty()) {
            const std::size_t index = free_.front();
            free_.pop_front();
            if (!slots_[index].live) return let(index, next_id(index));  // a restored one lives
        }
        slots_.emplace_back();
        return let(slots_.size() - 1, next_id(slots_.size() - 1));
    }

    /// The slot that `id` names, after a restart. False where it is taken or no id of ours.
    bool take(Id id) {
        const std::size_t number = id.value & number_mask;
        if (number == 0 || number > Limit) return false;
        while (slots_.size() < number) {
            free_.push_back(static_cast<std::uint32_t>(slots_.size()));
            slots_.emplace_back();
        }
        if (slots_[number - 1].live) return false;
        let(number - 1, id.value);
        return true;
    }

    void give_back(Id id) {
        ensure(find(id) != nullptr, "a slot is given back by its tenant only");
        const std::size_t index = index_of(id);
        slots_[index].live = false;
        free_.push_back(static_cast<std::uint32_t>(index));
        --live_;
    }

    /// Where the object stands, below `Limit`; for indexes beside the slots.
    static std::uint32_t index_of(Id id) { return (id.value & number_mask) - 1; }
    T& at(std::uint32_t index) { return slots_[index].item; }
    Id id_at(std::uint32_t index) const { return Id{slots_[index].id}; }
    const T& at(std::uint32_t index) const { return slots_[index].item; }

    /// Calls `see(id, object)` for each, in the order of the slots.
    template <class See>
    void for_each(See&& see) {
        for (Slot& slot : slots_)
            if (slot.live) see(Id{slot.id}, slot.item);
    }

private:
    struct Slot {
        T item;
        std::uint32_t id = 0;
        bool live = false;
    };

    Slot* slot_of(Id id) {
        const std::uint32_t number = id.value & number_mask;
        return number == 0 || number > slots_.size() ? nullptr : &slots_[number - 1];
    }
    std::uint32_t next_id(std::size_t index) const {
        const std::uint32_t generation = (slots_[index].id >> number_bits) + 1;
        return generation << number_bits | static_cast<std::uint32_t>(index + 1);
    }
    Id let(std::size_t index, std::uint32_t id) {
        Slot& slot = slots_[index];
        slot.id = id;
        slot.live = true;
        slot.item.reset();
        ++live_;
        return Id{id};
    }

    std::deque<Slot> slots_;
    std::deque<std::uint32_t> free_;
    std::size_t live_ = 0;
};

}  // namespace holdfast::sip
