#include "host/daemon/wall_anchor.hpp"

#include "host/io/clocks.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <cstdlib>
#include <string>
#include <time.h>

using namespace holdfast;
using holdfast::host::anchor_now;

namespace {

/// The process's time zone, as long as it lives.
class Zone {
public:
    explicit Zone(const char* name) {
        if (const char* before = std::getenv("TZ")) before_ = before;
        ::setenv("TZ", name, 1);
        ::tzset();
    }
    ~Zone() {
        before_.empty() ? ::unsetenv("TZ") : ::setenv("TZ", before_.c_str(), 1);
        ::tzset();
    }
    Zone(const Zone&) = delete;
    Zone& operator=(const Zone&) = delete;

private:
    std::string before_;
};

std::int32_t offset_at(WallInstant wall) {
    const std::time_t at =
        std::chrono::floor<std::chrono::seconds>(wall.time_since_epoch()).count();
    std::tm local{};
    ::localtime_r(&at, &local);
    return static_cast<std::int32_t>(local.tm_gmtoff);
}

}  // namespace

TEST_CASE("wall anchor: both clocks are of one moment", "[host]") {
    const auto before = host::sample_clocks();
    const auto anchor = anchor_now();
    const auto after = host::sample_clocks();
    CHECK(anchor.at >= before.now);
    CHECK(anchor.at <= after.now);
    CHECK(anchor.wall >= before.wall);
    CHECK(anchor.wall <= after.wall);
}

TEST_CASE("wall anchor: the next change of the zone is known to the second", "[host]") {
    // Rules of their own, so that no database is needed; Lord Howe moves by half an hour.
    for (const char* name : {"CET-1CEST,M3.5.0,M10.5.0/3",
                             "EST5EDT,M3.2.0,M11.1.0",
                             "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0"}) {
        CAPTURE(name);
        const Zone zone{name};
        const auto anchor = anchor_now();
        CHECK(anchor.utc_offset_s == offset_at(anchor.wall));
        REQUIRE(anchor.offset_until != WallInstant::max());
        CHECK(anchor.next_utc_offset_s != anchor.utc_offset_s);
        CHECK(offset_at(anchor.offset_until) == anchor.next_utc_offset_s);
        CHECK(offset_at(anchor.offset_until - std::chrono::seconds{1}) == anchor.utc_offset_s);
        CHECK(anchor.offset_until > anchor.wall);
        CHECK(anchor.offset_until < anchor.wall + std::chrono::days{371});
    }
}

TEST_CASE("wall anchor: a zone that never changes has no next change", "[host]") {
    for (const char* name : {"UTC0", "<+0545>-5:45"}) {
        CAPTURE(name);
        const Zone zone{name};
        const auto anchor = anchor_now();
        CHECK(anchor.offset_until == WallInstant::max());
        CHECK(anchor.next_utc_offset_s == anchor.utc_offset_s);
    }
}
