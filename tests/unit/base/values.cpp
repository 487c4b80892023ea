// Small values of base: addresses, random stream, CRC, bounded containers.
#include "base/address.hpp"
#include "base/ascii.hpp"
#include "base/bounded_vector.hpp"
#include "base/crc32.hpp"
#include "base/random.hpp"

#include <catch2/catch.hpp>

#include <arpa/inet.h>
#include <cstring>
#include <string>

using namespace holdfast;

TEST_CASE("addresses: text and back", "[base]") {
    struct Case {
        std::string_view in, out;
    };
    const auto c = GENERATE(Case{"192.0.2.1", "192.0.2.1"},
                            Case{"0.0.0.0", "0.0.0.0"},
                            Case{"255.255.255.255", "255.255.255.255"},
                            Case{"2001:db8::1", "2001:db8::1"},
                            Case{"2001:0DB8:0:0:0:0:0:1", "2001:db8::1"},
                            Case{"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
                            Case{"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},
                            Case{"::", "::"},
                            Case{"::1", "::1"},
                            Case{"1::", "1::"},
                            Case{"::ffff:192.0.2.1", "::ffff:c000:201"});
    CAPTURE(c.in);
    const auto address = parse_address(c.in);
    REQUIRE(address);
    CHECK(text_of(*address).view() == c.out);
}

TEST_CASE("addresses: what is none", "[base]") {
    const auto text = GENERATE("",
                               "1.2.3",
                               "1.2.3.4.5",
                               "1.2.3.256",
                               "01.2.3.4",
                               "1.2.3.4 ",
                               "a.b.c.d",
                               "1:2:3:4:5:6:7",
                               "1:2:3:4:5:6:7:8:9",
                               "1::2::3",
                               ":1:2:3:4:5:6:7",
                               "12345::",
                               "1:2:3:4:5:6:7:",
                               "::1.2.3",
                               "[::1]",
                               "fe80::1%eth0",
                               "1:2:3:4:5:6:7::8:9");
    CAPTURE(text);
    CHECK_FALSE(parse_address(text));
}

TEST_CASE("addresses: we agree with the C library on random bytes", "[base]") {
    Random random = Random::from(3);
    for (int i = 0; i < 20'000; ++i) {
        std::string text;
        for (auto n = random.below(24); n > 0; --n)
            text += "0123456789abf:::...1"[random.below(20)];
        unsigned char theirs[16];
        const bool v6 = text.find(':') != text.npos;
        const bool valid = inet_pton(v6 ? AF_INET6 : AF_INET, text.c_str(), theirs) == 1;
        const auto ours = parse_address(text);
        CAPTURE(text);
        REQUIRE(ours.has_value() == valid);
        if (valid) REQUIRE(std::memcmp(ours->bytes.data(), theirs, v6 ? 16 : 4) == 0);
    }
}

TEST_CASE("private addresses", "[base]") {
    for (const auto* text : {"10.1.2.3",
                             "172.16.0.1",
                             "172.31.9.9",
                             "192.168.1.1",
                             "169.254.0.1",
                             "100.64.0.1",
                             "fd00::1",
                             "fe80::1"})
        CHECK(parse_address(text)->is_private());
    for (const auto* text : {"11.1.2.3", "172.32.0.1", "192.0.2.1", "2001:db8::1", "100.128.0.1"})
        CHECK_FALSE(parse_address(text)->is_private());
    CHECK(parse_address("::1")->is_loopback());
    CHECK(parse_address("127.9.9.9")->is_loopback());
}

// RFC 8439 2.3.2: the published block.
TEST_CASE("ChaCha20: the block of RFC 8439", "[base]") {
    const Seed key{0x03020100,
                   0x07060504,
                   0x0b0a0908,
                   0x0f0e0d0c,
                   0x13121110,
                   0x17161514,
                   0x1b1a1918,
                   0x1f1e1d1c};
    const auto block = chacha20_block(key, 1, {0x09000000, 0x4a000000, 0x00000000});
    CHECK(block[0] == 0xe4e7f110);
    CHECK(block[1] == 0x15593bd1);
    CHECK(block[15] == 0x4e3c50a2);
}

TEST_CASE("below is fair and stays below", "[base]") {
    Random random = Random::from(5);
    std::array<int, 7> counts{};
    for (int i = 0; i < 70'000; ++i)
        ++counts.at(random.below(7));
    for (const int n : counts)
        CHECK((n > 9'500 && n < 10'500));
}

TEST_CASE("CRC-32: the check value, and the same in pieces", "[base]") {
    const std::string_view text = "123456789";
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    CHECK(crc32({bytes, 9}) == 0xcbf43926);
    for (std::size_t cut = 0; cut <= 9; ++cut)
        CHECK(crc32({bytes + cut, 9 - cut}, crc32({bytes, cut})) == 0xcbf43926);
}

TEST_CASE("bounded vector: full is an answer, not a growth", "[base]") {
    BoundedVector<int, 3> v;
    CHECK(v.push_back(1));
    CHECK(v.push_back(2));
    CHECK(v.push_back(3));
    CHECK_FALSE(v.push_back(4));
    v.erase_at(0);
    CHECK(v.size() == 2);
    CHECK(v[0] == 2);
    CHECK(v.back() == 3);
}

TEST_CASE("bounded text cuts at its limit", "[base]") {
    BoundedText<4> text{"abcdef"};
    CHECK(text.view() == "abcd");
    text.assign("x");
    CHECK(text.view() == "x");
}

TEST_CASE("trim takes blanks and folds from both ends", "[base]") {
    CHECK(trim(" \r\n\tab c \r\n ") == "ab c");
    CHECK(trim(" \t").empty());
}
