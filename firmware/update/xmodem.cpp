#include "firmware/update/xmodem.hpp"

#include <algorithm>

namespace holdfast::firmware {
namespace {

constexpr std::uint8_t soh = 0x01;  // 128 octets follow
constexpr std::uint8_t stx = 0x02;  // 1,024
constexpr std::uint8_t eot = 0x04;
constexpr std::uint8_t ack = 0x06;
constexpr std::uint8_t nak = 0x15;
constexpr std::uint8_t can = 0x18;
constexpr Micros octet_patience = 1s;  // within a block
constexpr Micros call_interval = 1s;   // a "C" until the sender begins

std::uint16_t crc16(link::Bytes octets) {
    std::uint16_t crc = 0;
    for (const std::uint8_t octet : octets) {
        crc = static_cast<std::uint16_t>(crc ^ octet << 8);
        for (int bit = 0; bit < 8; ++bit)
            crc = static_cast<std::uint16_t>((crc & 0x8000) != 0 ? crc << 1 ^ 0x1021 : crc << 1);
    }
    return crc;
}

}  // namespace

void Xmodem::say(std::uint8_t octet) {
    if (to_send_ < out_.size()) out_[to_send_++] = octet;
}

link::Bytes Xmodem::reply() {
    const auto all = link::Bytes{out_}.first(to_send_);
    to_send_ = 0;
    return all;
}

void Xmodem::step(Instant now) {
    if (filled_ > 0 && now - quiet_since_ > octet_patience) {  // a block that was cut
        filled_ = 0;
        say(nak);
        quiet_since_ = now;
    }
    if (filled_ == 0 && !begun_ && now - quiet_since_ > call_interval) {
        say('C');
        quiet_since_ = now;
    }
}

Xmodem::Event Xmodem::take(std::uint8_t octet, Instant now) {
    quiet_since_ = now;
    if (filled_ == 0) {
        if (octet == eot && begun_) {
            say(ack);
            begun_ = false;
            next_ = 1;
            return Event::end;
        }
        if (octet != soh && octet != stx) return Event::nothing;
        size_ = octet == soh ? 128 : most_data;
    }
    block_[filled_++] = octet;
    if (filled_ < header + size_ + 2) return Event::nothing;
    filled_ = 0;
    return finish();
}

Xmodem::Event Xmodem::finish() {
    const auto before = static_cast<std::uint8_t>(next_ - 1);
    const std::size_t crc_at = header + size_;
    const auto sent = static_cast<std::uint16_t>(block_[crc_at] << 8 | block_[crc_at + 1]);
    const bool whole = (block_[1] ^ block_[2]) == 0xff && crc16(data()) == sent;
    if (!whole) {
        say(nak);
    } else if (block_[1] == before && begun_) {
        say(ack);  // our answer was lost, and it came again
    } else if (block_[1] == next_) {
        begun_before_ = begun_;
        begun_ = true;
        return Event::block;
    } else {
        cancel();  // a block is missing: the sender counts otherwise than we do
    }
    return Event::nothing;
}

void Xmodem::accept() {
    ++next_;
    say(ack);
}

void Xmodem::cancel() {
    say(can);
    say(can);
    begun_ = false;
    next_ = 1;
}

}  // namespace holdfast::firmware
