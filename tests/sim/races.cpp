// One caller is bound to exactly one agent, whatever crosses on the wire: all orders of what can
// happen to one caller and two agents are gone through, to a depth, on the real engine.
#include "base/enum_text.hpp"
#include "sim/race.hpp"

#include <catch2/catch.hpp>

#include <cstdio>
#include <cstdlib>
#include <malloc.h>
#include <unordered_set>

using namespace holdfast;
using namespace holdfast::sim;

namespace {

/// HOLDFAST_RACE_DEPTH asks for more; a step more takes about five times as long.
std::size_t depth() {
    const char* wished = std::getenv("HOLDFAST_RACE_DEPTH");
    return wished == nullptr ? 7 : std::strtoul(wished, nullptr, 10);
}
using Path = std::vector<Race::Choice>;

std::string in_words(const Path& path) {
    std::string words = "the race:";
    for (const auto choice : path)
        (words += ' ') += text(choice);
    return words;
}

struct Explored {
    std::uint64_t orders = 0;  ///< Run to their last step; the others go on from a known state.
    std::uint64_t states = 0;
};

/// Breadth first: a state is met first where most is still to come. The engine cannot be copied but
/// repeats itself exactly, so each order is run from the start.
class Exploration {
public:
    explicit Exploration(Race::Start start) : start_{std::move(start)} {}

    Explored run() {
        std::vector<Path> level{{}};
        for (std::size_t i = 0; i < depth(); ++i)
            level = next(level, i + 1 == depth());
        return {orders_, seen_.size()};
    }

private:
    std::vector<Path> next(const std::vector<Path>& level, bool last) {
        std::vector<Path> found;
        for (const auto& path : level)
            for (const auto choice : replayed(path)->open()) {
                auto longer = path;
                longer.push_back(choice);
                if (is_new(longer, last)) found.push_back(std::move(longer));
            }
        return found;
    }

    std::unique_ptr<Race> replayed(const Path& path) const {
        auto race = std::make_unique<Race>(start_);
        for (const auto choice : path)
            race->happen(choice);
        return race;
    }

    bool is_new(const Path& path, bool last) {
        INFO(in_words(path));
        ++orders_;
        const auto race = replayed(path);
        if (!seen_.insert(race->state()).second) return false;
        if (last || race->open().size() == 1) race->finish();  // no more but crashes
        return true;
    }

    Race::Start start_;
    std::unordered_set<std::uint64_t> seen_;
    std::uint64_t orders_ = 0;
};

void explore(acd::Strategy strategy, acd::AnswerWhen answer) {
    // An engine is some megabytes of tables: they are taken from the heap again and again, not from
    // the kernel.
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
    const auto explored = Exploration{Race::start(strategy, answer)}.run();
    std::printf("races, %s, answered %s: %llu orders to depth %zu, %llu states\n",
                std::string{text(strategy)}.c_str(),
                std::string{text(answer)}.c_str(),
                static_cast<unsigned long long>(explored.orders),
                depth(),
                static_cast<unsigned long long>(explored.states));
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
