#include "media/conference.hpp"

#include "base/enum_text.hpp"
#include "talker.hpp"

#include <catch2/catch.hpp>

#include <map>

using namespace holdfast;
using namespace holdfast::media;
using holdfast::test::largest_step;
using holdfast::test::Sound;
using holdfast::test::strength;

namespace {

constexpr double rate = mixing_rate;
// Far enough from each other, and from what two of them make together.
constexpr std::array<double, 8> pitches{310, 440, 570, 700, 850, 990, 1130, 1290};

/// Parties with a tone each, who are pulled as the product pulls them: by their own packet times.
struct Room {
    struct Seat {
        std::unique_ptr<Talker> talker;
        std::int64_t next = 0;  // frame
        std::int64_t frames = 2;
        bool in = true;
        Sound heard;
    };
    Conference conference;
    std::map<std::uint32_t, Seat> seats;
    std::int64_t frame = 0;

    void join(std::uint32_t id, Codec codec, const Net& net = {}, std::int64_t frames = 2) {
        REQUIRE(conference.join({id}));
        Seat seat{std::make_unique<Talker>(codec, pitches[id], net), frame, frames, true, {}};
        seat.talker->amplitude = 6000;
        seat.talker->pause_until(frame * frame_time);
        seats[id] = std::move(seat);
    }
    void leave(std::uint32_t id) {
        conference.leave({id});
        seats[id].in = false;
    }
    void run(Micros span) {
        for (const std::int64_t until = frame + span / frame_time; frame < until; ++frame)
            for (auto& [id, seat] : seats) {
                if (!seat.in) continue;
                const MediaId party{id};
                seat.talker->deliver(frame * frame_time,
                                     [&](const Heard& heard) { conference.take(party, heard); });
                // A packet takes its frames at once, ahead of the time that they name.
                if ((frame + id) % seat.frames != 0) continue;
                for (std::int64_t i = 0; i < seat.frames; ++i) {
                    const auto said = conference.hear(party, frame + i);
                    seat.heard.insert(seat.heard.end(), said.begin(), said.end());
                }
            }
    }
    void forget() {
        for (auto& [id, seat] : seats)
            seat.heard.clear();
    }
    double hears(std::uint32_t who, std::uint32_t whom) const {
        return strength(seats.at(who).heard, pitches[whom], rate);
    }
    /// The weakest twentieth of a second: in longer pieces a step of the clock looks weak.
    double weakest(std::uint32_t who, std::uint32_t whom) const {
        constexpr std::size_t piece = mixing_rate / 20;
        const auto& all = seats.at(who).heard;
        double least = 1e9;
        for (std::size_t at = 0; at + piece <= all.size(); at += piece)
            least =
                std::min(least, strength(std::span{all}.subspan(at, piece), pitches[whom], rate));
        return least;
    }
};

constexpr std::array codecs{Codec::pcma, Codec::opus, Codec::g722, Codec::pcmu};

}  // namespace

TEST_CASE("conference: everybody hears all others and never itself", "[media][conference]") {
    const auto parties = GENERATE(3U, 8U);
    Room room;
    for (std::uint32_t i = 0; i < parties; ++i)
        room.join(i, codecs[i % codecs.size()], {}, i % 3 + 1);
    room.run(600ms);
    room.forget();
    room.run(1s);
    // Seven tones of 6,000 at once are beyond what fits: all are made softer alike.
    const double least = parties == 3 ? 5300 : 3300;
    for (std::uint32_t who = 0; who < parties; ++who)
        for (std::uint32_t whom = 0; whom < parties; ++whom) {
            CAPTURE(who, whom);
            if (who == whom)
                CHECK(room.hears(who, whom) < 100);
            else
                CHECK(room.hears(who, whom) > least);
        }
}

TEST_CASE("conference: clocks that differ by 100 ppm for minutes, without a drop-out",
          "[media][conference]") {
    Room room;
    room.join(0, Codec::pcma, {.skew_ppm = 100});
    room.join(1, Codec::g722, {.skew_ppm = -100}, 3);
    room.join(2, Codec::pcmu);
    room.run(1s);
    room.forget();
    room.run(120s);
    for (const auto& [who, whom] : {std::pair{0U, 1U}, {0U, 2U}, {1U, 0U}, {1U, 2U}, {2U, 0U}})
        CHECK(room.weakest(who, whom) > 5000);
    for (std::uint32_t id = 0; id < 3; ++id) {
        CHECK(room.conference.figures({id})->concealed == 0);
        CHECK(room.conference.figures({id})->dropped == 0);
    }
}

TEST_CASE("conference: with one packet of twenty lost, all are heard", "[media][conference]") {
    Room room;
    for (std::uint32_t i = 0; i < 4; ++i)
        room.join(i, codecs[i], {.loss_percent = 5, .jitter = 10ms});
    room.run(1s);
    room.forget();
    room.run(20s);
    for (std::uint32_t who = 0; who < 4; ++who)
        for (std::uint32_t whom = 0; whom < 4; ++whom)
            if (who != whom) CHECK(room.weakest(who, whom) > 2500);
}

TEST_CASE("conference: who comes and who goes makes no click", "[media][conference]") {
    Room room;
    room.join(0, Codec::pcma);
    room.join(1, Codec::pcma);
    room.run(1s);
    room.forget();
    room.join(2, Codec::g722);
    room.run(1s);
    CHECK(room.hears(0, 2) > 4000);
    room.leave(2);
    room.leave(1);
    room.run(200ms);
    // A tone of 440 Hz and 6,000 moves by 1,036 a sample at 16,000 Hz, one of 570 by 1,340.
    CHECK(largest_step(room.seats[0].heard) < 2600);
    CHECK(largest_step(room.seats[2].heard) < 2600);
    const auto& end = room.seats[0].heard;
    CHECK(largest_step(std::span{end}.last(mixing_rate / 10)) <= 2);
}

TEST_CASE("conference: a ninth party is refused", "[media][conference]") {
    Conference conference;
    for (std::uint32_t i = 1; i <= limits::conference_parties; ++i)
        CHECK(conference.join({i}));
    CHECK_FALSE(conference.join({99}));
    CHECK(conference.join({1}));  // is there
    conference.leave({1});
    CHECK(conference.join({99}));
    CHECK(conference.size() == limits::conference_parties);
}

TEST_CASE("conference: who asks for what nobody remembers hears silence", "[media][conference]") {
    Room room;
    room.join(0, Codec::pcma);
    room.join(1, Codec::pcma);
    room.run(1s);
    CHECK(largest_step(room.conference.hear({0}, 3)) == 0);
    CHECK(largest_step(room.conference.hear({77}, 100)) == 0);
    room.frame += 100'000;  // the process was stopped
    for (auto& [id, seat] : room.seats)
        seat.talker->pause_until(room.frame * frame_time);
    room.run(300ms);
    room.forget();
    room.run(500ms);
    CHECK(room.hears(0, 1) > 5300);
}
