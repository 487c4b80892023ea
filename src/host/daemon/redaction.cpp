#include "host/daemon/redaction.hpp"

#include "base/ascii.hpp"

#include <algorithm>
#include <array>

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

bool is_letter(char c) {
    return is_alpha(c) || static_cast<unsigned char>(c) >= 128;
}

/// Not a cipher: what is shown must not be the number, and equal numbers must stay equal.
char other_digit(char digit, std::uint64_t key, std::size_t place) {
    const auto mixed = (key ^ (place * 0x9E3779B97F4A7C15U)) * 0xBF58476D1CE4E5B9U;
    return static_cast<char>('0' + (static_cast<std::uint64_t>(digit - '0') + (mixed >> 33)) % 10);
}

/// A quoted or bare display name, then the user part of the URI; what follows '@' or ';' stays.
void redact_value(char* at, const char* last, std::uint64_t key) {
    bool quoted = false, in_uri = false;
    std::size_t place = 0;
    for (; at != last; ++at) {
        if (*at == '"') quoted = !quoted;
        if (!quoted && (*at == '@' || *at == ';' || *at == '>')) return;
        if (!quoted && *at == ':') in_uri = true;
        if (!quoted && *at == '<') {
            // The scheme's letters are needed.
            in_uri = true;
            while (at != last && *at != ':')
                ++at;
            if (at == last) return;
            continue;
        }
        if (is_digit(*at)) *at = other_digit(*at, key, place++);
        if (!in_uri && quoted && is_letter(*at)) *at = 'x';
    }
}

bool one_of(std::string_view name, auto& names) {
    return std::any_of(
        names.begin(), names.end(), [&](std::string_view n) { return equal_nocase(name, n); });
}

}  // namespace

std::string redact_sip(std::string_view message, std::uint64_t key) {
    std::string out{message};
    const auto headers_end = std::min(out.find("\r\n\r\n"), out.size());
    std::size_t at = 0;
    while (at < headers_end) {
        const auto end = std::min(out.find('\n', at), headers_end);
        const std::string_view line{out.data() + at, end - at};
        if (const auto colon = line.find(':'); colon != line.npos) {
            const auto name = trim(line.substr(0, colon));
            if (one_of(name, identities) ||
                (one_of(name, dialled) && line.find("tag=") != line.npos))
                redact_value(out.data() + at + colon + 1, out.data() + end, key);
        }
        at = end + 1;
    }
    return out;
}

}  // namespace holdfast::host
