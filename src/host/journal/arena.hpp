// host/journal/arena.hpp: the records that are alive, and how an arena is read and written.
#pragma once
#include "host/journal/layout.hpp"

#include <cstddef>
#include <cstdint>
#include <list>
#include <span>
#include <unordered_map>

namespace holdfast::host::journal {

/// The last value of every record, in the order of their first writing. Points to where the values
/// lie; does not own them.
class LiveRecords {
public:
    struct Entry {
        std::uint8_t kind = 0;
        std::uint64_t id = 0;
        const std::uint8_t* record = nullptr;  ///< Its header.
        std::size_t bytes = 0;                 ///< Of header and value, padded.
    };

    void put(std::uint8_t kind, std::uint64_t id, const std::uint8_t* record, std::size_t bytes);
    void forget(std::uint8_t kind, std::uint64_t id);
    /// Applies the records of one step, which must be sound.
    void apply(std::span<const std::uint8_t> records);

    const std::list<Entry>& entries() const { return entries_; }
    std::size_t bytes() const { return bytes_; }

    /// They lie one behind the other from `first` on now.
    void moved_to(const std::uint8_t* first);

private:
    struct Key {
        std::uint64_t id = 0;
        std::uint8_t kind = 0;
        friend bool operator==(const Key&, const Key&) = default;
    };
    struct Hash {
        std::size_t operator()(const Key& key) const noexcept {
            return (key.id * 256 + key.kind) * 0x9e3779b97f4a7c15;
        }
    };
    std::list<Entry> entries_;
    std::unordered_map<Key, std::list<Entry>::iterator, Hash> places_;
    std::size_t bytes_ = 0;
};

struct ArenaContent {
    LiveRecords live;            ///< As of the last sound frame.
    std::size_t tail = 0;        ///< Where the next frame goes.
    std::uint64_t sequence = 0;  ///< Of the last sound frame.
    bool damaged = false;        ///< What follows is neither a frame nor the end.
};

/// Reads frame by frame, up to the first that is not sound. Takes time linear in what is there.
ArenaContent read_arena(std::span<const std::uint8_t> arena);

/// Writes the step as the frame after `tail`: valid with the last store. There must be room for it
/// and for the zero that follows. `records_crc` goes over the headers of the records.
void write_frame(std::span<std::uint8_t> arena,
                 std::size_t tail,
                 FrameHeader header,
                 std::uint32_t records_crc,
                 std::span<const std::uint8_t> records);

/// Writes everything alive as the first frame of an arena; returns where the next one goes.
std::size_t write_snapshot(std::span<std::uint8_t> arena,
                           const LiveRecords& live,
                           std::uint64_t sequence);

}  // namespace holdfast::host::journal
