#include "sip/sdp_origin.hpp"

#include <fmt/format.h>

#include <charconv>

namespace holdfast::sip {
namespace {

/// The third word of an o= value: `user id version IN IP4 address`.
std::string_view version_text(std::string_view origin) {
    for (int word = 0; word < 2; ++word) {
        const auto blank = origin.find(' ');
        if (blank == origin.npos) return {};
        origin.remove_prefix(blank + 1);
    }
    return origin.substr(0, origin.find(' '));
}

}  // namespace

std::string_view origin_of(std::string_view sdp) {
    while (!sdp.empty()) {
        const auto end = sdp.find('\n');
        std::string_view line = sdp.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.starts_with("o=")) return line.substr(2);
        if (end == sdp.npos) break;
        sdp.remove_prefix(end + 1);
    }
    return {};
}

std::uint64_t origin_version(std::string_view sdp) {
    const auto text = version_text(origin_of(sdp));
    std::uint64_t version = 0;
    std::from_chars(text.data(), text.data() + text.size(), version);
    return version;
}

std::string with_origin_version(std::string_view sdp, std::uint64_t version) {
    const auto text = version_text(origin_of(sdp));
    if (text.empty()) return std::string{sdp};
    const auto at = static_cast<std::size_t>(text.data() - sdp.data());
    return fmt::format("{}{}{}", sdp.substr(0, at), version, sdp.substr(at + text.size()));
}

}  // namespace holdfast::sip
