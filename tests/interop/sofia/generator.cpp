#include "interop/sofia/generator.hpp"

#include "base/ascii.hpp"

#include <array>
#include <utility>
#include <vector>

namespace holdfast::differential {
namespace {

using std::string_view;

constexpr std::array<string_view, 8> methods{
    "INVITE", "BYE", "OPTIONS", "REGISTER", "NOTIFY", "UPDATE", "MESSAGE", "NEWMETHOD"};
constexpr std::array<string_view, 6> statuses{
    "100 Trying", "180 Ringing", "200 OK", "302 Moved", "486 ", "603 Decline it all"};
constexpr std::array<string_view, 6> hosts{"example.net",
                                           "pbx-1.example.com",
                                           "192.0.2.21",
                                           "[2001:db8::9:1]",
                                           "localhost",
                                           "a1.b2.example.org"};
constexpr std::array<string_view, 7> users{
    "2101", "ann.lee", "+15550100", "a%20b", "q-support", "user;phone-context=x", "x_y~z!"};
constexpr std::array<string_view, 6> uri_parameters{
    "transport=tcp", "lr", "user=phone", "line=abc%41", "maddr=192.0.2.9", "ob"};
constexpr std::array<string_view, 6> displays{
    "", "Ann", "Ann Lee ", R"("Lee, Ann" )", R"("A \"q\" \\ b" )", "\"\xc3\x84nne\" "};
constexpr std::array<string_view, 5> values{
    "x=y", "flag", R"(text="a;b,c")", "q=0.5", "+sip.instance=\"<urn:uuid:0>\""};
constexpr std::array<string_view, 10> optional_fields{
    "User-Agent: Phone/1.2 (a \"comment\")",
    "Supported: replaces, timer,100rel",
    "Allow: INVITE, ACK, BYE\r\nAllow: CANCEL",
    "Subject: call, me; \"now",
    "Expires: 0600",
    "Route: <sip:192.0.2.1;lr>, <sip:proxy.example.net;lr>",
    "Record-Route: <sip:192.0.2.1;lr>",
    "X-Unknown: ;;,,\"<",
    "Date: Sat, 13 Nov 2010 23:29:00 GMT",
    "k:  path"};
constexpr string_view sdp =
    "v=0\r\no=- 1 1 IN IP4 192.0.2.21\r\ns=-\r\nc=IN IP4 192.0.2.21\r\nt=0 0\r\n"
    "m=audio 11782 RTP/AVP 8\r\n";

std::vector<std::string> lines_of(string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const auto end = text.find("\r\n");
        const auto size = end == text.npos ? text.size() : end + 2;
        lines.emplace_back(text.substr(0, size));
        text.remove_prefix(size);
    }
    return lines;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string out;
    for (const auto& line : lines)
        out += line;
    return out;
}

}  // namespace

std::string Generator::word() {
    constexpr string_view letters = "abcdefghijklmnopqrstuvwxyzABCXYZ0123456789-.!%*_+'~";
    std::string out;
    for (auto n = random_.below(12) + 1; n > 0; --n)
        out += letters[random_.below(static_cast<std::uint32_t>(letters.size()))];
    return out;
}

/// LWS where it may stand: none, one, several, or a fold.
std::string Generator::blank() {
    constexpr std::array<string_view, 8> blanks{"", "", "", "", " ", "  ", "\t", "\r\n "};
    return std::string{pick(blanks)};
}

std::string Generator::host() {
    std::string out{pick(hosts)};
    if (chance(30)) out += ":" + number(65535);
    return out;
}

std::string Generator::uri() {
    std::string out = chance(10) ? "sips:" : "sip:";
    if (chance(80)) {
        out += pick(users);
        if (chance(10)) out += ":secret";
        out += '@';
    }
    out += host();
    for (const auto parameter : uri_parameters)
        if (chance(15)) out.append(";").append(parameter);
    return out;
}

std::string Generator::parameters() {
    std::string out;
    for (const auto value : values)
        if (chance(15)) out.append(blank()).append(";").append(blank()).append(value);
    return out;
}

std::string Generator::party(bool tag) {
    std::string out;
    if (chance(15)) {
        out = std::string{"sip:"}.append(pick(users).substr(0, 4)) + "@" + host();
    } else {
        out = std::string{pick(displays)} + "<" + uri() + ">";
    }
    if (tag) out.append(blank()).append(";").append(blank()).append("tag=").append(word());
    return out + parameters();
}

