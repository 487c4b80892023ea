// Lines and fields of a header section.
#include "sip/lines.hpp"

#include <catch2/catch.hpp>

using namespace holdfast::sip;

// RFC 3261 7.3.1: a line that begins with a blank continues the one before it.
TEST_CASE("fields: folds belong to the field", "[sip]") {
    std::string_view rest = "A: b\r\n c\r\n\td\r\nE: f\r\n\r\nbody";
    const auto first = take_field(rest);
    CHECK(first.text == "A: b\r\n c\r\n\td");
    CHECK(first.clean);
    CHECK(take_field(rest).text == "E: f");
    const auto end = take_field(rest);
    CHECK(end.text.empty());
    CHECK(end.clean);
    CHECK(rest == "body");
}

TEST_CASE("fields: CR and LF alone are no clean ends", "[sip]") {
    struct Case {
        std::string_view in;
        bool clean, ended;
    };
    const auto c = GENERATE(Case{"a: b\r\n", true, true},
                            Case{"a: b\n", false, true},
                            Case{"a: b\rc\r\n", false, true},
                            Case{"a: b\r\r\n", false, true},
                            Case{"a: b\r\n c\n", false, true},
                            Case{"a: b\n c\r\n", false, true},
                            Case{"a: b\r", true, false},
                            Case{"a: b", false, false},
                            Case{"a: b\r\n c", false, false});
    CAPTURE(c.in);
    auto rest = c.in;
    const auto field = take_field(rest);
    CHECK(field.clean == c.clean);
    CHECK(field.ended == c.ended);
    CHECK(rest.empty());
}

TEST_CASE("fields: name and value", "[sip]") {
    CHECK(split_field("To \t: \t a \t").name == "To");
    CHECK(split_field("To \t: \t a \t").value == "a");
    CHECK(split_field("To:a:b").value == "a:b");
    CHECK(split_field("Subject:").value.empty());
    CHECK(split_field("Subject:").name == "Subject");
    CHECK(split_field("A:\r\n b").value == "b");
    for (const auto* const line : {"", ":", ": a", "a", "a b: c", "a\"b: c", " a: b", "a"}) {
        CAPTURE(line);
        CHECK(split_field(line).name.empty());
    }
}
