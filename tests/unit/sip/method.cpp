// Methods: case-sensitive names.
#include "sip/method.hpp"

#include <catch2/catch.hpp>

using namespace holdfast::sip;

TEST_CASE("methods: text and back", "[sip]") {
    for (auto m = Method::invite; m != Method::unknown;
         m = static_cast<Method>(static_cast<int>(m) + 1)) {
        CAPTURE(text_of(m));
        CHECK(method_of(text_of(m)) == m);
    }
}

// RFC 3261 7.1: method names are case-sensitive; others are carried as they are.
TEST_CASE("methods: what is none of ours", "[sip]") {
    CHECK(method_of("invite") == Method::unknown);
    CHECK(method_of("INVITES") == Method::unknown);
    CHECK(method_of("") == Method::unknown);
    CHECK(method_of("UNKNOWN") == Method::unknown);
    CHECK(text_of(Method::unknown) == "UNKNOWN");
}
