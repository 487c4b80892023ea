#include "sip/sdp.hpp"

#include "base/ascii.hpp"
#include "sip/grammar.hpp"

#include <array>
#include <tuple>

namespace holdfast::sip::sdp {
namespace {

using grammar::Cursor;
using Result = std::optional<Fault>;  // nothing: all is well

/// Payload types that mean something without a rtpmap (RFC 3551 6, tables 4 and 5).
struct StaticFormat {
    std::uint8_t payload;
    std::string_view name;
    std::uint32_t rate;
};
constexpr StaticFormat static_formats[] = {
    {0, "PCMU", 8000},
    {3, "GSM", 8000},
    {4, "G723", 8000},
    {5, "DVI4", 8000},
    {6, "DVI4", 16000},
    {7, "LPC", 8000},
    {8, "PCMA", 8000},
    {9, "G722", 8000},  // 4.5.2: 8000, although it samples 16000
    {10, "L16", 44100},
    {11, "L16", 44100},
    {12, "QCELP", 8000},
    {13, "CN", 8000},
    {15, "G728", 8000},
    {18, "G729", 8000},
    {26, "JPEG", 90000},
    {31, "H261", 90000},
    {32, "MPV", 90000},
    {34, "H263", 90000}};

Format format_of(std::uint8_t payload) {
    Format format;
    format.payload = payload;
    for (const auto& row : static_formats)
        if (row.payload == payload) format.name = row.name, format.rate = row.rate;
    if (payload == 10) format.channels = 2;
    return format;
}

std::optional<std::uint32_t> take_number(Cursor& at, std::uint32_t most) {
    return grammar::number(at.take(grammar::digit), most);
}

/// Up to the next blank, which is passed.
std::string_view take_word(Cursor& at) {
    if (const auto word = at.until(' ')) return *word;
    const auto word = at.rest();
    at.skip(word.size());
    return word;
}

bool is_rtp(std::string_view protocol) {
    return protocol.find("RTP/") != protocol.npos;
}

/// `IN IP4 192.0.2.1`, with a multicast scope behind or not. A name instead of an address is not a
/// fault, but no address (RFC 8866 5.7).
std::optional<IpAddress> read_connection(std::string_view value, Result& fault) {
    Cursor at{value};
    const auto net = take_word(at);
    const auto type = take_word(at);
    const auto text = grammar::trimmed(at.rest());
    if (!equal_nocase(net, "IN") || text.empty() ||
        !(equal_nocase(type, "IP4") || equal_nocase(type, "IP6"))) {
        fault = Fault::bad_sdp;
        return std::nullopt;
    }
    const auto address = parse_address(text.substr(0, text.find('/')));
    return address ? std::optional{*address} : std::nullopt;
}

std::optional<Direction> direction_named(std::string_view name) {
    constexpr std::array<std::string_view, 4> names{"sendrecv", "sendonly", "recvonly", "inactive"};
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i] == name) return static_cast<Direction>(i);
    return std::nullopt;
}

