#include "engine/leg_machines.hpp"

#include "support/machine_walk.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;

TEMPLATE_TEST_CASE("leg tables: every row is taken, every name used",
                   "[engine][machine]",
                   engine::inbound::Machine,
                   engine::outbound::Machine) {
    test::check_table<TestType>();
}

TEST_CASE("a leg that ends closes its media, unless it never had any", "[engine][machine]") {
    using namespace engine;
    for (const auto& row : outbound::Machine::rows) {
        if (row.to != outbound::over || row.from == outbound::over) continue;
        Set<outbound::Action> done;
        for (const auto action : row.actions)
            done = done | Set{action};
        CAPTURE(text(row.from), text(row.on.event()));
        CHECK(done.has(outbound::close_media) != done.has(outbound::tell_no_media));
    }
}
