#include "host/control/operators.hpp"

#include <catch2/catch.hpp>

using namespace holdfast::host;

TEST_CASE("operators: root, our own user, our group", "[host][control]") {
    const uid_t us = 900;
    const gid_t group = 901;
    CHECK(may_command({1, 0, 5, {}}, us, group));
    CHECK(may_command({1, us, 5, {}}, us, group));
    CHECK(may_command({1, 7, group, {}}, us, group));
    CHECK(may_command({1, 7, 7, {4, group}}, us, group));
    CHECK_FALSE(may_command({1, 7, 7, {4, 24}}, us, group));
    CHECK_FALSE(may_command({1, group, us, {}}, us, group));
}
