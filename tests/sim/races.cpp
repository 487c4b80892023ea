// One caller is bound to exactly one agent, whatever crosses on the wire: all orders of what can
// happen to one caller and two agents are gone through, to a depth, on the real engine.
#include "base/enum_text.hpp"
#include "sim/race.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <malloc.h>
#include <memory>
#include <unordered_map>

using namespace holdfast;
using namespace holdfast::sim;

namespace {

/// HOLDFAST_RACE_DEPTH asks for more; a step more takes about four times as long.
std::size_t depth() {
    const char* wished = std::getenv("HOLDFAST_RACE_DEPTH");
    return wished == nullptr ? 7 : std::strtoul(wished, nullptr, 10);
}
using Path = std::vector<Race::Choice>;

std::string in_words(const Path& path) {
    std::string words;
    for (const auto choice : path)
        (words += ' ') += text(choice);
    return words;
}

struct Explored {
    std::uint64_t orders = 0;  ///< Run to their last step; the others go on from a known state.
    std::uint64_t states = 0;
};

/// Depth first, and no state twice with no more to come. The engine cannot be copied but repeats
/// itself exactly: of each state one order goes on, and the others are run again from the start.
class Exploration {
public:
    explicit Exploration(Race::Start start) : start_{std::move(start)} {}

    Explored run() {
        go_on(std::make_unique<Race>(start_));
        return {orders_, seen_.size()};
    }

private:
    using Running = std::unique_ptr<Race>;

    /// Everything that may follow on `path_`, where `race` stands.
    void go_on(Running race) {
        for (const auto choice : race->open()) {
            if (race == nullptr) race = run_again();
            path_.push_back(choice);
            if (is_worth_more(*race, choice)) go_on(std::move(race));
            race = nullptr;
            path_.pop_back();
        }
    }

    Running run_again() const {
        auto race = std::make_unique<Race>(start_, false);
        for (const auto choice : path_)
            race->happen(choice);
        race->look(true);
        return race;
    }

    /// Takes the step; false where all that may follow is known, or the race is over.
    bool is_worth_more(Race& race, Race::Choice choice) {
        INFO("the race:" + in_words(path_));
        ++orders_;
        try {
            return take(race, choice);
        } catch (const Broken& broken) {
            fmt::print(stderr, "races:{}: {}\n", in_words(path_), broken.what());
            throw;
        }
    }

    bool take(Race& race, Race::Choice choice) {
        race.happen(choice);
        const auto [known, fresh] = seen_.try_emplace(race.state(), path_.size());
        if (!fresh && known->second <= path_.size()) return false;
        known->second = path_.size();
        const bool more = path_.size() < depth() && !race.open().empty();
        if (!more && fresh) race.finish();
        return more;
    }

    Race::Start start_;
    Path path_;
    std::unordered_map<std::uint64_t, std::size_t> seen_;  // at which depth, at the least
    std::uint64_t orders_ = 0;
};

void explore(acd::Strategy strategy, acd::AnswerWhen answer) {
    // An engine is some megabytes of tables: they are taken from the heap again and again, not from
    // the kernel.
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
    const auto explored = Exploration{Race::start(strategy, answer)}.run();
    fmt::print("races, {}, answered {}: {} orders to depth {}, {} states\n",
               text(strategy),
               text(answer),
               explored.orders,
               depth(),
               explored.states);
    CHECK(explored.states > 1000);
}

}  // namespace

TEST_CASE("one caller, one agent: both phones ring at once", "[races]") {
    explore(acd::Strategy::ring_all, acd::AnswerWhen::on_agent);
}

TEST_CASE("one caller, one agent: both phones ring at once, the caller is answered", "[races]") {
    explore(acd::Strategy::ring_all, acd::AnswerWhen::on_entry);
}

TEST_CASE("one caller, one agent: one phone after the other", "[races]") {
    explore(acd::Strategy::longest_idle, acd::AnswerWhen::on_agent);
}
