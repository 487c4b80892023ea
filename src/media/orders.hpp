// media/orders.hpp: everything that is said between the daemon and the media process. One message
// a packet of a Unix seqpacket socket, at most `most_message_bytes`, encoded by base/codec.hpp
// after one byte of version. Both sides count what they cannot read and go on.
#pragma once
#include "base/address.hpp"
#include "base/audio.hpp"
#include "base/codec.hpp"
#include "base/ids.hpp"
#include "base/srtp.hpp"
#include "base/time.hpp"

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace holdfast::media {

inline constexpr std::uint8_t protocol_version = 5;
inline constexpr std::size_t most_message_bytes = 4096;
inline constexpr std::size_t most_path_bytes = 1024;  // a sentence about it fits into a message too

using Codec = AudioCodec;

struct PayloadType {
    std::uint8_t number = 0;
    Codec codec{};
};

// ---- Orders: what the daemon wants. -----------------------------------------------------------

/// First message of a connection. The media process answers with its own and then lists nothing by
/// itself: the daemon asks.
struct Greet {
    std::uint64_t daemon_boot = 0;
};
/// Bind RTP to `port` (even) and RTCP to port + 1. `port` is the daemon's choice; a port in use is
/// reported and the daemon chooses another. `recreated`: the media process died and the daemon
/// gives back what was there (the sockets come with this message by SCM_RIGHTS, RTP first).
struct Open {
    MediaId media;
    IpAddress bind;
    std::uint16_t port = 0;
    bool recreated = false;
};
/// Keys of SRTP, one for each direction. The same again changes nothing; a direction with another
/// key begins anew.
struct SrtpKeys {
    SrtpSuite suite{};
    SrtpKey send{}, receive{};
    friend bool operator==(const SrtpKeys&, const SrtpKeys&) = default;
};
/// What offer and answer came to. A new one replaces the old; the source is learned anew
/// (spec: only after an offer or answer may the source of a stream change).
struct Configure {
    MediaId media;
    Endpoint remote_rtp;  ///< Zero address: send nothing there.
    Endpoint remote_rtcp;
    IpAddress signalling_source;       ///< Packets may come from here instead, in NAT; none: never.
    std::vector<PayloadType> codecs;   ///< The first is what we send when we generate.
    std::uint8_t telephone_event = 0;  ///< 0: none; digits are then found in-band if asked.
    bool detect_inband_digits = false;
    bool sends = true;     ///< We may send to it (it did not ask to hear nothing).
    bool receives = true;  ///< What it sends is wanted.
    std::uint16_t ptime_ms = 20;
    Micros silence_limit{};  ///< Report Silent after that long without a packet; 0: never.
    /// Clock of the telephone-event payload. RFC 4733 2.1: that of the audio beside it.
    std::uint32_t telephone_event_hertz = 8000;
    /// Its telephone events are reported and not relayed: the daemon says what becomes of them.
    bool keeps_digits = false;
    /// VoiceChanged is reported while somebody hears it.
    bool reports_voice = false;
    /// And MuteChanged with it.
    bool reports_mute = false;
    std::optional<SrtpKeys> srtp;  ///< None: plain RTP and RTCP.
};
/// What the party at `media` hears from now on. The switch is one marker bit: SSRC, sequence and
/// clock go on. Saying the same again changes nothing, except that an announcement begins anew. An
/// endpoint or source that is not there yet is heard once it is.
struct HearNothing {};
struct HearEndpoint {
    MediaId from;
};
struct HearSource {
    SourceId source;
    bool loop = false;  ///< Music goes round; an announcement ends in PlayEnded.
};
/// It hears all others that hear this conference, and is heard by them: up to
/// `limits::conference_parties`. The conference is there as long as anybody hears it.
struct HearConference {
    ConferenceId conference;
};
struct Hear {
    MediaId media;
    std::variant<HearNothing, HearEndpoint, HearSource, HearConference> what;
};
/// Sources one after the other, once, over whatever the party hears, which is silent meanwhile and
/// goes on behind them. Those that are not ready are left out. Ends in PlayEnded with the last; a
/// Hear of something else ends it without, as does another Say.
struct Say {
    MediaId media;
    std::vector<SourceId> sources;  ///< 1 to limits::said_sources.
};
/// Send a digit to the party by RFC 4733, or in-band where it has none. Digits wait for each other;
/// what the party hears is interrupted meanwhile. 40 to 6,000 ms.
struct SendDigit {
    MediaId media;
    char digit = '0';
    std::uint16_t duration_ms = 100;
};
/// Which digits the party sends is nobody's to know: each is told as `masked_digit`, and none is
/// relayed. One that runs as that begins or ends is masked too.
struct MaskDigits {
    MediaId media;
    bool on = false;
};
/// Answered by Closed, also where nothing is open.
struct Close {
    MediaId media;
};
/// Read a WAV (any rate, mono or stereo) and encode it for the codecs, once for all listeners.
struct LoadSource {
    SourceId source;
    std::string path;
};
/// A tone made here: confirmation and error signals. Frequencies in Hz; silence between repeats.
struct LoadTone {
    SourceId source;
    std::uint16_t hertz = 440, second_hertz = 0;
    std::uint16_t on_ms = 200, off_ms = 100;
    std::uint8_t repeats = 1;
};
/// Asks for a Listed for every endpoint, then ListEnded.
struct List {};

using Order = std::variant<Greet,
                           Open,
                           Configure,
                           Hear,
                           SendDigit,
                           Close,
                           LoadSource,
                           LoadTone,
                           List,
                           Say,
                           MaskDigits>;

// ---- Reports: what happened. ------------------------------------------------------------------

/// Answer to Greet. A new `media_boot` means every session is gone.
struct Greeted {
    std::uint64_t media_boot = 0;
};
enum class OpenFault : std::uint8_t { port_in_use, cannot_bind, too_many };
/// With it come both sockets by SCM_RIGHTS, so that our death does not close the ports.
struct Opened {
    MediaId media;
    std::uint16_t port = 0;
};
struct OpenFailed {
    MediaId media;
    OpenFault fault{};
    std::string text;
};
/// Packets come from here, and from nowhere else until the next Configure.
struct SourceLocked {
    MediaId media;
    Endpoint from;
    Instant at;
};
inline constexpr char masked_digit = '?';
struct DigitHeard {
    MediaId media;
    char digit = 0;
    std::uint16_t duration_ms = 0;
    bool inband = false;
    Instant at;  ///< When the digit began.
};
struct PlayEnded {
    MediaId media;
    SourceId source;
    Instant at;
};
/// No packet since `since`, for the silence limit.
struct Silent {
    MediaId media;
    Instant since;
};
struct SoundReturned {
    MediaId media;
    Instant at;
};
/// What is known of a party's voice: nothing (nobody hears it, or nothing that can be decoded has
/// come), nobody speaks, somebody does. Music as loud as speech counts as speech.
enum class Voice : std::uint8_t { unseen, silent, speaking };
/// The voice of a party whose Configure asked for it has begun at `at`, or had ended then: silence
/// is told 2 s later, so that there is at most one pair in that time. Told again after each
/// Configure.
struct VoiceChanged {
    MediaId media;
    Voice voice{};
    Instant at;
};
/// Whether a party's microphone is off: nothing is known (nobody hears it, or its phone leaves out
/// what is silent anyway), it is on, it is off.
enum class Mute : std::uint8_t { unseen, open, muted };
/// So it has been since `at`. `muted` is told when it has lasted for 2 s, or, of a phone that sends
/// nothing meanwhile, once it sends again: until then it is `unseen`, and then since the same
/// instant. Told again after each Configure.
struct MuteChanged {
    MediaId media;
    Mute mute{};
    Instant at;
};
struct Statistics {
    std::uint64_t packets_in = 0, packets_out = 0, bytes_in = 0, bytes_out = 0;
    std::uint64_t foreign_packets = 0;  ///< From elsewhere than the locked source: dropped.
    std::uint64_t malformed = 0, unknown_payload = 0;
    std::uint64_t unauthentic = 0;          ///< Not protected by the key that was agreed on.
    std::uint64_t unmatched_codec = 0;      ///< Not relayed to this party: it lacks the codec.
    std::uint32_t lost = 0, jitter_us = 0;  ///< RFC 3550 6.4.1, of what came in.
    std::uint32_t remote_lost = 0, round_trip_us = 0;  ///< From the peer's RTCP; 0 where unknown.
};
struct Closed {
    MediaId media;
    Statistics statistics;
};
struct SourceReady {
    SourceId source;
    Micros length;
};
struct SourceFailed {
    SourceId source;
    std::string text;  ///< What is wrong with the file and what to do.
};
/// With it come both sockets, as with Opened: a new daemon has none yet.
struct Listed {
    MediaId media;
    std::uint16_t port = 0;
    Instant last_packet;
};
struct ListEnded {};
/// Counters of the whole process, every 10 s.
struct Health {
    std::uint32_t endpoints = 0;
    std::uint64_t packets_relayed = 0, packets_played = 0;
    std::uint64_t late_ticks = 0;  ///< 20 ms ticks that began over 5 ms late.
    std::uint64_t unreadable_orders = 0;
    std::uint64_t lost_reports = 0;        ///< The daemon did not read, or was not there.
    std::uint64_t implausible_stamps = 0;  ///< Receive times replaced by the time of reading.
    std::uint64_t cpu_us = 0;
};

using Report = std::variant<Greeted,
                            Opened,
                            OpenFailed,
                            SourceLocked,
                            DigitHeard,
                            PlayEnded,
                            Silent,
                            SoundReturned,
                            Closed,
                            SourceReady,
                            SourceFailed,
                            Listed,
                            ListEnded,
                            Health,
                            VoiceChanged,
                            MuteChanged>;

// ---- The bytes. -------------------------------------------------------------------------------

template <class Message>
std::string to_bytes(const Message& message) {
    std::string bytes(1, static_cast<char>(protocol_version));
    encode(message, bytes);
    return bytes;
}

enum class OrderFault : std::uint8_t { other_version, unreadable };

/// Checks version, lengths and every enumerator: a wrong byte is a fault, never a wrong order.
std::expected<Order, OrderFault> read_order(std::string_view bytes);
std::expected<Report, OrderFault> read_report(std::string_view bytes);

}  // namespace holdfast::media
