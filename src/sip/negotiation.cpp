#include "sip/negotiation.hpp"

#include "base/ascii.hpp"
#include "sip/grammar.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <tuple>

namespace holdfast::sip {
namespace {

using sdp::Direction;

constexpr std::string_view event_name = "telephone-event";
constexpr std::uint32_t narrow_rate = 8000;
constexpr std::uint8_t first_dynamic_payload = 96;
constexpr std::string_view plain_rtp = "RTP/AVP";
constexpr std::string_view secure_rtp = "RTP/SAVP";  // RFC 3711 12
constexpr std::uint32_t first_crypto_tag = 1;
constexpr std::array offered_suites{SrtpSuite::aes_cm_128_hmac_sha1_80,
                                    SrtpSuite::aes_cm_128_hmac_sha1_32};

/// How a codec stands in SDP.
struct CodecRow {
    Codec codec;
    std::uint8_t payload;  // static; 0xff: dynamic
    std::uint32_t rate;    // of the RTP clock
    std::uint8_t channels;
};
constexpr std::uint8_t dynamic = 0xff;
constexpr CodecRow codec_rows[] = {
    {Codec::pcma, 8, 8000, 1},
    {Codec::pcmu, 0, 8000, 1},
    {Codec::g722, 9, 8000, 1},         // RFC 3551 4.5.2: 8000, although it samples 16000
    {Codec::opus, dynamic, 48000, 2},  // RFC 7587 7: always so
};

const CodecRow& row_of(Codec codec) {
    return codec_rows[static_cast<std::size_t>(codec)];
}
static_assert(std::size(codec_rows) == static_cast<std::size_t>(Codec::opus) + 1);

/// Telephone events of RFC 4733, one payload for each clock that the codecs use (2.1).
struct EventFormat {
    std::uint32_t rate;
    std::uint8_t payload;
};
constexpr std::array<EventFormat, 2> event_formats{{{8000, 101}, {48000, 102}}};

/// Sending and receiving apart, so that directions are sets to be cut.
struct Ways {
    bool send = false;
    bool receive = false;
};
constexpr Ways ways_of(Direction direction) {
    return {direction == Direction::sendrecv || direction == Direction::sendonly,
            direction == Direction::sendrecv || direction == Direction::recvonly};
}
constexpr Direction direction_of(Ways ways) {
    if (ways.send) return ways.receive ? Direction::sendrecv : Direction::sendonly;
    return ways.receive ? Direction::recvonly : Direction::inactive;
}
std::string_view text_of(Direction direction) {
    constexpr std::array<std::string_view, 4> words{"sendrecv", "sendonly", "recvonly", "inactive"};
    return words[static_cast<std::size_t>(direction)];
}

/// One codec or event format with its number on the wire.
struct Choice {
    std::string_view name;
    std::uint32_t rate = 0;
    std::uint8_t channels = 1;
    std::uint8_t payload = 0;
};
using Choices = BoundedVector<Choice, 10>;

void add(Choices& choices, const Choice& choice) {
    ensure(choices.push_back(choice), "more codecs than an offer can hold");
}

Choice choice_of(Codec codec, std::uint8_t payload) {
    const auto& row = row_of(codec);
    return {holdfast::text_of(codec), row.rate, row.channels, payload};
}

class Printer {
public:
    explicit Printer(std::string& out) : out_{out} {}
    Printer& text(std::string_view text) {
        out_ += text;
        return *this;
    }
    Printer& number(std::uint64_t value) {
        std::array<char, 20> digits{};
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
        out_.append(digits.data(), end);
        return *this;
    }

private:
    std::string& out_;
};

/// Everything above the first m= line. The o= line is the same in a whole dialog but for its
/// version (RFC 3264 8).
void print_session(std::string& out, const LocalMedia& local, std::string_view timing) {
    const auto address = holdfast::text_of(local.rtp.address);
    const std::string_view family =
        local.rtp.address.family == IpAddress::Family::v6 ? " IN IP6 " : " IN IP4 ";
    Printer print{out};
    print.text("v=0\r\no=- ").number(local.session_id).text(" ").number(local.version);
    print.text(family).text(address.view()).text("\r\ns=-\r\nc=").text(family.substr(1));
    print.text(address.view()).text("\r\nt=").text(timing).text("\r\n");
}

/// One line of a=crypto: its tag, and the suite whose key of ours it has.
struct CryptoLine {
    std::uint32_t tag = 0;
    SrtpSuite suite{};
};
using CryptoLines = BoundedVector<CryptoLine, 2>;

void print_audio(std::string& out,
                 const LocalMedia& local,
                 const Choices& choices,
                 Direction direction,
                 const CryptoLines& cryptos) {
    Printer print{out};
    print.text("m=audio ").number(local.rtp.port).text(" ");
    print.text(cryptos.empty() ? plain_rtp : secure_rtp);
    for (const auto& choice : choices)
        print.text(" ").number(choice.payload);
    print.text("\r\n");
    for (const auto& choice : choices) {
        print.text("a=rtpmap:").number(choice.payload).text(" ").text(choice.name);
        print.text("/").number(choice.rate);
        if (choice.channels > 1) print.text("/").number(choice.channels);
        print.text("\r\n");
        if (choice.name == event_name)
            print.text("a=fmtp:").number(choice.payload).text(" 0-15\r\n");
    }
    for (const auto& line : cryptos) {
        print.text("a=crypto:").number(line.tag).text(" ").text(holdfast::text_of(line.suite));
        print.text(" ").text(local.srtp.keys[static_cast<std::size_t>(line.suite)]).text("\r\n");
    }
    print.text("a=ptime:").number(local.ptime_ms).text("\r\na=").text(text_of(direction));
    print.text("\r\n");
}

/// RFC 3264 6: a refused stream has port 0 and the offer's own media, protocol and formats.
void print_refused(std::string& out, const sdp::Media& media) {
    Printer{out}.text("m=").text(media.kind).text(" 0 ").text(media.protocol).text(" ");
    Printer{out}.text(media.formats_text).text("\r\n");
}

bool is_event(const sdp::Format& format) {
    return equal_nocase(format.name, event_name);
}

bool is_codec(const sdp::Format& format, Codec codec) {
    const auto& row = row_of(codec);
    if (!equal_nocase(format.name, holdfast::text_of(codec))) return false;
    // Some write what G.722 samples instead of its RTP clock.
    return format.rate == row.rate || (codec == Codec::g722 && format.rate == 16000);
}

const sdp::Format* find_codec(const sdp::Media& media, Codec codec) {
    for (const auto& format : media.formats)
        if (is_codec(format, codec)) return &format;
    return nullptr;
}

const sdp::Format* find_event(const sdp::Media& media, std::uint32_t rate) {
    for (const auto& format : media.formats)
        if (is_event(format) && format.rate == rate) return &format;
    return nullptr;
}

/// No feedback profiles: they would have to be answered in kind (RFC 4585 3.1). `plain`, `secure`:
/// whether RTP and SRTP are served.
bool is_usable(const sdp::Media& media, bool plain, bool secure) {
    if (media.kind != "audio" || media.port == 0) return false;
    return media.protocol == secure_rtp ? secure && !media.cryptos.empty()
                                        : plain && media.protocol == plain_rtp;
}

/// RFC 4568 5.1.2: the first in the offerer's order that we can do, and its tag comes back.
CryptoLines agree_on_srtp(const sdp::Media& media, Agreed& agreed) {
    CryptoLines lines;
    if (media.protocol != secure_rtp) return lines;
    const auto& crypto = media.cryptos[0];
    agreed.srtp = AgreedSrtp{crypto.suite, std::string{crypto.key}};
    std::ignore = lines.push_back({crypto.tag, crypto.suite});
    return lines;
}

/// Event payloads of the clocks that the agreed codecs use; `telephone_event` gets the one that
/// goes with the first codec, or, where the peer has none of that clock, the one it has: phones
/// with wide-band codecs often know events at 8000 only.
void agree_on_events(const sdp::Media& media, Agreed& agreed, Choices& choices) {
    const auto rate = row_of(agreed.codecs[0].codec).rate;
    for (const auto& event : event_formats) {
        const auto* const format = find_event(media, event.rate);
        const bool wanted =
            std::any_of(agreed.codecs.begin(), agreed.codecs.end(), [&](const AgreedCodec& c) {
                return row_of(c.codec).rate == event.rate;
            });
        if (format == nullptr || !(wanted || event.rate == narrow_rate)) continue;
        add(choices, {event_name, event.rate, 1, format->payload});
        if (agreed.telephone_event == 0 || event.rate == rate)
            agreed.telephone_event = format->payload;
    }
}

/// Within what the media process can pack, in whole frames of 10 ms. 20 where nothing is said.
std::uint16_t packet_time(std::uint16_t wish_ms) {
    if (wish_ms == 0) return 20;
    return static_cast<std::uint16_t>(std::clamp<int>(wish_ms, 10, 60) / 10 * 10);
}

/// What is the same in offer and answer: where to send, and how the peer means it.
void agree_on_target(const sdp::Description& remote, const sdp::Media& media, Agreed& agreed) {
    agreed.remote_rtp = remote.target_of(media);
    agreed.remote_rtcp = agreed.remote_rtp;
    agreed.remote_rtcp.port = static_cast<std::uint16_t>(media.port + 1);  // RFC 3550 11
    if (media.rtcp) {
        agreed.remote_rtcp.port = media.rtcp->port;
        // A held stream's reports are not to be sent either.
        if (media.rtcp->address && !agreed.remote_rtp.address.unspecified())
            agreed.remote_rtcp.address = media.rtcp->address;
    }
    agreed.remote_direction = remote.direction_of(media);
    agreed.ptime_ms = packet_time(media.ptime_ms);
}

struct Stream {
    std::size_t index = 0;
    Agreed agreed;
    Choices choices;
};

/// The first audio stream with a codec of ours.
std::expected<Stream, Fault> choose_stream(const sdp::Description& offer, const LocalMedia& local) {
    Stream out;
    Fault fault = Fault::no_audio;
    for (; out.index < offer.media.size(); ++out.index) {
        const auto& media = offer.media[out.index];
        if (!is_usable(media, !local.srtp.insists, local.srtp.answers)) continue;
        for (const auto codec : local.codecs) {
            const auto* const format = find_codec(media, codec);
            if (format == nullptr) continue;
            ensure(out.agreed.codecs.push_back({codec, format->payload}), "our codecs fit");
            add(out.choices, choice_of(codec, format->payload));
        }
        if (!out.agreed.codecs.empty()) return out;
        fault = Fault::no_common_codec;
    }
    return std::unexpected{fault};
}

/// RFC 3264 6.1: what the offerer sends we may receive, and the other way round; no more than we
/// want. A zero address takes nothing, whatever the attribute says (8.4).
Direction answer_direction(Direction offered, bool takes_nothing, Direction wanted) {
    const auto theirs = ways_of(offered);
    const auto ours = ways_of(wanted);
    return direction_of(
        {ours.send && theirs.receive && !takes_nothing, ours.receive && theirs.send});
}

bool is_timing(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789 ") == text.npos;
}

}  // namespace

std::string print_offer(const LocalMedia& local) {
    Choices choices;
    std::uint8_t next_dynamic = first_dynamic_payload;
    for (const auto codec : local.codecs) {
        const auto payload = row_of(codec).payload;
        add(choices, choice_of(codec, payload == dynamic ? next_dynamic++ : payload));
    }
    for (const auto& event : event_formats) {
        const bool wanted = std::any_of(local.codecs.begin(), local.codecs.end(), [&](Codec c) {
            return row_of(c).rate == event.rate;
        });
        if (local.telephone_event && wanted)
            add(choices, {event_name, event.rate, 1, event.payload});
    }
    std::string out;
    out.reserve(512);
    print_session(out, local, "0 0");
    CryptoLines cryptos;
    if (local.srtp.offers)
        for (const auto suite : offered_suites)
            std::ignore = cryptos.push_back(
                {first_crypto_tag + static_cast<std::uint32_t>(cryptos.size()), suite});
    print_audio(out, local, choices, local.direction, cryptos);
    return out;
}

std::expected<Answer, Fault> answer_to(const sdp::Description& offer, const LocalMedia& local) {
    auto chosen = choose_stream(offer, local);
    if (!chosen) return std::unexpected{chosen.error()};
    const auto& media = offer.media[chosen->index];
    Answer answer;
    answer.agreed = chosen->agreed;
    agree_on_target(offer, media, answer.agreed);
    if (!answer.agreed.remote_rtp.address) return std::unexpected{Fault::bad_sdp};
    answer.agreed.peer_holds = offer.held(media);
    if (local.telephone_event) agree_on_events(media, answer.agreed, chosen->choices);
    const auto cryptos = agree_on_srtp(media, answer.agreed);
    const auto direction = answer_direction(answer.agreed.remote_direction,
                                            answer.agreed.remote_rtp.address.unspecified(),
                                            local.direction);
    answer.text.reserve(512);
    print_session(answer.text, local, is_timing(offer.timing) ? offer.timing : "0 0");
    for (std::size_t i = 0; i < offer.media.size(); ++i) {
        if (i == chosen->index)
            print_audio(answer.text, local, chosen->choices, direction, cryptos);
        else
            print_refused(answer.text, offer.media[i]);
    }
    return answer;
}

std::expected<Agreed, Fault> agreed_from(const sdp::Description& answer,
                                         const LocalMedia& offered) {
    // RFC 3264 6: as many streams as were offered, which is one.
    if (answer.media.size() != 1) return std::unexpected{Fault::bad_sdp};
    const auto& media = answer.media[0];
    // The profile that was offered, and no other.
    if (!is_usable(media, !offered.srtp.offers, offered.srtp.offers))
        return std::unexpected{Fault::no_audio};
    Agreed agreed;
    const auto chosen = agree_on_srtp(media, agreed);
    // RFC 4568 5.1.3: the answer's tag names the line of ours that was taken.
    for (const auto& line : chosen)
        if (line.tag < first_crypto_tag || line.tag - first_crypto_tag >= offered_suites.size() ||
            offered_suites[line.tag - first_crypto_tag] != line.suite)
            return std::unexpected{Fault::bad_sdp};
    for (const auto& format : media.formats)
        for (const auto codec : offered.codecs)
            if (find_codec(media, codec) == &format && !agreed.codecs.full())
                static_cast<void>(agreed.codecs.push_back({codec, format.payload}));
    if (agreed.codecs.empty()) return std::unexpected{Fault::no_common_codec};
    agree_on_target(answer, media, agreed);
    if (!agreed.remote_rtp.address) return std::unexpected{Fault::bad_sdp};
    Choices unused;
    if (offered.telephone_event) agree_on_events(media, agreed, unused);
    // An answer that takes nothing says something of the peer only where we offered to send.
    const bool takes_nothing =
        !ways_of(agreed.remote_direction).receive || agreed.remote_rtp.address.unspecified();
    agreed.peer_holds = ways_of(offered.direction).send && takes_nothing;
    return agreed;
}

}  // namespace holdfast::sip
