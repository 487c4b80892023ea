// Digest credentials and challenges (RFC 7616 3.3, 3.4).
#include "base/limits.hpp"
#include "sip/values.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace holdfast;
using namespace holdfast::sip;

TEST_CASE("digest: credentials", "[sip]") {
    const auto digest = parse_digest(
        "Digest username=\"a\\\"b\", realm=\"x, y\",nonce=\"\",\r\n uri=\"sip:z\", response=\"0f\","
        " algorithm=SHA-256 , cnonce=\"c\", opaque=\"o\", qop=auth, nc=00000001, unknown=1");
    REQUIRE(digest);
    CHECK(digest->username == "a\\\"b");
    CHECK(digest->realm == "x, y");
    CHECK(digest->nonce.empty());
    CHECK(digest->uri == "sip:z");
    CHECK(digest->response == "0f");
    CHECK(digest->algorithm == "SHA-256");
    CHECK(digest->qop == "auth");
    CHECK(digest->nc == "00000001");
    CHECK_FALSE(digest->stale);
}

TEST_CASE("digest: a challenge", "[sip]") {
    const auto digest =
        parse_digest("dIgEsT realm=\"r\", nonce=\"n\", qop=\"auth,auth-int\", stale=TRUE");
    REQUIRE(digest);
    CHECK(digest->qop == "auth,auth-int");
    CHECK(digest->stale);
}

TEST_CASE("digest: what is none", "[sip]") {
    const auto text = GENERATE("",
                               "Digest",
                               "Digest ",
                               "Basic realm=\"a\"",
                               "Digestrealm=\"a\"",
                               "Digest realm",
                               "Digest realm=",
                               "Digest realm=\"a",
                               "Digest realm=\"a\",",
                               "Digest realm=\"a\" nonce=\"b\"",
                               "Digest ,realm=\"a\"",
                               // Which of two would count?
                               "Digest realm=\"a\", realm=\"a\"",
                               "Digest realm=\"\", realm=\"a\"");
    CAPTURE(text);
    CHECK(parse_digest(text).error() == Fault::bad_authorization);
}

TEST_CASE("digest: the limit of parameters", "[sip]") {
    std::string text = "Digest realm=a";
    for (std::size_t i = 1; i < limits::parameters; ++i)
        text += ",x=1";
    CHECK(parse_digest(text));
    CHECK_FALSE(parse_digest(text + ",x=1"));
}
