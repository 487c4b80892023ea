// engine/spoken.hpp: numbers, minutes and times as people say them, one row of a table for each
// language. Pure.
#pragma once
#include "engine/prompts.hpp"

#include <initializer_list>
#include <string_view>

namespace holdfast::engine {

/// A sentence as it grows; what does not fit is left out.
class Sentence {
public:
    explicit Sentence(Language language) : language_{language} {}
    Sentence& say(std::initializer_list<Prompt> prompts);
    /// 0 to 999; what is above is said digit by digit.
    Sentence& number(unsigned value);
    /// "2101" digit by digit, as people read it out.
    Sentence& digits(std::string_view value);
    /// "one minute", "twenty-five minutes".
    Sentence& minutes(unsigned value);
    /// "nine oh five in the morning", "vierzehn Uhr dreissig".
    Sentence& time_of_day(unsigned hour, unsigned minute);

    const Spoken& spoken() const { return spoken_; }

private:
    void below_hundred(unsigned value, bool before_noun);

    Language language_;
    Spoken spoken_;
};

}  // namespace holdfast::engine
