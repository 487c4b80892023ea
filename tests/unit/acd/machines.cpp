#include "acd/agent_lane.hpp"
#include "acd/caller_lane.hpp"
#include "acd/dead_air.hpp"
#include "acd/hold.hpp"
#include "acd/offer.hpp"
#include "support/machine_walk.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;

TEMPLATE_TEST_CASE("acd tables: every row is taken, every name used",
                   "[acd][machine]",
                   acd::caller::Machine,
                   acd::agent::Machine,
                   acd::hold::Machine,
                   acd::dead_air::Machine,
                   acd::offer::Machine) {
    test::check_table<TestType>();
}
