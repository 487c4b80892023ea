// media/heard.hpp: a packet that a party sent and that counts.
#pragma once
#include "base/time.hpp"
#include "media/orders.hpp"
#include "media/reception.hpp"
#include "media/rtp.hpp"

#include <optional>

namespace holdfast::media {

struct Heard {
    RtpPacket packet;
    Place place;
    std::optional<Codec> codec;  ///< None: a telephone event.
    std::uint32_t clock = 8000;  ///< Of its timestamps, in Hz.
    Instant received_at;         ///< When it reached the kernel.
};

}  // namespace holdfast::media
