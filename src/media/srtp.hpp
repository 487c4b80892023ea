// media/srtp.hpp: SRTP and SRTCP of one endpoint (RFC 3711), by libsrtp.
#pragma once
#include "media/bytes.hpp"
#include "media/wire.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

struct srtp_ctx_t_;

namespace holdfast::media {

/// What protection adds at most: RFC 3711 3.4, the index of SRTCP and a tag of 80 bits.
inline constexpr std::size_t srtp_trailer_bytes = 14;

class Srtp {
public:
    explicit Srtp(const SrtpKeys& keys);

    /// New keys; a direction whose key and suite stay goes on with its counters.
    void change(const SrtpKeys& keys);
    const SrtpKeys& keys() const { return keys_; }

    /// The first `size` octets of `packet` become protected; returns the octets, 0 where there is
    /// no room for what is added.
    std::size_t protect(Channel channel, ByteRoom packet, std::size_t size);
    /// The packet in the clear; none where it is not authentic, or was here before.
    std::optional<Bytes> open(Channel channel, Bytes packet);

private:
    struct Release {
        void operator()(srtp_ctx_t_* session) const;
    };
    using Session = std::unique_ptr<srtp_ctx_t_, Release>;
    static Session make(SrtpSuite suite, SrtpKey key, bool outbound);

    SrtpKeys keys_;
    Session send_;
    Session receive_;
    std::array<std::uint8_t, most_packet_bytes> opened_{};
};

}  // namespace holdfast::media
