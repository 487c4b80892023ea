#include "base/deadline_heap.hpp"

#include "base/random.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <memory>
#include <vector>

using namespace holdfast;

namespace {
using Heap = DeadlineHeap<int, 256>;
Instant at(int us) {
    return Instant{Micros{us}};
}
}  // namespace

TEST_CASE("deadlines come out by instant, then in the order they were armed", "[base]") {
    auto heap = std::make_unique<Heap>();
    Timer a, b, c, d;
    heap->arm(a, at(30), 1);
    heap->arm(b, at(10), 2);
    heap->arm(c, at(30), 3);
    heap->arm(d, at(10), 4);
    std::vector<int> order;
    while (const auto due = heap->pop(at(30)))
        order.push_back(due->key);
    CHECK(order == std::vector{2, 4, 1, 3});
    CHECK_FALSE(heap->running(a));
}

TEST_CASE("a handle that ran out cannot stop the deadline that took its place", "[base]") {
    auto heap = std::make_unique<Heap>();
    Timer first;
    heap->arm(first, at(1), 1);
    Timer stale = first;
    REQUIRE(heap->pop(at(1)));
    Timer second;
    heap->arm(second, at(2), 2);
    heap->stop(stale);
    CHECK(heap->running(second));
    CHECK(heap->due(second) == at(2));
    CHECK_FALSE(heap->pop(at(1)));
}

TEST_CASE("the heap agrees with a sorted map under random use, up to its limit", "[base]") {
    auto heap = std::make_unique<Heap>();
    std::map<std::pair<Instant, int>, std::size_t> model;  // by instant and arming order
    std::vector<Timer> timers(Heap{}.size() + 256);
    std::vector<std::map<std::pair<Instant, int>, std::size_t>::iterator> where(256, model.end());
    Random random = Random::from(11);
    int armed = 0;
    for (int step = 0; step < 20'000; ++step) {
        const auto i = random.below(256);
        if (where[i] != model.end()) model.erase(where[i]), where[i] = model.end();
        if (random.below(3) == 0) {
            heap->stop(timers[i]);
        } else {
            const auto when = at(static_cast<int>(random.below(1000)));
            heap->arm(timers[i], when, static_cast<int>(i));
            where[i] = model.emplace(std::pair{when, armed++}, i).first;
        }
        REQUIRE(heap->size() == model.size());
        if (random.below(4) == 0 && !model.empty()) {
            const auto due = heap->pop(never);
            REQUIRE(due);
            REQUIRE(due->key == static_cast<int>(model.begin()->second));
            where[model.begin()->second] = model.end();
            model.erase(model.begin());
        }
    }
}
