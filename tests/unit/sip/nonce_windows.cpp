// Counts of nonces in bounded memory.
#include "sip/nonce_windows.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace holdfast;
using namespace holdfast::sip;

namespace {
using enum NonceWindows::Use;
const HashKey key{1, 2};
const Instant then{1000s};
}  // namespace

TEST_CASE("a window of 64 counts slides with the highest", "[sip][digest]") {
    NonceWindows windows{key};
    const auto use = [&](std::uint32_t nc) { return windows.use("n", "u", then, nc); };
    CHECK(use(5) == first);
    CHECK(use(3) == first);  // overtaken on its way
    CHECK(use(3) == repeated);
    CHECK(use(5) == repeated);
    CHECK(use(68) == first);
    CHECK(use(5) == repeated);  // 63 behind: still seen
    CHECK(use(4) == repeated);  // beyond the window: never again
    CHECK(use(6) == first);
    CHECK(use(500) == first);
    CHECK(use(499) == first);
    CHECK(use(436) == repeated);
    CHECK(use(437) == first);
}

TEST_CASE("users of one nonce do not disturb each other", "[sip][digest]") {
    NonceWindows windows{key};
    CHECK(windows.use("n", "a", then, 1) == first);
    CHECK(windows.use("n", "b", then, 1) == first);
    CHECK(windows.use("m", "a", then, 1) == first);
    CHECK(windows.use("n", "a", then, 1) == repeated);
}

TEST_CASE("at the limit an old nonce is no more believed than a used one", "[sip][digest]") {
    NonceWindows windows{key};
    CHECK(windows.use("old", "u", then, 1) == first);
    for (std::size_t i = 0; i < NonceWindows::most; ++i)
        CHECK(windows.use(std::to_string(i), "u", then + 1s, 1) == first);
    CHECK(windows.use("old", "u", then, 1) == unknown);
    CHECK(windows.use("as old, never used", "u", then, 1) == unknown);
    CHECK(windows.use("new", "u", then + 2s, 1) == first);
}