std::string Generator::via() {
    constexpr std::array<string_view, 3> transports{"UDP", "TCP", "TLS"};
    std::string out = chance(90) ? "SIP/2.0/" : "SIP / 2.0 /\t";
    out.append(pick(transports)).append(" ").append(host());
    if (chance(40)) out += ";rport";
    out.append(blank()).append(";branch=z9hG4bK").append(word());
    if (chance(20)) out += ";received=192.0.2.77";
    return out;
}

std::string Generator::contacts() {
    std::string out;
    for (auto n = random_.below(3) + 1; n > 0; --n) {
        out += std::string{pick(displays)} + "<" + uri() + ">" + parameters();
        if (n > 1) out += blank() + "," + blank();
    }
    return out;
}

/// A header name and its colon, in one of the ways it may be written.
std::string Generator::name(string_view full, string_view compact) {
    std::string out{compact.empty() || chance(80) ? full : compact};
    if (chance(10))
        for (char& c : out)
            c = to_lower(c);
    if (chance(10)) out += ' ';
    return out + ":" + (chance(90) ? " " : blank());
}

/// Each at most once: two of most of them would be wrong (RFC 3261 7.3.1).
void Generator::add_optional(std::string& out, std::span<const string_view> fields) {
    for (const auto field : fields)
        if (chance(25)) out.append(field).append("\r\n");
}

std::string Generator::body() {
    if (chance(50)) return {};
    return chance(70) ? std::string{sdp} : std::string{"\0binary\r\n\r\n\xff", 12};
}

std::string Generator::message() {
    const auto method = pick(methods);
    std::string out = chance(70) ? std::string{method} + " " + uri() + " SIP/2.0\r\n"
                                 : "SIP/2.0 " + std::string{pick(statuses)} + "\r\n";
    for (auto n = random_.below(3) + 1; n > 0; --n) {
        out += name("Via", "v") + via();
        if (chance(20)) out += blank() + "," + blank() + via();
        out += "\r\n";
    }
    add_optional(out, std::span{optional_fields}.first(5));
    out += name("From", "f") + party(chance(95)) + "\r\n";
    out += name("To", "t") + party(chance(50)) + "\r\n";
    out += name("Call-ID", "i") + word() + (chance(50) ? "@" + word() : "") + "\r\n";
    if (chance(90)) out += name("Max-Forwards", "") + number(200) + "\r\n";
    out += name("CSeq", "") + number(0x7fff'fffe) + " ";
    out.append(method).append("\r\n");
    if (chance(60)) out += name("Contact", "m") + contacts() + "\r\n";
    add_optional(out, std::span{optional_fields}.subspan(5));
    const auto text = body();
    if (!text.empty()) out += name("Content-Type", "c") + "application/sdp\r\n";
    if (chance(90)) out += name("Content-Length", "l") + std::to_string(text.size()) + "\r\n";
    return out + "\r\n" + text;
}

Mutation Generator::mutation() {
    return static_cast<Mutation>(
        random_.below(static_cast<std::uint32_t>(Mutation::line_ended_by_lf) + 1));
}

std::string Generator::broken(std::string text, Mutation mutation) {
    constexpr string_view specials{"\"<>;,:@?\\%=()[] \t\r\n\0\x7f\xff/0", 23};
    auto lines = lines_of(text);
    const auto at = random_.below(static_cast<std::uint32_t>(text.size()));
    const auto line = random_.below(static_cast<std::uint32_t>(lines.size()));
    switch (mutation) {
        case Mutation::none:
            return text;
        case Mutation::byte_changed:
            text[at] = static_cast<char>(random_.below(256));
            return text;
        case Mutation::byte_removed:
            return text.erase(at, 1);
        case Mutation::special_inserted:
            return text.insert(
                at, 1, specials[random_.below(static_cast<std::uint32_t>(specials.size()))]);
        case Mutation::line_doubled:
            lines.insert(lines.begin() + line, lines[line]);
            return joined(lines);
        case Mutation::line_removed:
            lines.erase(lines.begin() + line);
            return joined(lines);
        case Mutation::lines_swapped:
            std::swap(lines[line], lines[(line + 1) % lines.size()]);
            return joined(lines);
        case Mutation::cut_short:
            return text.substr(0, at);
        case Mutation::number_grown: {
            const auto digit = text.find_first_of("0123456789", at);
            return digit == text.npos ? text : text.insert(digit, "99999999999");
        }
        case Mutation::line_ended_by_lf: {
            const auto end = lines[line].find("\r\n");
            if (end != std::string::npos) lines[line].erase(end, 1);
            return joined(lines);
        }
    }
    return text;
}

}  // namespace holdfast::differential
