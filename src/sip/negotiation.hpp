// sip/negotiation.hpp: offer and answer (RFC 3264) over one audio stream, as pure functions.
#pragma once
#include "base/address.hpp"
#include "base/audio.hpp"
#include "base/bounded_vector.hpp"
#include "sip/sdp.hpp"

#include <array>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace holdfast::sip {

using Codec = AudioCodec;
using CodecList = BoundedVector<Codec, 8>;

/// What of SRTP (RTP/SAVP, keys in a=crypto) we do; keys as in sip/crypto_attribute.hpp.
struct LocalSrtp {
    bool offers = false;              ///< Our offers are for SRTP.
    bool answers = false;             ///< The peer's offers may be.
    bool insists = false;             ///< They must be.
    std::array<std::string, 2> keys;  ///< What we send with, by suite.
};

/// Our end of a stream, to be printed as an offer or an answer.
struct LocalMedia {
    Endpoint rtp;                 ///< The advertised address and the even port.
    CodecList codecs;             ///< In our order of preference.
    bool telephone_event = true;  ///< RFC 4733
    sdp::Direction direction = sdp::Direction::sendrecv;
    std::uint16_t ptime_ms = 20;
    std::uint64_t session_id = 0;  ///< Of the o= line; the same for the whole dialog.
    std::uint64_t version = 0;     ///< Of the o= line; +1 whenever the text changes (RFC 3264 8).
    LocalSrtp srtp;
};

/// One codec both sides have, with the payload number each direction uses. We use the offerer's
/// numbers in both directions, as RFC 3264 6.1 recommends.
struct AgreedCodec {
    Codec codec{};
    std::uint8_t payload = 0;
    friend bool operator==(const AgreedCodec&, const AgreedCodec&) = default;
};

/// SRTP as agreed on; the peer sends with `key`.
struct AgreedSrtp {
    SrtpSuite suite{};
    std::string key;
    friend bool operator==(const AgreedSrtp&, const AgreedSrtp&) = default;
};

/// What offer and answer came to, from our side.
struct Agreed {
    BoundedVector<AgreedCodec, 8> codecs;  ///< In the answer's order; never empty.
    std::uint8_t telephone_event = 0;      ///< Payload; 0: none.
    Endpoint remote_rtp;                   ///< Zero address where the peer holds that way.
    Endpoint remote_rtcp;
    bool peer_holds = false;                                     ///< See sdp::Description::held.
    sdp::Direction remote_direction = sdp::Direction::sendrecv;  ///< As the peer wrote it.
    std::uint16_t ptime_ms = 20;  ///< The peer's wish, within 10..60.
    std::optional<AgreedSrtp> srtp;
    friend bool operator==(const Agreed&, const Agreed&) = default;
};

/// Our offer. Payload numbers: static ones for G.711 and G.722, 96 up for the rest, 101 for events.
std::string print_offer(const LocalMedia& local);

struct Answer {
    std::string text;
    Agreed agreed;
};
/// Our answer to `offer`: the first audio stream that can be used, all others refused with port 0
/// (RFC 3264 6). Codecs in our order of preference, restricted to the offer's; direction is what
/// both allow (`local.direction` is what we want; never more than the offer allows). Faults:
/// no_audio (also where SRTP is offered and not served, or demanded and not offered),
/// no_common_codec, bad_sdp.
std::expected<Answer, Fault> answer_to(const sdp::Description& offer, const LocalMedia& local);

/// What the peer's answer to our offer came to. Faults: as above, or an answer with other streams
/// than were offered (bad_sdp).
std::expected<Agreed, Fault> agreed_from(const sdp::Description& answer, const LocalMedia& offered);

}  // namespace holdfast::sip
