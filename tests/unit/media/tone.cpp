#include "media/tone.hpp"

#include "support/sound.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace holdfast;
using namespace holdfast::media;

TEST_CASE("tone: both frequencies, and the phase goes on from call to call", "[media][tone]") {
    ToneGenerator pieces{440, 660, 8000, 5000};
    test::Sound sound(8000);
    for (std::size_t at = 0; at < sound.size(); at += 80)
        pieces.fill(std::span{sound}.subspan(at, 80));
    CHECK(test::strength(sound, 440, 8000) == Approx(5000).epsilon(0.01));
    CHECK(test::strength(sound, 660, 8000) == Approx(5000).epsilon(0.01));
    CHECK(test::strength(sound, 550, 8000) < 50);

    test::Sound whole(8000);
    ToneGenerator{440, 660, 8000, 5000}.fill(whole);
    CHECK(whole == sound);
}

TEST_CASE("tone: one frequency alone", "[media][tone]") {
    test::Sound sound(8000);
    ToneGenerator{440, 0, 8000, 5000}.fill(sound);
    CHECK(*std::max_element(sound.begin(), sound.end()) == 5000);
}

// ITU-T Q.23: rows 697, 770, 852, 941 Hz; columns 1209, 1336, 1477, 1633 Hz.
TEST_CASE("tone: the keypad", "[media][tone]") {
    CHECK(dtmf_tones('1') == std::pair{697u, 1209u});
    CHECK(dtmf_tones('A') == std::pair{697u, 1633u});
    CHECK(dtmf_tones('5') == std::pair{770u, 1336u});
    CHECK(dtmf_tones('9') == std::pair{852u, 1477u});
    CHECK(dtmf_tones('*') == std::pair{941u, 1209u});
    CHECK(dtmf_tones('0') == std::pair{941u, 1336u});
    CHECK(dtmf_tones('#') == std::pair{941u, 1477u});
    CHECK(dtmf_tones('D') == std::pair{941u, 1633u});
}
