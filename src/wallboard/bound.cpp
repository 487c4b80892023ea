#include "wallboard/bound.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace holdfast::wallboard {
namespace {

std::optional<std::int64_t> digits(std::string_view text) {
    std::int64_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = read.ec == std::errc{} && read.ptr == text.data() + text.size();
    constexpr std::int64_t most = 1'000'000;
    if (!whole || number < 0 || number > most) return std::nullopt;
    return number;
}

std::int64_t seconds_in(char unit) {
    switch (unit) {
        case 's':
            return 1;
        case 'm':
            return 60;
        case 'h':
            return 3600;
        default:
            return 0;
    }
}

/// "2m30s", "90s", "1h": seconds.
std::optional<std::int64_t> seconds_of(std::string_view text) {
    std::int64_t total = 0;
    if (text.empty()) return std::nullopt;
    while (!text.empty()) {
        const auto unit = text.find_first_not_of("0123456789");
        if (unit == text.npos) return std::nullopt;
        const auto count = digits(text.substr(0, unit));
        const auto length = seconds_in(text[unit]);
        if (!count || length == 0) return std::nullopt;
        total += *count * length;
        text.remove_prefix(unit + 1);
    }
    return total;
}

std::optional<std::int64_t> number_of(std::string_view text, Kind kind) {
    if (kind == Kind::span) return seconds_of(text);
    if (kind == Kind::share && text.ends_with('%')) text.remove_suffix(1);
    const auto number = digits(text);
    if (kind != Kind::share) return number;
    if (!number || *number > 100) return std::nullopt;
    return *number * 10;
}

}  // namespace

std::string_view take_word(std::string_view& text) {
    const auto begin = std::min(text.find_first_not_of(' '), text.size());
    const auto end = std::min(text.find(' ', begin), text.size());
    const auto word = text.substr(begin, end - begin);
    text.remove_prefix(end);
    return word;
}

bool holds(const Bound& bound, const Reading& reading) {
    if (!reading.number) return false;
    return bound.below ? *reading.number < bound.at : *reading.number >= bound.at;
}

std::expected<Bound, std::string> take_bound(std::string_view& text, Kind kind) {
    if (kind == Kind::text || kind == Kind::clock)
        return std::unexpected{"this value has no bounds"};
    const auto side = take_word(text);
    if (side != "from" && side != "below")
        return std::unexpected{"a bound begins with \"from\" or \"below\""};
    const auto number = number_of(take_word(text), kind);
    if (!number)
        return std::unexpected{kind == Kind::span ? "the bound must be a time such as 90s or 2m"
                               : kind == Kind::share
                                   ? "the bound must be a percentage from 0 to 100"
                                   : "the bound must be a whole number"};
    return Bound{*number, side == "below"};
}

}  // namespace holdfast::wallboard
