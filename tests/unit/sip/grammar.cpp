// The words of the grammar: numbers, hosts, quoted strings, list values.
#include "sip/grammar.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace holdfast;
using namespace holdfast::sip;
using grammar::Cursor;

// RFC 4475 3.1.1.1: leading zeros are fine; 3.1.2.4: overflow is not a small number.
TEST_CASE("numbers: digits alone, within a bound", "[sip]") {
    CHECK(grammar::number("0", 10) == 0u);
    CHECK(grammar::number("10", 10) == 10u);
    CHECK(grammar::number("00000000000000000000000010", 10) == 10u);
    CHECK(grammar::number("4294967295", 0xffff'ffff) == 0xffff'ffffu);
    for (const auto* const text :
         {"", "-1", "+1", " 1", "1 ", "0x1", "1a", "11", "18446744073709551617"}) {
        CAPTURE(text);
        CHECK_FALSE(grammar::number(text, 10));
    }
}

TEST_CASE("hosts: names, IPv4, IPv6 in brackets", "[sip]") {
    struct Case {
        std::string_view in, host, rest;
        bool bracketed;
    };
    const auto c = GENERATE(Case{"example.net:5060", "example.net", ":5060", false},
                            Case{"a", "a", "", false},
                            Case{"example.net.", "example.net.", "", false},
                            Case{"my_host;x", "my_host", ";x", false},
                            Case{"3f2a9c", "3f2a9c", "", false},
                            Case{"192.0.2.1", "192.0.2.1", "", false},
                            Case{"[2001:db8::1]:1", "2001:db8::1", ":1", true},
                            Case{"[::ffff:192.0.2.1]", "::ffff:192.0.2.1", "", true});
    CAPTURE(c.in);
    Cursor at{c.in};
    const auto host = grammar::take_host(at);
    REQUIRE(host.has_value());
    CHECK(host.value_or(grammar::HostText{}).host == c.host);
    CHECK(host.value_or(grammar::HostText{}).bracketed == c.bracketed);
    CHECK(at.rest() == c.rest);
}

TEST_CASE("hosts: what is none", "[sip]") {
    const auto text = GENERATE("",
                               ".",
                               ".a",
                               "a..b",
                               "192.0.2",
                               "192.0.2.256",
                               "1",
                               "[192.0.2.1]",
                               "[2001:db8::1",
                               "[]",
                               "[2001:db8::10%eth0]",
                               "2001:db8::1]",
                               "[1:2:3:4:5:6:7:8:9]");
    CAPTURE(text);
    Cursor at{text};
    const auto host = grammar::take_host(at);
    CHECK((!host || !at.done()));
}

// RFC 5118 4.10: the third colon is tolerated before an IPv4 tail and nowhere else.
TEST_CASE("addresses: the third colon", "[sip]") {
    CHECK(grammar::read_address("2001:db8:::192.0.2.1") == *parse_address("2001:db8::192.0.2.1"));
    CHECK(grammar::read_address(":::192.0.2.1") == *parse_address("::192.0.2.1"));
    CHECK_FALSE(grammar::read_address("2001:db8:::10"));
    CHECK_FALSE(grammar::read_address("2001:db8::::192.0.2.1"));
    CHECK_FALSE(grammar::read_address("2001::1:::192.0.2.1"));
    CHECK_FALSE(grammar::read_address(std::string(100, ':')));
}

TEST_CASE("quoted strings: escapes, and strings without an end", "[sip]") {
    const auto inside = [](std::string_view text) { return Cursor{text}.quoted(); };
    CHECK(inside(R"("")") == "");
    CHECK(inside(R"("a b" c)") == "a b");
    CHECK(inside(R"("a \"b\" \\")") == R"(a \"b\" \\)");
    CHECK_FALSE(inside(R"(")"));
    CHECK_FALSE(inside(R"("a)"));
    CHECK_FALSE(inside(R"("a\")"));
    CHECK_FALSE(inside("\"a\\"));
}

TEST_CASE("lists: commas part values, but not in quotes and brackets", "[sip]") {
    const auto values = [](std::string_view rest) {
        std::vector<std::string> out;
        do
            out.emplace_back(grammar::next_value(rest));
        while (rest.data() != nullptr);
        return out;
    };
    using Values = std::vector<std::string>;
    CHECK(values("a") == Values{"a"});
    CHECK(values(" a , b\r\n ,c ") == Values{"a", "b", "c"});
    CHECK(values("a,,b") == Values{"a", "", "b"});
    CHECK(values("") == Values{""});
    CHECK(values("a,") == Values{"a", ""});
    CHECK(values(R"("a,b" <sip:c,d@e>;x="f,g", h)") == Values{R"("a,b" <sip:c,d@e>;x="f,g")", "h"});
    CHECK(values(R"("a\",b", c)") == Values{R"("a\",b")", "c"});
    // A quote within brackets opens nothing, one without an end takes all.
    CHECK(values(R"(<a"b>, c)") == Values{R"(<a"b>)", "c"});
    CHECK(values(R"(a, "b, c)") == Values{"a", R"("b, c)"});
    CHECK(values("a, <b, c") == Values{"a", "<b, c"});
}