/// RFC 8866 5: a reader should take LF alone as the end of a line too.
std::string_view take_sdp_line(std::string_view& body) {
    const auto end = body.find('\n');
    auto line = body.substr(0, end);
    body.remove_prefix(end == body.npos ? body.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

class Reader {
public:
    explicit Reader(Description& out) : out_{out} {}
    Result line(char type, std::string_view value);

private:
    Result origin(std::string_view value);
    Result media(std::string_view value);
    Result read_formats(Media& media);
    Result connection(std::string_view value);
    Result attribute(std::string_view value);
    static Result rtpmap(Media& media, std::string_view value);
    static void fmtp(Media& media, std::string_view value);
    static Result rtcp(Media& media, std::string_view value);
    static Format* find(Media& media, std::uint32_t payload);
    Media* current() { return out_.media.empty() ? nullptr : &out_.media.back(); }

    Description& out_;
};

Result Reader::line(char type, std::string_view value) {
    switch (type) {
        case 'v':
            return value == "0" ? Result{} : Fault::bad_sdp;
        case 'o':
            return origin(value);
        case 't':
            if (out_.timing.empty()) out_.timing = value;
            return {};
        case 'c':
            return connection(value);
        case 'm':
            return media(value);
        case 'a':
            return attribute(value);
        default:
            return {};
    }
}

/// username sess-id sess-version nettype addrtype unicast-address (RFC 8866 5.2).
Result Reader::origin(std::string_view value) {
    if (!out_.origin.empty()) return Fault::bad_sdp;
    Cursor at{value};
    out_.origin = value;
    out_.origin_user = take_word(at);
    out_.session_id = take_word(at);
    out_.session_version = take_word(at);
    // Both are numbers by the RFC; all that is done with them is to compare them, so other texts
    // do no harm.
    return out_.session_version.empty() ? Fault::bad_sdp : Result{};
}

/// media port[/number] proto fmt... (RFC 8866 5.14)
Result Reader::media(std::string_view value) {
    Media media;
    Cursor at{value};
    media.kind = take_word(at);
    const auto port = take_number(at, 65535);
    if (at.eat('/') && !take_number(at, 65535)) return Fault::bad_sdp;
    if (media.kind.empty() || !port || !at.eat(' ')) return Fault::bad_sdp;
    media.port = static_cast<std::uint16_t>(*port);
    media.protocol = take_word(at);
    media.formats_text = grammar::trimmed(at.rest());
    if (media.protocol.empty() || media.formats_text.empty()) return Fault::bad_sdp;
    if (is_rtp(media.protocol))
        if (const auto fault = read_formats(media)) return fault;
    return out_.media.push_back(media) ? Result{} : Fault::too_many_values;
}

Result Reader::read_formats(Media& media) {
    Cursor at{media.formats_text};
    while (!at.done()) {
        const auto payload = take_number(at, 127);
        if (!payload || !(at.done() || at.sees(' '))) return Fault::bad_sdp;
        if (!media.formats.push_back(format_of(static_cast<std::uint8_t>(*payload))))
            return Fault::too_many_values;
        at.skip_blanks();
    }
    return {};
}

Result Reader::connection(std::string_view value) {
    Result fault;
    const auto address = read_connection(value, fault);
    auto* const media = current();
    auto& place = media != nullptr ? media->connection : out_.connection;
    if (!place) place = address;
    return fault;
}

Result Reader::attribute(std::string_view text) {
    const auto colon = text.find(':');
    const auto name = text.substr(0, colon);
    const auto value = colon == text.npos ? std::string_view{} : text.substr(colon + 1);
    auto* const media = current();
    if (const auto direction = direction_named(name)) {
        (media != nullptr ? media->direction : out_.direction) = direction;
        return {};
    }
    if (media == nullptr) return {};
    if (name == "rtpmap") return rtpmap(*media, value);
    if (name == "fmtp") fmtp(*media, value);
    if (name == "rtcp") return rtcp(*media, value);
    if (name == "crypto")
        if (const auto crypto = parse_crypto(value))
            std::ignore = media->cryptos.push_back(*crypto);
    // Some write "20.0" or "20,0"; what is behind the digits says nothing.
    if (name == "ptime") {
        Cursor at{grammar::trimmed(value)};
        media->ptime_ms = static_cast<std::uint16_t>(take_number(at, 1000).value_or(0));
    }
    return {};
}

Format* Reader::find(Media& media, std::uint32_t payload) {
    for (auto& format : media.formats)
        if (format.payload == payload) return &format;
    return nullptr;
}

/// payload SP name/rate[/channels] (RFC 8866 6.6)
Result Reader::rtpmap(Media& media, std::string_view value) {
    if (!is_rtp(media.protocol)) return {};
    Cursor at{value};
    const auto payload = take_number(at, 127);
    if (!payload || !at.sees_any(grammar::blank)) return Fault::bad_sdp;
    at.skip_blanks();
    const auto name = at.take(grammar::token);
    // A name without a rate is a fault of the peer that matters only if that codec is used.
    const auto rate = at.eat('/') ? take_number(at, 1'000'000) : std::nullopt;
    const auto channels = rate && at.eat('/') ? take_number(at, 255) : std::nullopt;
    auto* const format = find(media, *payload);
    if (format != nullptr && !name.empty() && rate) {
        format->name = name;
        format->rate = *rate;
        format->channels = static_cast<std::uint8_t>(channels.value_or(1));
    }
    return {};
}

void Reader::fmtp(Media& media, std::string_view value) {
    Cursor at{value};
    const auto payload = take_number(at, 127);
    if (!payload || !at.sees_any(grammar::blank)) return;
    if (auto* const format = find(media, *payload)) format->fmtp = grammar::trimmed(at.rest());
}

/// port [SP nettype SP addrtype SP address] (RFC 3605 2.1)
Result Reader::rtcp(Media& media, std::string_view value) {
    Cursor at{value};
    const auto port = take_number(at, 65535);
    if (!port || !(at.done() || at.sees_any(grammar::blank))) return Fault::bad_sdp;
    Endpoint rtcp{{}, static_cast<std::uint16_t>(*port)};
    at.skip_blanks();
    Result fault;
    if (!at.done())
        if (const auto address = read_connection(at.rest(), fault)) rtcp.address = *address;
    if (!fault) media.rtcp = rtcp;
    return fault;
}

}  // namespace

Direction Description::direction_of(const Media& m) const {
    if (m.direction) return *m.direction;
    return direction.value_or(Direction::sendrecv);  // RFC 8866 6.7
}

Endpoint Description::target_of(const Media& m) const {
    const auto address = m.connection ? m.connection : connection;
    return {address.value_or(IpAddress{}), m.port};
}

bool Description::held(const Media& m) const {
    if (m.port == 0) return false;
    const auto way = direction_of(m);
    const auto address = target_of(m).address;
    return way == Direction::sendonly || way == Direction::inactive ||
           (address && address.unspecified());
}

std::expected<Description, Fault> parse(std::string_view body) {
    Description out;
    Reader reader{out};
    std::size_t count = 0;
    while (!body.empty()) {
        const auto line = take_sdp_line(body);
        if (line.empty()) continue;
        if (++count > limits::sdp_lines) return std::unexpected{Fault::too_many_sdp_lines};
        const bool first = count == 1;
        if (line.size() < 2 || line[1] != '=' || (first && line[0] != 'v'))
            return std::unexpected{Fault::bad_sdp};
        if (const auto fault = reader.line(line[0], line.substr(2))) return std::unexpected{*fault};
    }
    if (out.origin.empty()) return std::unexpected{Fault::bad_sdp};
    return out;
}

}  // namespace holdfast::sip::sdp
