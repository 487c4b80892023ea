#include "engine/spoken.hpp"

#include "base/ascii.hpp"

#include <array>
#include <string>

namespace holdfast::engine {
namespace {

/// How a language puts numbers and times together.
struct Grammar {
    bool units_first;        ///< "ein-und-zwanzig", not "twenty-one".
    bool one_hundred;        ///< "one hundred", not "hundert".
    bool and_after_hundred;  ///< "one hundred and five".
    bool twelve_hours;       ///< "two thirty in the afternoon", not "vierzehn Uhr dreissig".
};

constexpr std::array<Grammar, enum_count<Language>> grammars{{
    {.units_first = false, .one_hundred = true, .and_after_hundred = true, .twelve_hours = true},
    {.units_first = true, .one_hundred = false, .and_after_hundred = false, .twelve_hours = false},
}};

const Grammar& grammar_of(Language language) {
    return grammars[static_cast<std::size_t>(language)];
}

constexpr Prompt moved(Prompt from, unsigned by) {
    return static_cast<Prompt>(static_cast<unsigned>(from) + by);
}
/// 0 to 20.
constexpr Prompt word(unsigned value) {
    return moved(Prompt::n0, value);
}
/// 30, 40 to 90.
constexpr Prompt tens(unsigned value) {
    return value == 20 ? Prompt::n20 : moved(Prompt::n30, value / 10 - 3);
}

}  // namespace

Sentence& Sentence::say(std::initializer_list<Prompt> prompts) {
    for (const Prompt prompt : prompts)
        if (!spoken_.push_back(prompt)) break;
    return *this;
}

void Sentence::below_hundred(unsigned value, bool before_noun) {
    if (value == 1 && before_noun) {
        say({Prompt::one_before});
        return;
    }
    if (value <= 20) {
        say({word(value)});
        return;
    }
    const unsigned unit = value % 10;
    const Prompt ten = tens(value - unit);
    if (unit == 0)
        say({ten});
    else if (grammar_of(language_).units_first)
        say({unit == 1 ? Prompt::one_before : word(unit), Prompt::and_between, ten});
    else
        say({ten, word(unit)});
}

Sentence& Sentence::number(unsigned value) {
    if (value > 999) return digits(std::to_string(value));
    const auto& g = grammar_of(language_);
    const unsigned hundreds = value / 100;
    const unsigned rest = value % 100;
    if (hundreds > 1 || (hundreds == 1 && g.one_hundred)) say({word(hundreds)});
    if (hundreds > 0) say({Prompt::n100});
    if (hundreds > 0 && rest > 0 && g.and_after_hundred) say({Prompt::and_between});
    if (hundreds == 0 || rest > 0) below_hundred(rest, false);
    return *this;
}

Sentence& Sentence::digits(std::string_view value) {
    for (const char c : value)
        if (is_digit(c)) say({word(static_cast<unsigned>(c - '0'))});
    return *this;
}

Sentence& Sentence::minutes(unsigned value) {
    if (value == 1) return say({Prompt::one_minute});
    return number(value).say({Prompt::minutes});
}

Sentence& Sentence::time_of_day(unsigned hour, unsigned minute) {
    const auto& g = grammar_of(language_);
    if (!g.twelve_hours) {
        below_hundred(hour, true);
        say({Prompt::oclock});
        if (minute > 0) below_hundred(minute, false);
        return *this;
    }
    below_hundred(hour % 12 == 0 ? 12 : hour % 12, false);
    if (minute == 0) say({Prompt::oclock});
    if (minute > 0 && minute < 10) say({Prompt::oh});
    if (minute > 0) below_hundred(minute, false);
    return say({hour < 12 ? Prompt::in_the_morning : Prompt::in_the_afternoon});
}

}  // namespace holdfast::engine
