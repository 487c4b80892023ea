#include "host/journal/arena.hpp"

namespace holdfast::host::journal {
namespace {

std::uint32_t frame_crc(FrameHeader header, std::uint32_t records_crc) {
    header.crc = 0;
    return crc_of(header, records_crc);
}

/// Whether `frame` holds what its header says, byte for byte.
bool is_sound(const FrameHeader& header, std::span<const std::uint8_t> frame) {
    auto left = frame.subspan(sizeof(FrameHeader));
    std::uint32_t crc = 0;
    for (std::uint32_t i = 0; i < header.records; ++i) {
        if (left.size() < sizeof(RecordHeader)) return false;
        const auto record = load<RecordHeader>(left.data());
        if (left.size() < record_bytes(record.size)) return false;
        if (record.action != Action::put && record.action != Action::forget) return false;
        if (crc32(left.subspan(sizeof record, padded(record.size))) != record.crc) return false;
        crc = crc_of(record, crc);
        left = left.subspan(record_bytes(record.size));
    }
    return left.empty() && frame_crc(header, crc) == header.crc;
}

}  // namespace

void LiveRecords::put(std::uint8_t kind,
                      std::uint64_t id,
                      const std::uint8_t* record,
                      std::size_t bytes) {
    const auto [place, is_new] = places_.try_emplace(Key{id, kind}, entries_.end());
    if (is_new)
        place->second = entries_.insert(entries_.end(), Entry{kind, id, record, bytes});
    else
        bytes_ -= place->second->bytes;
    place->second->record = record;
    place->second->bytes = bytes;
    bytes_ += bytes;
}

void LiveRecords::forget(std::uint8_t kind, std::uint64_t id) {
    const auto place = places_.find(Key{id, kind});
    if (place == places_.end()) return;
    bytes_ -= place->second->bytes;
    entries_.erase(place->second);
    places_.erase(place);
}

void LiveRecords::apply(std::span<const std::uint8_t> records) {
    while (!records.empty()) {
        const auto header = load<RecordHeader>(records.data());
        const std::size_t bytes = record_bytes(header.size);
        if (header.action == Action::put)
            put(header.kind, header.id, records.data(), bytes);
        else
            forget(header.kind, header.id);
        records = records.subspan(bytes);
    }
}

void LiveRecords::moved_to(const std::uint8_t* first) {
    for (auto& entry : entries_) {
        entry.record = first;
        first += entry.bytes;
    }
}

ArenaContent read_arena(std::span<const std::uint8_t> arena) {
    ArenaContent content;
    while (arena.size() - content.tail >= sizeof(FrameHeader)) {
        const auto rest = arena.subspan(content.tail);
        const auto header = load<FrameHeader>(rest.data());
        if (header.sequence == 0) return content;
        const bool follows = content.tail == 0 || header.sequence == content.sequence + 1;
        const bool fits = header.bytes >= sizeof header && header.bytes <= rest.size();
        if (!follows || !fits || !is_sound(header, rest.first(header.bytes))) {
            content.damaged = true;
            return content;
        }
        content.live.apply(rest.subspan(sizeof header, header.bytes - sizeof header));
        content.sequence = header.sequence;
        content.tail += header.bytes;
    }
    content.damaged = true;  // the zero at the end is missing
    return content;
}

void write_frame(std::span<std::uint8_t> arena,
                 std::size_t tail,
                 FrameHeader header,
                 std::uint32_t records_crc,
                 std::span<const std::uint8_t> records) {
    header.bytes = static_cast<std::uint32_t>(sizeof header + records.size());
    header.crc = frame_crc(header, records_crc);
    std::uint8_t* const at = arena.data() + tail;
    publish(at + header.bytes, 0);
    std::memcpy(at + sizeof header, records.data(), records.size());
    constexpr std::size_t rest = sizeof header.sequence;
    std::memcpy(
        at + rest, reinterpret_cast<const std::uint8_t*>(&header) + rest, sizeof header - rest);
    publish(at, header.sequence);
}

std::size_t write_snapshot(std::span<std::uint8_t> arena,
                           const LiveRecords& live,
                           std::uint64_t sequence) {
    FrameHeader header{.sequence = sequence};
    std::uint32_t crc = 0;
    std::size_t at = sizeof header;
    for (const auto& entry : live.entries()) {
        std::memcpy(arena.data() + at, entry.record, entry.bytes);
        crc = crc_of(load<RecordHeader>(entry.record), crc);
        at += entry.bytes;
        ++header.records;
    }
    header.bytes = static_cast<std::uint32_t>(at);
    header.crc = frame_crc(header, crc);
    publish(arena.data() + at, 0);
    std::memcpy(arena.data(), &header, sizeof header);
    return at;
}

}  // namespace holdfast::host::journal
