// What reading and answering a SIP message costs, usual ones and ones made to cost much.
#include "base/limits.hpp"
#include "bench/bench.hpp"
#include "sip/message.hpp"
#include "sip/negotiation.hpp"
#include "sip/sdp.hpp"
#include "sip/stream.hpp"
#include "sip/writer.hpp"

#include <string>
#include <string_view>

using namespace holdfast;
using namespace holdfast::sip;

namespace {

const std::string offer =
    "v=0\r\no=- 20022 20023 IN IP4 192.0.2.21\r\ns=-\r\nc=IN IP4 192.0.2.21\r\nt=0 0\r\n"
    "m=audio 11782 RTP/AVP 8 0 9 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\n"
    "a=rtpmap:9 G722/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n"
    "a=ptime:20\r\na=sendrecv\r\n";

/// As a desk phone sends it through a proxy: about 900 bytes.
std::string usual_invite() {
    std::string out =
        "INVITE sip:q-support@acd.example.net SIP/2.0\r\n"
        "Via: SIP/2.0/UDP 192.0.2.21:5060;branch=z9hG4bK1a2b3c4d5e;rport\r\n"
        "From: \"Ann Lee\" <sip:2101@acd.example.net>;tag=ph42f00d\r\n"
        "To: <sip:q-support@acd.example.net>\r\n"
        "Call-ID: 3848276298220188511@192.0.2.21\r\n"
        "CSeq: 11 INVITE\r\n"
        "Contact: <sip:2101@192.0.2.21:5060;transport=udp>\r\n"
        "Max-Forwards: 70\r\n"
        "User-Agent: Deskphone T42 1.2.3.4\r\n"
        "Allow: INVITE, ACK, BYE, CANCEL, UPDATE, NOTIFY, REFER, INFO, OPTIONS, PRACK\r\n"
        "Supported: replaces, timer, 100rel\r\n"
        "Session-Expires: 1800;refresher=uac\r\n"
        "Content-Type: application/sdp\r\n"
        "Content-Length: " +
        std::to_string(offer.size()) + "\r\n\r\n";
    return out + offer;
}

std::string around(std::string_view header) {
    std::string out =
        "INVITE sip:a@example.net SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.21;branch=z9hG4bK1\r\n"
        "From: <sip:b@example.net>;tag=1\r\nTo: <sip:a@example.net>\r\nCall-ID: 1\r\n"
        "CSeq: 1 INVITE\r\n";
    out += header;
    return out + "\r\nContent-Length: 0\r\n\r\n";
}

std::string repeated(std::string_view unit, std::size_t size) {
    std::string out;
    while (out.size() + unit.size() <= size)
        out += unit;
    return out;
}

void read_usual() {
    const auto text = usual_invite();
    std::printf("usual INVITE: %zu bytes\n", text.size());
    Message m;
    bench::print("read it",
                 bench::time([&] {
                     const auto read = m.read(text);
                     bench::keep(read);
                 }),
                 text.size());
    std::string out;
    out.reserve(2048);
    bench::print("read it, print a 200", bench::time([&] {
                     const auto read = m.read(text);
                     bench::keep(read);
                     out.clear();
                     Writer writer{out};
                     writer.response(200).copy_all(m, Header::via).copy_all(m, Header::from);
                     writer.copy_all(m, Header::to).copy_all(m, Header::call_id);
                     writer.copy_all(m, Header::cseq).field(Header::server, "Holdfast");
                     writer.field(Header::contact, "<sip:acd@192.0.2.10:5060>");
                     writer.finish("application/sdp", offer);
                 }));
    bench::print("read its SDP",
                 bench::time([&] {
                     const auto description = sdp::parse(m.body());
                     bench::keep(description);
                 }),
                 m.body().size());
    LocalMedia local;
    local.rtp = {IpAddress::v4(192, 0, 2, 10), 20000};
    static_cast<void>(local.codecs.push_back(Codec::pcma));
    const auto description = sdp::parse(m.body());
    bench::print("answer its SDP", bench::time([&] {
                     const auto answer = answer_to(*description, local);
                     bench::keep(answer);
                 }));
}

/// Values of all headers of a message, as somebody who looks at everything reads them.
std::size_t look_at_all(const Message& m) {
    std::size_t n = 0;
    for (const auto& field : m.fields())
        for (const auto value : m.values(field.name))
            n += value.size();
    return n;
}

struct Hostile {
    std::string_view name, before, unit;
};
constexpr Hostile hostile[] = {
    {"quotes", "Contact: ", "\""},
    {"escaped quotes", "Contact: \"", "\\\""},
    {"backslashes", "Contact: \"", "\\"},
    {"commas", "Contact: ", ","},
    {"angle brackets", "Contact: ", "<"},
    {"closing brackets", "Contact: ", ">"},
    {"semicolons", "Contact: <sip:a@b>", ";"},
    {"parameters", "Contact: <sip:a@b>", ";a=b"},
    {"contacts", "Contact: ", "<sip:a@b>,"},
    {"open contacts", "Contact: ", "<sip:a@b,"},
    {"blanks", "Contact: ", " "},
    {"tokens", "Contact: ", "a "},
    {"folds", "Contact: ", "\r\n "},
    {"vias", "Via: ", "SIP/2.0/UDP a;branch=b,"},
    {"colons", "Via: SIP/2.0/UDP [", ":"},
    {"brackets", "Via: SIP/2.0/UDP ", "["},
    {"at signs", "Contact: sip:", "@"},
    {"percents", "Contact: sip:", "%41"},
    {"uri headers", "Contact: <sip:a@b?", "a=b&"},
    {"options", "Supported: ", "a,"},
    {"headers", "A:", "\r\nA:"},
    {"carriage returns", "A: ", "\r"},
    {"line feeds", "A: ", "\n"},
};

void read_hostile() {
    for (const auto& c : hostile) {
        for (const auto size : {limits::header_bytes - 100, limits::message_bytes - 400}) {
            std::string header{c.before};
            header += repeated(c.unit, size);
            const auto text = around(header);
            Message m;
            const auto timing = bench::time(
                [&] {
                    const auto read = m.read(text);
                    bench::keep(read);
                    bench::keep(look_at_all(m));
                },
                200,
                2);
            const auto read = m.read(text);
            std::string label{c.name};
            label += size > limits::header_bytes ? ", 64 KiB: " : ", 8 KiB: ";
            label += read ? "read" : name_of(read.error());
            bench::print(label, timing, text.size());
        }
    }
}

/// The readers of single values have no limit of their own: four times the text must cost four
/// times the time, or somebody searches it again and again.
template <class Read>
void compare_lengths(std::string_view what,
                     std::string_view before,
                     std::string_view unit,
                     Read read) {
    double cost[2] = {};
    for (int i = 0; i < 2; ++i) {
        std::string text{before};
        text += repeated(unit, i == 0 ? 16'384 : 65'536);
        cost[i] = bench::time([&] { bench::keep(read(text)); }, 200, 2).p50;
    }
    std::printf("%-44.*s %10.0f ns for 64 KiB, %5.2f times 16 KiB\n",
                static_cast<int>(what.size()),
                what.data(),
                cost[1],
                cost[1] / cost[0]);
}

void read_long_values() {
    constexpr std::string_view units[] = {
        "\"", "\\\"", ",", "<", ">", ";", ";a=b", " ", "a ", "\r\n ", "%41", "@", ":", "["};
    for (const auto unit : units) {
        std::string label{"name-addr of "};
        for (const char c : unit)
            label += c < ' ' ? '~' : c;
        const auto read = [](std::string_view text) { return parse_name_addr(text).has_value(); };
        compare_lengths(label, "", unit, read);
        compare_lengths(label + ", quoted", "\"", unit, read);
        compare_lengths(label + ", in a URI", "sip:", unit, read);
        compare_lengths(label + ", behind a URI", "<sip:a@b>", unit, read);
    }
    compare_lengths("via parameters", "SIP/2.0/UDP a", ";a=b", [](std::string_view text) {
        return parse_via(text).has_value();
    });
    compare_lengths("digest parameters", "Digest a=b", ",c=\"\"", [](std::string_view text) {
        return parse_digest(text).has_value();
    });
    compare_lengths("display name", "", "\xe2\x80\xae", [](std::string_view text) {
        return clean_display(text).size();
    });
    compare_lengths(
        "session description", "v=0\r\no=- 1 1 IN IP4 a\r\n", "\r\n", [](std::string_view text) {
            return sdp::parse(text).has_value();
        });
}

void frame_stream() {
    const auto text = usual_invite();
    for (const std::size_t cut : {std::size_t{1}, std::size_t{64}, text.size()}) {
        StreamFramer framer;
        const auto timing = bench::time(
            [&] {
                for (std::size_t at = 0; at < text.size(); at += cut) {
                    framer.add(std::string_view{text}.substr(at, cut));
                    const auto item = framer.next();
                    bench::keep(item);
                }
            },
            500,
            5);
        bench::print("frame it, " + std::to_string(cut) + " bytes at a time", timing, text.size());
    }
}

}  // namespace

int main() {
    bench::print_head();
    read_usual();
    frame_stream();
    read_hostile();
    read_long_values();
}
