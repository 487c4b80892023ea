// sip/sdp.hpp: session descriptions (RFC 8866) as views into the body.
#pragma once
#include "base/address.hpp"
#include "base/bounded_vector.hpp"
#include "base/limits.hpp"
#include "sip/crypto_attribute.hpp"
#include "sip/fault.hpp"

#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>

namespace holdfast::sip::sdp {

enum class Direction : std::uint8_t { sendrecv, sendonly, recvonly, inactive };

/// One payload type of an audio stream; static types (RFC 3551) have their name without a rtpmap.
struct Format {
    std::uint8_t payload = 0;
    std::string_view name;  ///< "PCMA", "telephone-event"; case as written.
    std::uint32_t rate = 0;
    std::uint8_t channels = 1;
    std::string_view fmtp;
};

struct Media {
    std::string_view kind;      ///< "audio", "video"...
    std::uint16_t port = 0;     ///< 0: the stream is refused or not wanted, not held.
    std::string_view protocol;  ///< "RTP/AVP"
    BoundedVector<Format, limits::sdp_formats> formats;
    std::optional<Direction> direction;   ///< Its own attribute.
    std::optional<IpAddress> connection;  ///< Its own c= line.
    std::uint16_t ptime_ms = 0;           ///< 0: not said.
    std::optional<Endpoint> rtcp;         ///< RFC 3605; address none where only a port is given.
    BoundedVector<CryptoAttribute, 4> cryptos;  ///< Those we serve; more are passed over.
    std::string_view formats_text;              ///< As written after the protocol, for refusing it.
};

inline constexpr std::size_t most_media = 8;

struct Description {
    std::string_view origin;  ///< The o= value as written.
    std::string_view origin_user, session_id, session_version;
    std::string_view timing;  ///< The first t= value; an answer repeats it (RFC 3264 6).
    std::optional<IpAddress> connection;
    std::optional<Direction> direction;  ///< Session level, the default of each stream.
    BoundedVector<Media, most_media> media;

    /// The direction of `m`: its own, else the session's, else sendrecv.
    Direction direction_of(const Media& m) const;
    /// Where `m` wants its packets: its own c= line, else the session's.
    Endpoint target_of(const Media& m) const;
    /// The peer holds this stream: sendonly or inactive, or the zero address (RFC 3264 8.4,
    /// RFC 2543 B.5). Port 0 is not a hold.
    bool held(const Media& m) const;
};

/// An address that is a name counts as none. Linear; unknown lines and attributes are passed over;
/// v=, o=, s= (RFC 8866 9) are wanted, but a missing s= or t= of sloppy phones is not a fault.
std::expected<Description, Fault> parse(std::string_view body);

}  // namespace holdfast::sip::sdp
