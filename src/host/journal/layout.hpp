// host/journal/layout.hpp: how the journal lies in its file. One page of control, then two arenas
// of the same size, of which one is active:
//
//   control | arena 0: frame frame frame 0 ... | arena 1: ...
//
// A frame is one step: its header, then its records. It becomes valid by the last store of it, its
// sequence; before that store the place holds zero, which ends the arena for a reader. Every store
// that makes something valid is one aligned word, so that a process killed between any two
// instructions leaves either the state before or the state after. Checksums are for damage alone.
#pragma once
#include "base/crc32.hpp"

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>

namespace holdfast::host::journal {

static_assert(std::endian::native == std::endian::little);

inline constexpr std::size_t page_bytes = 4096;
inline constexpr std::size_t control_bytes = page_bytes;
inline constexpr std::size_t least_arena_bytes = 4 * page_bytes;
inline constexpr std::array<char, 8> magic{'H', 'F', 'J', 'O', 'U', 'R', 'N', 'L'};
inline constexpr std::uint32_t version = 1;
inline constexpr std::size_t crash_slots = 16;
/// As /proc/sys/kernel/random/boot_id has it; zeros where that cannot be read.
using BootId = std::array<char, 40>;

/// What one file keeps for all its life.
struct Identity {
    std::array<char, 8> magic{};
    std::uint32_t version = 0;
    std::uint32_t crc = 0;  ///< Of this struct with zero here.
    std::uint64_t arena_bytes = 0;
    BootId boot{};  ///< Instants mean something within one boot only.
};

struct Beat {
    std::int64_t boottime_us = 0, wall_us = 0;
};

struct Crash {
    std::uint64_t life = 0, hash = 0, call = 0;
    Beat last_beat;
};

struct Control {
    Identity identity;
    std::uint64_t active = 0;   ///< See active_word().
    std::uint64_t running = 0;  ///< 1 until closed cleanly.
    std::uint64_t life = 0;     ///< One more at each opening.
    std::uint64_t beats = 0;    ///< The last one lies at beat[beats % 2].
    std::array<Beat, 2> beat{};
    std::uint64_t in_hand = 0;  ///< 1 while `hash` and `call` name what is being processed.
    std::uint64_t hash = 0, call = 0;
    std::uint64_t crashes = 0;  ///< The last one lies at crash[(crashes - 1) % crash_slots].
    std::array<Crash, crash_slots> crash{};
};
static_assert(sizeof(Control) <= control_bytes);

struct FrameHeader {
    std::uint64_t sequence = 0;  ///< One more than the frame before; zero: no frame here.
    std::uint32_t bytes = 0;     ///< Of the frame, with this header.
    std::uint32_t records = 0;
    std::uint32_t crc = 0;  ///< Of all record headers, then of this one with zero here.
    std::uint32_t zero = 0;
};

enum class Action : std::uint8_t { put = 1, forget = 2 };

/// Its bytes follow, filled up to whole words.
struct RecordHeader {
    std::uint64_t id = 0;
    std::uint32_t size = 0;
    std::uint32_t crc = 0;  ///< Of the bytes, filled up: a record moves without being summed anew.
    std::uint8_t kind = 0;
    Action action{};
    std::array<std::uint8_t, 6> zero{};
};
static_assert(sizeof(FrameHeader) % 8 == 0 && sizeof(RecordHeader) % 8 == 0);

constexpr std::size_t padded(std::size_t bytes) {
    return (bytes + 7) / 8 * 8;
}
constexpr std::size_t record_bytes(std::size_t size) {
    return sizeof(RecordHeader) + padded(size);
}

template <class T>
std::uint32_t crc_of(const T& value, std::uint32_t before = 0) {
    static_assert(std::has_unique_object_representations_v<T>);
    const auto bytes = std::bit_cast<std::array<std::uint8_t, sizeof(T)>>(value);
    return crc32(bytes, before);
}

template <class T>
T load(const std::uint8_t* from) {
    static_assert(std::is_trivially_copyable_v<T>);
    T value;
    std::memcpy(&value, from, sizeof(T));
    return value;
}

/// Everything stored before it in the program is stored when `word` changes.
inline void publish(std::uint64_t& word, std::uint64_t value) {
    std::atomic_ref{word}.store(value, std::memory_order_release);
}
inline void publish(std::uint8_t* at, std::uint64_t value) {
    publish(*reinterpret_cast<std::uint64_t*>(at), value);
}

/// The generation, whose parity names the active arena, beside its checksum.
inline std::uint64_t active_word(std::uint32_t generation) {
    return std::uint64_t{crc_of(generation)} << 32 | generation;
}

}  // namespace holdfast::host::journal
