#include "link/frame.hpp"

#include "base/crc32.hpp"

namespace holdfast::link {
namespace {

constexpr std::size_t fcs_size = 4;
constexpr std::size_t header_size = 2;

struct Stuffer {
    FrameBuffer& room;
    std::size_t size = 0;
    std::uint32_t crc = 0;

    void raw(std::uint8_t octet) { room[size++] = octet; }
    void put(std::uint8_t octet) {
        if (is_escaped(octet)) {
            raw(escape);
            octet ^= escape_bit;
        }
        raw(octet);
    }
    void counted(std::uint8_t octet) {
        crc = crc32({&octet, 1}, crc);
        put(octet);
    }
};

std::uint32_t fcs_at(const std::uint8_t* at) {
    return std::uint32_t{at[0]} | std::uint32_t{at[1]} << 8 | std::uint32_t{at[2]} << 16 |
           std::uint32_t{at[3]} << 24;
}

}  // namespace

Bytes write_frame(FrameBuffer& room, std::uint8_t address, Bytes payload) {
    if (payload.size() > most_payload) return {};
    Stuffer out{room};
    out.raw(flag);
    out.counted(address);
    out.counted(unnumbered_information);
    for (const std::uint8_t octet : payload)
        out.counted(octet);
    const std::uint32_t fcs = out.crc;
    for (unsigned shift = 0; shift < 32; shift += 8)
        out.put(static_cast<std::uint8_t>(fcs >> shift & 0xff));
    out.raw(flag);
    return Bytes{room}.first(out.size);
}

std::optional<Frame> Deframer::take(std::uint8_t octet) {
    if (octet == flag) {
        const auto frame = finish();
        size_ = 0;
        escaped_ = overlong_ = false;
        return frame;
    }
    if (octet == escape) {
        escaped_ = true;
        return std::nullopt;
    }
    if (escaped_) octet ^= escape_bit;
    escaped_ = false;
    if (size_ == held_.size())
        overlong_ = true;
    else
        held_[size_++] = octet;
    return std::nullopt;
}

/// One flag may end a frame and begin the next, so nothing between two flags is no fault.
std::optional<Frame> Deframer::finish() {
    if (escaped_) {
        ++counters_.aborted;
    } else if (overlong_) {
        ++counters_.too_long;
    } else if (size_ == 0) {
        return std::nullopt;
    } else if (size_ < header_size + fcs_size) {
        ++counters_.too_short;
    } else if (const Bytes counted = Bytes{held_}.first(size_ - fcs_size);
               crc32(counted) != fcs_at(held_.data() + counted.size())) {
        ++counters_.checksum;
    } else if (held_[1] != unnumbered_information) {
        ++counters_.control;
    } else {
        ++counters_.frames;
        return Frame{held_[0], counted.subspan(header_size)};
    }
    return std::nullopt;
}

}  // namespace holdfast::link
