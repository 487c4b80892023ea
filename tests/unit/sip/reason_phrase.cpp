// Reason phrases (RFC 3261 21).
#include "sip/writer.hpp"

#include <catch2/catch.hpp>

using namespace holdfast::sip;

TEST_CASE("reason phrases: known ones, and the class of unknown ones (8.1.3.2)", "[sip]") {
    CHECK(reason_phrase(200) == "OK");
    CHECK(reason_phrase(481) == "Call/Transaction Does Not Exist");
    CHECK(reason_phrase(607) == "Unwanted");
    CHECK(reason_phrase(499) == reason_phrase(400));
    CHECK(reason_phrase(599) == reason_phrase(500));
    CHECK(reason_phrase(99).empty());
    CHECK(reason_phrase(700).empty());
    for (int status = 100; status < 700; ++status)
        CHECK_FALSE(reason_phrase(status).empty());
}
