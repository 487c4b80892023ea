// base/address.hpp: IP addresses and endpoints as values; text in and out, no resolver.
#pragma once
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <string_view>

namespace holdfast {

/// An IPv4 or IPv6 address. An IPv4 address stands in the first four bytes.
struct IpAddress {
    enum class Family : std::uint8_t { none, v4, v6 };
    Family family = Family::none;
    std::array<std::uint8_t, 16> bytes{};

    constexpr explicit operator bool() const { return family != Family::none; }
    friend constexpr auto operator<=>(const IpAddress&, const IpAddress&) = default;

    static constexpr IpAddress v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
        return {Family::v4, {a, b, c, d}};
    }
    /// 0.0.0.0 or ::, which in SDP means hold (RFC 3264 8.4) and on a listener means any.
    constexpr bool unspecified() const { return bytes == std::array<std::uint8_t, 16>{}; }
    /// RFC 1918, RFC 6598, link-local and RFC 4193: addresses that need no NAT to differ.
    bool is_private() const;
    bool is_loopback() const;
};

/// Address and port. Port zero is unset.
struct Endpoint {
    IpAddress address;
    std::uint16_t port = 0;
    friend constexpr auto operator<=>(const Endpoint&, const Endpoint&) = default;
};

enum class AddressFault : std::uint8_t { not_an_address };

/// Reads "192.0.2.1" or "2001:db8::1"; brackets, zones and names are faults.
std::expected<IpAddress, AddressFault> parse_address(std::string_view text);

/// Text made in place, so that a message can be printed without a heap.
struct AddressText {
    std::array<char, 46> bytes{};
    std::uint8_t size = 0;
    constexpr std::string_view view() const { return {bytes.data(), size}; }
};

/// RFC 5952 form for IPv6; dotted for IPv4; "-" for none.
AddressText text_of(const IpAddress& address);

}  // namespace holdfast
