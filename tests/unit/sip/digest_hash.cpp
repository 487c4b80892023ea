// Digest arithmetic against the published examples.
#include "sip/digest.hpp"

#include <catch2/catch.hpp>

using namespace holdfast::sip;

TEST_CASE("RFC 7616 3.9.1: MD5 and SHA-256", "[sip][digest]") {
    const auto secret = digest_secret("Mufasa", "http-auth@example.org", "Circle of Life");
    DigestInput input{secret.md5,
                      "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
                      "00000001",
                      "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
                      "GET",
                      "/dir/index.html"};
    CHECK(digest_response(DigestAlgorithm::md5, input) == "8ca523f5e9506fed4657c9700eebdbec");
    input.secret = secret.sha256;
    CHECK(digest_response(DigestAlgorithm::sha256, input) ==
          "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
}

TEST_CASE("RFC 2617 3.5, and RFC 2069 without qop", "[sip][digest]") {
    const auto secret = digest_secret("Mufasa", "testrealm@host.com", "Circle Of Life");
    DigestInput input{secret.md5,
                      "dcd98b7102dd2f0e8b11d0f600bfb0c093",
                      "00000001",
                      "0a4f113b",
                      "GET",
                      "/dir/index.html"};
    CHECK(digest_response(DigestAlgorithm::md5, input) == "6629fae49393a05397450978507c4ef1");
    input.nc = {};
    CHECK(digest_response(DigestAlgorithm::md5, input) == "670fd8c2df070c60b045671b8b24ff02");
}
