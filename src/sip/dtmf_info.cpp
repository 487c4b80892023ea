#include "sip/dtmf_info.hpp"

#include "base/ascii.hpp"
#include "sip/values.hpp"

namespace holdfast::sip {
namespace {

constexpr std::uint16_t usual_duration_ms = 160;

std::optional<char> digit_of(std::string_view text) {
    if (text == "10") return '*';
    if (text == "11") return '#';
    if (text.size() != 1) return std::nullopt;
    const char lower = to_lower(text.front());
    if (lower >= 'a' && lower <= 'd') return static_cast<char>(lower - 'a' + 'A');
    if (is_digit(lower) || lower == '*' || lower == '#') return lower;
    return std::nullopt;
}

}  // namespace

std::optional<InfoDigit> parse_dtmf_relay(std::string_view body) {
    std::optional<char> digit;
    InfoDigit info{0, usual_duration_ms};
    while (!body.empty()) {
        const auto end = body.find('\n');
        const auto line = body.substr(0, end);
        body = end == body.npos ? std::string_view{} : body.substr(end + 1);
        const auto equals = line.find('=');
        if (equals == line.npos) continue;
        const auto name = trim(line.substr(0, equals));
        const auto value = trim(line.substr(equals + 1));
        if (equal_nocase(name, "Signal")) digit = digit_of(value);
        if (equal_nocase(name, "Duration"))
            if (const auto duration = parse_number(value, 0xffff))
                info.duration_ms = static_cast<std::uint16_t>(*duration);
    }
    if (!digit) return std::nullopt;
    info.digit = *digit;
    return info;
}

std::optional<InfoDigit> parse_dtmf(std::string_view body) {
    const auto digit = digit_of(trim(body));
    if (!digit) return std::nullopt;
    return InfoDigit{*digit, usual_duration_ms};
}

}  // namespace holdfast::sip
