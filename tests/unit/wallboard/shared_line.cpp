// Boards with the real firmware at one RS-485 pair, some of them dead: nobody waits for those.
#include "wallboard/shared_line.hpp"

#include "board/desk.hpp"
#include "wallboard/ready_made.hpp"

#include <catch2/catch.hpp>

#include <memory>

using namespace holdfast;
using namespace holdfast::wallboard;

namespace {

/// Hears all that is said, and answers what is for it.
struct Node final : firmware::Hardware {
    explicit Node(std::uint8_t address)
        : app{{"desk", 256, 32, 8, 200, "1.0", address},
              {.boot = address},
              firmware::Canvas{pixels, 256, 32},
              *this} {}
    void write(link::Bytes frame) override { said.append(frame.begin(), frame.end()); }
    void show(const firmware::Canvas&, const link::Palette&, std::uint8_t) override {}
    void reboot(link::RebootInto) override {}
    void feed_watchdog() override {}
    std::uint32_t overruns() const override { return 0; }

    std::vector<std::uint8_t> pixels = std::vector<std::uint8_t>(256 * 32);
    std::string said;
    firmware::App app;
    bool dead = false;
};

struct Pair {
    static constexpr Micros octet = 87us;  // of 115,200 baud

    explicit Pair(std::size_t boards) : line{settings(boards)} {
        for (std::size_t i = 0; i < boards; ++i)
            nodes.push_back(std::make_unique<Node>(static_cast<std::uint8_t>(i + 1)));
        line.connected(now);
    }
    static std::vector<panel::Settings> settings(std::size_t boards) {
        const std::vector<QueueName> queues{{"sales", QueueId{1}}};
        std::vector<panel::Settings> all(boards);
        for (std::size_t i = 0; i < boards; ++i) {
            all[i].layout = *ready_made(ReadyMade::one_queue, queues, Geometry{});
            all[i].node = static_cast<std::uint8_t>(i + 1);
        }
        return all;
    }
    /// What is said takes its time, and comes to everybody else.
    void say(const Node* from, std::string_view bytes) {
        for (const char c : bytes) {
            now += octet;
            for (auto& node : nodes)
                if (node.get() != from && !node->dead)
                    node->app.take(static_cast<std::uint8_t>(c), now);
        }
        if (from != nullptr) line.received(bytes, now);
    }
    void run(Micros time) {
        for (const Instant end = now + time; now < end; now += 1ms) {
            if (now >= figures_at) {
                line.show(figures, now);
                figures_at += 1s;
            }
            say(nullptr, line.next(now));
            for (auto& node : nodes)
                if (const auto said = std::exchange(node->said, {}); !said.empty())
                    say(node.get(), said);
            for (std::size_t i = 0; i < nodes.size(); ++i) {
                if (!nodes[i]->dead) nodes[i]->app.step(now);
                watch(i);
            }
        }
    }
    /// The longest time from one COMMIT to the next.
    void watch(std::size_t i) {
        gaps.resize(nodes.size());
        auto& gap = gaps[i];
        const auto commits = line.board(i).counters().commits;
        if (commits == std::exchange(gap.commits, commits)) return;
        if (gap.last != Instant{}) gap.longest = std::max(gap.longest, now - gap.last);
        gap.last = now;
    }

    struct Gap {
        std::uint64_t commits = 0;
        Instant last{};
        Micros longest{};
    };
    Instant now{1000s}, figures_at{1000s};
    Figures figures = desk::busy_floor(1);
    panel::SharedLine line;
    std::vector<std::unique_ptr<Node>> nodes;
    std::vector<Gap> gaps;
};

}  // namespace

TEST_CASE("shared line: each board has its own talk", "[wallboard]") {
    Pair pair{4};
    pair.run(3s);
    for (std::size_t i = 0; i < 4; ++i) {
        CHECK(pair.nodes[i]->app.screen(pair.now) == link::Screen::picture);
        CHECK(pair.line.board(i).counters().greetings == 1);
        CHECK(pair.line.healths(pair.now)[i].trouble.empty());
    }
}

TEST_CASE("shared line: dead boards do not slow the others", "[wallboard]") {
    Pair pair{4};
    pair.nodes[1]->dead = pair.nodes[3]->dead = true;
    pair.run(60s);
    const auto healths = pair.line.healths(pair.now);
    for (const std::size_t alive : {0, 2}) {
        CHECK(healths[alive].trouble.empty());
        CHECK(pair.gaps[alive].longest < 1500ms);  // virtual time: the same in every run
        CHECK(pair.line.board(alive).counters().greetings == 1);
    }
    CHECK(healths[1].trouble.starts_with("does not answer"));
    CHECK(pair.line.board(1).counters().greetings < 15);
    // And it is found when it is back.
    pair.nodes[1]->dead = false;
    pair.run(10s);
    CHECK(pair.line.healths(pair.now)[1].trouble.empty());
    CHECK(pair.nodes[1]->app.screen(pair.now) == link::Screen::picture);
}
