#include "engine/spoken.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <set>
#include <string>

using namespace holdfast;
using namespace holdfast::engine;

namespace {

/// The names of a sentence's prompts, one after the other.
std::string names(const Sentence& sentence) {
    std::string all;
    for (const Prompt prompt : sentence.spoken())
        all += std::string{all.empty() ? "" : " "} + std::string{text(prompt)};
    return all;
}

}  // namespace

TEST_CASE("spoken: numbers, minutes and times of the day", "[engine][speech]") {
    struct Case {
        Language language;
        char what;  // number, minutes, time, digits
        unsigned value, minute;
        const char* said;
    };
    using enum Language;
    const auto c = GENERATE(
        Case{en, 'n', 0, 0, "n0"},
        Case{en, 'n', 1, 0, "n1"},
        Case{en, 'n', 13, 0, "n13"},
        Case{en, 'n', 20, 0, "n20"},
        Case{en, 'n', 21, 0, "n20 n1"},
        Case{en, 'n', 90, 0, "n90"},
        Case{en, 'n', 99, 0, "n90 n9"},
        Case{en, 'n', 100, 0, "n1 n100"},
        Case{en, 'n', 342, 0, "n3 n100 and_between n40 n2"},
        Case{en, 'n', 1900, 0, "n1 n9 n0 n0"},
        Case{de, 'n', 1, 0, "n1"},
        Case{de, 'n', 12, 0, "n12"},
        Case{de, 'n', 21, 0, "one_before and_between n20"},
        Case{de, 'n', 30, 0, "n30"},
        Case{de, 'n', 77, 0, "n7 and_between n70"},
        Case{de, 'n', 101, 0, "n100 n1"},
        Case{de, 'n', 342, 0, "n3 n100 n2 and_between n40"},
        Case{en, 'm', 1, 0, "one_minute"},
        Case{en, 'm', 25, 0, "n20 n5 minutes"},
        Case{de, 'm', 1, 0, "one_minute"},
        Case{de, 'm', 25, 0, "n5 and_between n20 minutes"},
        Case{en, 't', 0, 0, "n12 oclock in_the_morning"},
        Case{en, 't', 9, 5, "n9 oh n5 in_the_morning"},
        Case{en, 't', 12, 30, "n12 n30 in_the_afternoon"},
        Case{en, 't', 23, 59, "n11 n50 n9 in_the_afternoon"},
        Case{de, 't', 0, 0, "n0 oclock"},
        Case{de, 't', 1, 5, "one_before oclock n5"},
        Case{de, 't', 14, 30, "n14 oclock n30"},
        Case{de, 't', 21, 21, "one_before and_between n20 oclock one_before and_between n20"},
        Case{en, 'd', 2101, 0, "n2 n1 n0 n1"});
    Sentence sentence{c.language};
    if (c.what == 'n') sentence.number(c.value);
    if (c.what == 'm') sentence.minutes(c.value);
    if (c.what == 't') sentence.time_of_day(c.value, c.minute);
    if (c.what == 'd') sentence.digits(std::to_string(c.value));
    CAPTURE(c.what, c.value, c.minute);
    CHECK(names(sentence) == c.said);
}

TEST_CASE("spoken: the longest sentence fits, and more is left out", "[engine][speech]") {
    for (const Language language : every<Language>)
        for (unsigned hour = 0; hour < 24; ++hour)
            for (unsigned minute = 0; minute < 60; ++minute) {
                Sentence sentence{language};
                sentence.say({Prompt::thank_you, Prompt::still_there, Prompt::back_at_about});
                sentence.time_of_day(hour, minute);
                CHECK_FALSE(sentence.spoken().full());
            }
    Sentence sentence{Language::en};
    sentence.digits("12345678901234567890");
    CHECK(sentence.spoken().size() == limits::said_sources);
}

TEST_CASE("spoken: each language has a text for each prompt, and no other", "[engine][speech]") {
    for (const Language language : every<Language>) {
        std::ifstream in{std::string{PROMPTS_DIR} + "/" + std::string{text(language)} + ".txt"};
        REQUIRE(in);
        std::set<std::string> found;
        for (std::string line; std::getline(in, line);)
            if (!line.empty() && line.front() != '#') {
                CHECK(line.find(" = ") + 3 < line.size());
                found.insert(line.substr(0, line.find(" = ")));
            }
        CHECK(found.erase("voice") == 1);
        for (const Prompt prompt : every<Prompt>) {
            CAPTURE(text(language), text(prompt));
            CHECK(found.erase(std::string{text(prompt)}) == 1);
        }
        CHECK(found.empty());
    }
}
