#include "unit/acd/floor_fixture.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::acd;
using namespace holdfast::acd::test;

TEST_CASE("floor: a queue closed by order takes nobody new and keeps who waits", "[acd][floor]") {
    Scene s;
    s.floor.log_in(cat, DeviceId{3}, s.when());
    const auto waits = s.arrive(support);
    s.floor.close_queue(support, true);
    CHECK(s.floor.is_closed_by_order(support));
    CHECK_FALSE(s.floor.is_open(support, s.now));
    s.arrive(support);
    CHECK(s.last<RefuseCaller>().why == RefusalCause::closed);
    CHECK(s.floor.waiting(support).size() == 1);
    CHECK(s.floor.call(waits) != nullptr);
    s.floor.close_queue(support, true);
    CHECK(s.floor.state().closed.size() == 1);
    s.floor.close_queue(support, false);
    CHECK(s.floor.is_open(support, s.now));
    s.arrive(support);
    CHECK(s.floor.waiting(support).size() == 2);
}

TEST_CASE("floor: who waits is moved with the first entry's time, as far as there is room",
          "[acd][floor]") {
    auto settings = two_queues();
    settings.queues[1].capacity = 2;
    Scene s{settings};
    const auto first = s.arrive(support);
    const Instant entered = s.floor.call(first)->entered;
    s.pass(5s);
    for (int i = 0; i < 3; ++i)
        s.arrive(support);
    CHECK(s.floor.move_waiting(support, sales, s.when()) == 2);
    s.drain();
    CHECK(s.floor.call(first)->queue == sales);
    CHECK(s.floor.call(first)->entered == entered);
    CHECK(s.floor.waiting(support).size() == 2);
    CHECK(s.floor.today(support).diverted_out == 2);
    CHECK(s.floor.today(sales).diverted_in == 2);
    s.floor.log_in(cat, DeviceId{3}, s.when());
    s.drain();
    CHECK(s.last<RingPhone>().call == first);
    CHECK(s.last<RingPhone>().waited == 5s);
}
