// What a full update takes of the line, at most: of layouts that the settings check lets pass, with
// the longest figures there are.
#include "base/random.hpp"
#include "board/desk.hpp"
#include "wallboard/ready_made.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace holdfast;
using namespace holdfast::wallboard;

namespace {

constexpr std::size_t most_octets = 300;  // ten a second of 115,200 baud, and room to spare

/// Each figure as long as it can be; `turn` makes all of them others than before.
Figures extremes(std::uint32_t turn) {
    Figures f;
    f.wall = WallInstant{std::chrono::hours{10} + std::chrono::minutes{10 + turn}};
    f.scopes.resize(2);
    for (auto& s : f.scopes) {
        const std::uint32_t many = std::numeric_limits<std::uint32_t>::max() - turn;
        const std::uint64_t more = std::numeric_limits<std::uint64_t>::max() / 4096 - turn;
        s.waiting = s.past_two_minutes = s.held = s.held_over_limit = s.calls = many;
        s.promises_due = s.escalations_waiting = many;
        s.longest_wait = s.longest_hold = s.escalations_oldest =
            59min + std::chrono::seconds{turn + 10};
        s.agents.fill(many);
        s.offered = s.answered = s.abandoned = more;
        s.answered_in_target = turn % 2 == 0 ? more * 2 : more;
        s.recent = s.recent_in_target = many;
    }
    return f;
}

struct Draw {
    Random random;
    std::uint32_t below(std::uint32_t n) { return random.below(n); }

    Cell cell() {
        Cell c;
        std::vector<const Value*> told;
        for (const auto& v : values())
            if (v.read != nullptr && v.kind != Kind::text) told.push_back(&v);
        c.value = told[below(static_cast<std::uint32_t>(told.size()))];
        c.font = below(2);  // the small ones, of which most fit
        c.width = least_width(c.value->kind) + below(8);
        const bool drawn = c.value->kind != Kind::clock && below(4) == 0;
        if (!drawn) return c;
        c.kind = below(2) == 0 ? CellKind::bar : CellKind::spark;
        c.width = 1 + below(128);
        c.height = 1 + below(16);
        c.full = 1 + below(1000);
        c.every = 1s;
        return c;
    }
    /// As full as 256x32 can be.
    Layout layout() {
        Layout made{"full", {{}}, {}};
        std::size_t cells = 0;
        for (std::size_t top = 0; top < 32 && made.pages[0].rows.size() < most_rows;) {
            Row row;
            std::size_t left = 256, height = 0;
            for (int tries = 0; tries < 24 && cells < most_cells; ++tries) {
                const Cell c = cell();
                const Extent e = pixels_of(c);
                if (e.width > left || top + e.height > 32) continue;
                left -= e.width;
                height = std::max(height, e.height);
                row.cells.push_back(c);
                ++cells;
            }
            if (row.cells.empty()) break;
            made.pages[0].rows.push_back(row);
            top += height;
        }
        return made;
    }
};

/// The longest SET: the first one, which tells everything, or one of many changes.
std::size_t told(const Layout& layout, bool has_labels = false) {
    desk::Desk desk{{.layout = layout}, 256, 32};
    for (std::uint32_t turn = 0; turn < 8; ++turn) {
        desk.show(extremes(turn));
        desk.run(1s);
        if (turn == 0 && has_labels) desk.longest_set = 0;  // which are told once
    }
    return desk.longest_set;
}

}  // namespace

TEST_CASE("a full update of 256x32 is 300 octets at most, or the layout is refused",
          "[wallboard]") {
    Draw draw{Random::from(31)};
    std::size_t passed = 0, refused = 0, longest = 0;
    for (int i = 0; i < 400; ++i) {
        const Layout layout = draw.layout();
        REQUIRE(misfits(layout, Geometry{}).empty());
        const auto bound = panel::most_update_octets(layout.pages[0]);
        if (bound > panel::update_octets_allowed(Geometry{})) {
            ++refused;
            continue;
        }
        ++passed;
        const auto octets = told(layout);
        CHECK(octets <= bound);
        longest = std::max(longest, octets);
    }
    CHECK(passed > 50);
    CHECK(refused > 50);
    CHECK(longest > most_octets * 8 / 10);
    CHECK(longest <= most_octets);
}

TEST_CASE("the ready-made layouts are far below what is allowed", "[wallboard]") {
    const std::vector<QueueName> four(4, {"queue", QueueId{1}});
    for (const auto& [which, queues] : {std::pair{ReadyMade::one_queue, 1},
                                        std::pair{ReadyMade::four_queues, 4},
                                        std::pair{ReadyMade::escalation_and_hold, 1}}) {
        const auto layout =
            ready_made(which, std::span{four}.first(static_cast<std::size_t>(queues)), Geometry{});
        REQUIRE(layout);
        for (const auto& page : layout->pages)
            CHECK(panel::most_update_octets(page) < 200);
        CHECK(told(*layout, true) <= panel::most_update_octets(layout->pages[0]));
    }
}

TEST_CASE("what a larger board may take grows with its pixels", "[wallboard]") {
    CHECK(panel::update_octets_allowed(Geometry{}) == most_octets);
    CHECK(panel::update_octets_allowed({Unit::pixels, 64, 32}) == most_octets);
    CHECK(panel::update_octets_allowed({Unit::pixels, 512, 64}) == 4 * most_octets);
}
