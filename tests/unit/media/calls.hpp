// Parts of calls that several tests speak of.
#pragma once
#include "fake_wire.hpp"
#include "media/orders.hpp"
#include "media/rtp.hpp"
#include "media/source.hpp"
#include "support/sound.hpp"

#include <cstdint>
#include <vector>

namespace holdfast::media {

/// A party at `remote` that speaks A-law and sends events as 101.
inline Configure party(MediaId media, const Endpoint& remote) {
    Configure order;
    order.media = media;
    order.remote_rtp = remote;
    order.remote_rtcp = {remote.address, static_cast<std::uint16_t>(remote.port + 1)};
    order.codecs = {{8, Codec::pcma}};
    order.telephone_event = 101;
    return order;
}

/// What a phone sends: 20 ms packets, one after the other.
struct Phone {
    Endpoint from;
    std::uint8_t payload_type = 8;
    std::uint16_t sequence = 500;
    std::uint32_t timestamp = 7000;
    std::uint32_t ssrc = 0x5050;

    std::vector<std::uint8_t> packet(const std::vector<std::uint8_t>& payload,
                                     bool marker = false) {
        std::vector<std::uint8_t> out(rtp_header_bytes + payload.size());
        print_rtp({.payload_type = payload_type,
                   .marker = marker,
                   .sequence = sequence++,
                   .timestamp = timestamp,
                   .ssrc = ssrc},
                  payload,
                  out);
        return out;
    }
    /// 20 ms of sound that are all `octet`.
    std::vector<std::uint8_t> sound(std::uint8_t octet = 0xd5) {
        auto out = packet(std::vector<std::uint8_t>(160, octet));
        timestamp += 160;
        return out;
    }
};

/// A second of 440 Hz, or as long as said.
inline SourcePtr tone_source(std::uint16_t on_ms = 1000) {
    return make_tone({{1}, 440, 0, on_ms, 0, 1}).value();
}

}  // namespace holdfast::media
