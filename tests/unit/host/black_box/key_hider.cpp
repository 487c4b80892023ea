#include "host/black_box/key_hider.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::host;

namespace {
const std::string srtp_key = "WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz";
const std::string crypto_line =
    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + srtp_key + "|2^20\r\na=sendrecv";
}  // namespace

TEST_CASE("keys: hidden length for length, and nothing else", "[black_box]") {
    std::string bytes = crypto_line + "\r\n" + crypto_line;
    const auto size = bytes.size();
    hide_keys(bytes);
    CHECK(bytes.size() == size);
    CHECK(bytes.find(srtp_key) == bytes.npos);
    CHECK(bytes.starts_with("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + std::string(40, 'A') +
                            "|2^20\r\na=sendrecv"));
    std::string plain = "INVITE sip:inline@example.net SIP/2.0";
    const auto before = plain;
    hide_keys(plain);
    CHECK(plain == before);
    std::string cut = "inline:";
    hide_keys(cut);
    CHECK(cut == "inline:");
}

TEST_CASE("keys: split between reads anywhere, they are hidden all the same", "[black_box]") {
    const std::string text = "v=0\r\n" + crypto_line + "\r\n";
    for (std::size_t at = 0; at < text.size(); ++at)
        for (const std::size_t step : {std::size_t{1}, std::size_t{7}, text.size()}) {
            KeyHider hider;
            std::string kept = hider.hidden({1}, text.substr(0, at));
            for (std::size_t i = at; i < text.size(); i += step)
                kept += hider.hidden({1}, text.substr(i, step));
            CAPTURE(at, step, kept);
            REQUIRE(kept.size() == text.size());
            // No eight letters of the key in a row.
            for (std::size_t i = 0; i + 8 <= srtp_key.size(); ++i)
                REQUIRE(kept.find(srtp_key.substr(i, 8)) == kept.npos);
            REQUIRE(kept.ends_with("|2^20\r\na=sendrecv\r\n"));
        }
}

TEST_CASE("keys: connections have nothing to do with each other", "[black_box]") {
    KeyHider hider;
    CHECK(hider.hidden({1}, "inline:") == "inline:");
    CHECK(hider.hidden({2}, "ABCDEF") == "ABCDEF");
    hider.forget({1});
    CHECK(hider.hidden({1}, "ABCDEF") == "ABCDEF");
}
