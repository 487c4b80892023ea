#include "host/io/service.hpp"

#include <catch2/catch.hpp>

#include <sys/resource.h>

using namespace holdfast;
using namespace holdfast::host;

TEST_CASE("service: seeds differ", "[host][service]") {
    CHECK(kernel_seed() != kernel_seed());
}

TEST_CASE("service: the descriptor limit goes as far as it may", "[host][service]") {
    rlimit before{};
    REQUIRE(getrlimit(RLIMIT_NOFILE, &before) == 0);
    rlimit low{64, before.rlim_max};
    REQUIRE(setrlimit(RLIMIT_NOFILE, &low) == 0);
    CHECK(raise_descriptor_limit(32) == 64);
    CHECK(raise_descriptor_limit(128) == 128);
    CHECK(raise_descriptor_limit(~std::size_t{0} >> 1) >= before.rlim_max);
    rlimit after{};
    REQUIRE(getrlimit(RLIMIT_NOFILE, &after) == 0);
    CHECK(after.rlim_cur >= before.rlim_max);
}

TEST_CASE("service: without systemd nothing is asked and nothing happens", "[host][service]") {
    unsetenv("NOTIFY_SOCKET");
    unsetenv("WATCHDOG_USEC");
    notify_ready();
    notify_alive();
    notify_stopping();
    CHECK(watchdog_interval() == 0us);
    setenv("WATCHDOG_USEC", "10000000", 1);
    CHECK(watchdog_interval() == 5s);
    unsetenv("WATCHDOG_USEC");
}
