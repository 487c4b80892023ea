#include "loadgen/sound.hpp"

#include "host/io/udp_socket.hpp"

#include <algorithm>
#include <span>

namespace holdfast::loadgen {
namespace {

constexpr Micros silent_after = 1s;
constexpr std::size_t samples = 160;  // 20 ms at 8 kHz
constexpr std::uint8_t payload_pcma = 8;
/// A-law of a 400 Hz tone (one period is 20 samples), about -12 dB.
constexpr std::array<std::uint8_t, 20> period{0xD5, 0xB4, 0x83, 0x8E, 0x88, 0x8A, 0x88,
                                              0x8E, 0x83, 0xB4, 0xD5, 0x34, 0x03, 0x0E,
                                              0x08, 0x0A, 0x08, 0x0E, 0x03, 0x34};

/// RFC 5761 4.
bool is_control(std::span<const std::uint8_t> bytes) {
    return bytes.size() > 1 && bytes[1] >= 192 && bytes[1] <= 223;
}

}  // namespace

std::size_t Sound::add(host::Fd socket) {
    sockets_.push_back(std::move(socket));
    return sockets_.size() - 1;
}

void Sound::heard(std::size_t index, const host::Datagram& packet, Instant now) {
    if (is_control(packet.bytes)) return;  // to the port beside another one of ours
    ++figures_.received;
    const Key key{index, packet.from};
    if (ports_.insert(key).second) ++figures_.ports;
    const auto [it, fresh] = streams_.try_emplace(key);
    it->second.last_heard = now;
    count(it->second, packet);
    if (!fresh) return;
    if (streams_.size() == 1) next_ = now;
    it->second.ssrc = static_cast<std::uint32_t>(0x5EED0000U + next_phase_);
    by_phase_[next_phase_++ % phases].push_back(key);
}

/// RFC 3550 5.1: sequence numbers go up by one a packet, whatever is heard.
void Sound::count(Stream& stream, const host::Datagram& packet) {
    const auto& bytes = packet.bytes;
    if (bytes.size() < 12) return;
    const auto number = [&bytes](std::size_t at, std::size_t size) {
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < size; ++i)
            value = value << 8 | bytes[at + i];
        return value;
    };
    const auto sequence = static_cast<std::uint16_t>(number(2, 2));
    const auto ssrc = number(8, 4);
    const bool fresh = stream.heard_at == never || ssrc != stream.heard_ssrc;
    if (fresh) ++figures_.sources;
    if (stream.heard_at != never)
        figures_.longest_gap = std::max(figures_.longest_gap, packet.received_at - stream.heard_at);
    stream.heard_at = packet.received_at;
    const auto step = static_cast<std::int16_t>(sequence - stream.heard_sequence);
    if (!fresh && step <= 0) {
        ++figures_.late;
        if (step < 0 && figures_.lost > 0) --figures_.lost;
        return;
    }
    if (!fresh) figures_.lost += static_cast<std::uint64_t>(step - 1);
    stream.heard_ssrc = ssrc;
    stream.heard_sequence = sequence;
}

void Sound::run(Instant now) {
    while (!streams_.empty() && next_ <= now) {
        auto& keys = by_phase_[phase_];
        std::erase_if(keys, [&](const Key& key) {
            const auto it = streams_.find(key);
            if (now - it->second.last_heard > silent_after) {
                streams_.erase(it);
                return true;
            }
            send(key, it->second);
            return false;
        });
        phase_ = (phase_ + 1) % phases;
        next_ += 1ms;
    }
}

void Sound::send(const Key& key, Stream& stream) {
    std::array<std::uint8_t, 12 + samples> packet{};
    const auto put = [&packet](std::size_t at, std::uint32_t value, std::size_t size) {
        for (std::size_t i = 0; i < size; ++i)
            packet[at + i] = static_cast<std::uint8_t>(value >> (8 * (size - 1 - i)));
    };
    packet[0] = 0x80;
    packet[1] = stream.time == 0 ? payload_pcma | 0x80 : payload_pcma;
    put(2, ++stream.sequence, 2);
    put(4, stream.time, 4);
    put(8, stream.ssrc, 4);
    for (std::size_t i = 0; i < samples; ++i)
        packet[12 + i] = period[i % period.size()];
    stream.time += samples;
    host::send_datagram(sockets_[key.index].get(), key.from, packet);
    ++figures_.sent;
}

}  // namespace holdfast::loadgen
