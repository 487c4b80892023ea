#include "host/black_box/redaction.hpp"

#include "base/ascii.hpp"
#include "host/black_box/redacted_records.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace holdfast::host {
namespace {

constexpr std::array<std::string_view, 9> identities{"from",
                                                     "f",
                                                     "p-asserted-identity",
                                                     "p-preferred-identity",
                                                     "remote-party-id",
                                                     "diversion",
                                                     "history-info",
                                                     "referred-by",
                                                     "b"};
constexpr std::array<std::string_view, 2> dialled{"to", "t"};
constexpr std::array<std::string_view, 2> contact{"contact", "m"};

bool is_letter(char c) {
    return is_alpha(c) || static_cast<unsigned char>(c) >= 128;
}

/// Not a cipher: what is shown must not be the number, and equal numbers must stay equal.
char other_digit(char digit, std::uint64_t key, std::size_t place) {
    const auto mixed = (key ^ (place * 0x9E3779B97F4A7C15U)) * 0xBF58476D1CE4E5B9U;
    return static_cast<char>('0' + (static_cast<std::uint64_t>(digit - '0') + (mixed >> 33)) % 10);
}

void redact_display(std::span<char> name) {
    for (char& c : name)
        if (is_letter(c) || is_digit(c)) c = 'x';
}

void redact_user(std::span<char> user, std::uint64_t key) {
    for (std::size_t i = 0; i < user.size(); ++i)
        if (is_digit(user[i])) user[i] = other_digit(user[i], key, i);
}

/// Where a display name ends: at the URI's '<', which inside quotes is part of the name.
std::size_t display_end(std::string_view text, std::size_t at) {
    bool quoted = false;
    for (; at < text.size(); ++at) {
        if (text[at] == '\\')
            ++at;
        else if (text[at] == '"')
            quoted = !quoted;
        else if (text[at] == '<' && !quoted)
            return at;
    }
    return text.npos;
}

/// One header's values: display name and the user part of the URI of each.
void redact_values(std::span<char> values, std::uint64_t key) {
    const std::string_view text{values.data(), values.size()};
    for (std::size_t at = 0; at < text.size();) {
        const auto open = display_end(text, at);
        if (open != text.npos) redact_display(values.subspan(at, open - at));
        const auto scheme = text.find(':', open == text.npos ? at : open);
        if (scheme == text.npos) return;
        const auto end = std::min(text.find_first_of("@;>", scheme), text.size());
        redact_user(values.subspan(scheme, end - scheme), key);
        at = std::min(text.find(',', end), text.size() - 1) + 1;
    }
}

bool one_of(std::string_view name, auto& names) {
    return std::any_of(
        names.begin(), names.end(), [&](std::string_view n) { return equal_nocase(name, n); });
}

/// The lines up to `headers_end` that are headers with identities.
std::string redact_lines(std::string out, std::size_t headers_end, std::uint64_t key) {
    const bool is_invite = out.starts_with("INVITE ");
    std::size_t at = 0;
    while (at < headers_end) {
        const auto end = std::min(out.find('\n', at), headers_end);
        const std::string_view line{out.data() + at, end - at};
        if (const auto colon = line.find(':'); colon != line.npos) {
            const auto name = trim(line.substr(0, colon));
            if (one_of(name, identities) || (is_invite && one_of(name, contact)) ||
                (one_of(name, dialled) && line.find("tag=") != line.npos))
                redact_values(std::span{out}.subspan(at + colon + 1, end - at - colon - 1), key);
        }
        at = end + 1;
    }
    return out;
}

}  // namespace

std::string redact_sip(std::string_view message, std::uint64_t key) {
    return redact_lines(
        std::string{message}, std::min(message.find("\r\n\r\n"), message.size()), key);
}

std::string redact_party(std::string_view value, std::uint64_t key) {
    std::string out{value};
    redact_values(out, key);
    return out;
}

std::string redact_number(std::string_view number, std::uint64_t key) {
    std::string out = ":" + std::string{number};  // as it stands behind a scheme
    redact_user(out, key);
    return out.substr(1);
}

std::string redact_name(std::string_view name) {
    std::string out{name};
    redact_display(out);
    return out;
}

std::string redact_stream(std::string_view bytes, std::uint64_t key) {
    return redact_lines(std::string{bytes}, bytes.size(), key);
}

namespace {

/// Redacts the inputs that name somebody.
struct Redaction {
    std::uint64_t key;
    std::optional<engine::Input> operator()(engine::DatagramReceived datagram) const {
        datagram.bytes = redact_sip(datagram.bytes, key);
        return datagram;
    }
    std::optional<engine::Input> operator()(engine::FlowBytes flow) const {
        flow.bytes = redact_stream(flow.bytes, key);
        return flow;
    }
    std::optional<engine::Input> operator()(engine::Started started) const {
        started.records = redact_records(started.records, key);
        return started;
    }
    template <class Nameless>
    std::optional<engine::Input> operator()(const Nameless&) const {
        return std::nullopt;
    }
};

}  // namespace

std::optional<engine::Input> redact(const engine::Input& input, std::uint64_t key) {
    return std::visit(Redaction{key}, input);
}

}  // namespace holdfast::host
