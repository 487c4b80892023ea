#include "host/io/clocks.hpp"
#include "host/io/deadline_timer.hpp"
#include "host/io/readiness.hpp"

#include <catch2/catch.hpp>

#include <memory>
#include <poll.h>
#include <sys/eventfd.h>

using namespace holdfast;
using namespace holdfast::host;

namespace {
bool readable(int descriptor, int wait_ms) {
    pollfd ready{descriptor, POLLIN, 0};
    return poll(&ready, 1, wait_ms) == 1;
}
}  // namespace

TEST_CASE("deadline timer: readable once its instant has come", "[host][loop]") {
    DeadlineTimer timer;
    CHECK_FALSE(readable(timer.descriptor(), 0));
    const Instant at = sample_clocks().now + 20ms;
    timer.arm(at);
    REQUIRE(readable(timer.descriptor(), 5000));
    CHECK(sample_clocks().now >= at);
    timer.arm(never);  // arming clears what was due
    CHECK_FALSE(readable(timer.descriptor(), 0));
    timer.arm(at);  // an instant that has passed is due at once
    REQUIRE(readable(timer.descriptor(), 5000));
    timer.clear();
    timer.arm(at);
    REQUIRE(readable(timer.descriptor(), 5000));
    timer.arm(sample_clocks().now + 1h);
    CHECK_FALSE(readable(timer.descriptor(), 0));
}

TEST_CASE("readiness: calls as often as there is something, and not after it is gone",
          "[host][loop]") {
    asio::io_context io{1};
    const Fd event{eventfd(0, EFD_NONBLOCK)};
    auto readiness = std::make_unique<Readiness>(io, event.get());
    int calls = 0;
    readiness->on_readable([&] {
        eventfd_t count = 0;
        eventfd_read(event.get(), &count);
        if (++calls == 3) readiness.reset();  // from within its own handler
        eventfd_write(event.get(), 1);
    });
    io.poll();
    CHECK(calls == 0);
    eventfd_write(event.get(), 1);
    for (int i = 0; i < 20; ++i)
        io.run_for(1ms);
    CHECK(calls == 3);
    CHECK(event.get() >= 0);
    CHECK(eventfd_write(event.get(), 1) == 0);  // it does not own what it watched
}

TEST_CASE("readiness: once there is room to write", "[host][loop]") {
    asio::io_context io{1};
    const Fd event{eventfd(0, EFD_NONBLOCK)};
    Readiness readiness{io, event.get()};
    int calls = 0;
    readiness.once_writable([&] { ++calls; });
    for (int i = 0; i < 5; ++i)
        io.run_for(1ms);
    CHECK(calls == 1);
}
