#include "base/address.hpp"

#include "base/ascii.hpp"

#include <charconv>
#include <optional>

namespace holdfast {
namespace {

std::optional<std::array<std::uint8_t, 4>> dotted(std::string_view text) {
    std::array<std::uint8_t, 4> out{};
    for (std::size_t i = 0; i < 4; ++i) {
        if (i > 0) {
            if (text.empty() || text.front() != '.') return std::nullopt;
            text.remove_prefix(1);
        }
        std::size_t n = 0;
        unsigned value = 0;
        for (; n < text.size() && n < 4 && is_digit(text[n]); ++n)
            value = value * 10 + static_cast<unsigned>(text[n] - '0');
        if (n == 0 || n > 3 || value > 255 || (n > 1 && text[0] == '0')) return std::nullopt;
        out[i] = static_cast<std::uint8_t>(value);
        text.remove_prefix(n);
    }
    return text.empty() ? std::optional{out} : std::nullopt;
}

/// The groups of one side of "::", at most `room` bytes. An IPv4 tail counts as two groups and
/// may stand at the `last` side's end only.
std::optional<std::size_t> groups(std::string_view text,
                                  std::uint8_t* out,
                                  std::size_t room,
                                  bool last) {
    std::size_t used = 0;
    while (!text.empty()) {
        if (used > 0) {
            if (text.front() != ':') return std::nullopt;
            text.remove_prefix(1);
        }
        const auto end = text.find(':');
        const auto group = text.substr(0, end);
        if (last && end == text.npos && group.find('.') != group.npos) {
            const auto tail = dotted(group);
            if (!tail || used + 4 > room) return std::nullopt;
            for (const auto byte : *tail)
                out[used++] = byte;
            return used;
        }
        if (group.empty() || group.size() > 4 || used + 2 > room) return std::nullopt;
        unsigned value = 0;
        for (const char c : group) {
            const int digit = hex_value(c);
            if (digit < 0) return std::nullopt;
            value = value << 4 | static_cast<unsigned>(digit);
        }
        out[used++] = static_cast<std::uint8_t>(value >> 8);
        out[used++] = static_cast<std::uint8_t>(value);
        text.remove_prefix(group.size());
        if (text == ":") return std::nullopt;
    }
    return used;
}

std::optional<std::array<std::uint8_t, 16>> colons(std::string_view text) {
    std::array<std::uint8_t, 16> out{};
    const auto gap = text.find("::");
    if (gap == text.npos) {
        const auto n = groups(text, out.data(), 16, true);
        return n == 16u ? std::optional{out} : std::nullopt;
    }
    std::array<std::uint8_t, 16> tail{};
    const auto head_size = groups(text.substr(0, gap), out.data(), 14, false);
    const auto tail_size = groups(text.substr(gap + 2), tail.data(), 14, true);
    if (!head_size || !tail_size || *head_size + *tail_size > 14) return std::nullopt;
    for (std::size_t i = 0; i < *tail_size; ++i)
        out[16 - *tail_size + i] = tail[i];
    return out;
}

/// First and length of the longest run of two or more zero groups (RFC 5952 4.2.3).
std::pair<std::size_t, std::size_t> longest_gap(const std::array<std::uint8_t, 16>& bytes) {
    std::size_t best = 0;
    std::size_t best_size = 1;
    for (std::size_t i = 0; i < 8; ++i) {
        std::size_t n = 0;
        while (i + n < 8 && bytes[2 * (i + n)] == 0 && bytes[2 * (i + n) + 1] == 0)
            ++n;
        if (n > best_size) best = i, best_size = n;
    }
    return {best, best_size > 1 ? best_size : 0};
}

struct TextWriter {
    AddressText& out;
    void put(char c) { out.bytes[out.size++] = c; }
    void put(unsigned value, int base) {
        auto* const at = out.bytes.data() + out.size;
        const auto end = std::to_chars(at, out.bytes.data() + out.bytes.size(), value, base).ptr;
        out.size = static_cast<std::uint8_t>(end - out.bytes.data());
    }
};

}  // namespace

bool IpAddress::is_private() const {
    const auto& b = bytes;
    if (family == Family::v6)
        return (b[0] & 0xfe) == 0xfc || (b[0] == 0xfe && (b[1] & 0xc0) == 0x80);
    return family == Family::v4 &&
           (b[0] == 10 || (b[0] == 172 && (b[1] & 0xf0) == 16) || (b[0] == 192 && b[1] == 168) ||
            (b[0] == 169 && b[1] == 254) || (b[0] == 100 && (b[1] & 0xc0) == 64));
}

bool IpAddress::is_loopback() const {
    if (family == Family::v4) return bytes[0] == 127;
    return family == Family::v6 &&
           *this == IpAddress{Family::v6, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}};
}

std::expected<IpAddress, AddressFault> parse_address(std::string_view text) {
    if (text.find(':') == text.npos) {
        if (const auto v4 = dotted(text))
            return IpAddress::v4((*v4)[0], (*v4)[1], (*v4)[2], (*v4)[3]);
    } else if (const auto v6 = colons(text)) {
        return IpAddress{IpAddress::Family::v6, *v6};
    }
    return std::unexpected{AddressFault::not_an_address};
}

AddressText text_of(const IpAddress& address) {
    AddressText text;
    TextWriter out{text};
    if (address.family == IpAddress::Family::none) {
        out.put('-');
        return text;
    }
    if (address.family == IpAddress::Family::v4) {
        for (std::size_t i = 0; i < 4; ++i) {
            if (i > 0) out.put('.');
            out.put(address.bytes[i], 10);
        }
        return text;
    }
    const auto [gap, gap_size] = longest_gap(address.bytes);
    for (std::size_t i = 0; i < 8; ++i) {
        if (gap_size > 0 && i == gap) {
            out.put(':');
            out.put(':');
            i += gap_size - 1;
            continue;
        }
        if (i > 0 && text.bytes[text.size - 1u] != ':') out.put(':');
        out.put(static_cast<unsigned>(address.bytes[2 * i] << 8 | address.bytes[2 * i + 1]), 16);
    }
    return text;
}

}  // namespace holdfast
