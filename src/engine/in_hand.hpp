// engine/in_hand.hpp: whose affairs a step is working at, as a word that means the same in the next
// life: ids of calls, dialled calls and legs are in the journal. Who dies over the same word twice
// is told so at the next start, and lets go of it.
#pragma once
#include "engine/leg.hpp"

#include <cstdint>

namespace holdfast::engine {

struct InHand {
    enum class Kind : std::uint8_t { nothing, call, dial, leg } kind{};
    std::uint32_t id = 0;
    friend bool operator==(const InHand&, const InHand&) = default;
};

/// Zero for nothing.
constexpr std::uint64_t word_of(InHand what) {
    if (what.kind == InHand::Kind::nothing || what.id == 0) return 0;
    return std::uint64_t{static_cast<std::uint8_t>(what.kind)} << 32 | what.id;
}

constexpr InHand in_hand_of(std::uint64_t word) {
    const auto kind = word >> 32;
    if (kind > static_cast<std::uint64_t>(InHand::Kind::leg)) return {};
    return {static_cast<InHand::Kind>(kind), static_cast<std::uint32_t>(word)};
}

/// The call that a leg belongs to; the leg itself where it has none.
inline InHand in_hand_of(const Leg& leg) {
    if (leg.call) return {InHand::Kind::call, leg.call.value};
    if (leg.dial) return {InHand::Kind::dial, leg.dial.value};
    return {InHand::Kind::leg, leg.id.value};
}

}  // namespace holdfast::engine
