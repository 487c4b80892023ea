// Name and address: From, To, Contact, Route.
#include "base/limits.hpp"
#include "sip/values.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace holdfast;
using namespace holdfast::sip;

TEST_CASE("name-addr: its forms", "[sip]") {
    struct Case {
        std::string_view in, display, uri, parameters;
    };
    const auto c = GENERATE(Case{"<sip:a@b>", "", "sip:a@b", ""},
                            Case{"sip:a@b", "", "sip:a@b", ""},
                            Case{"sip:a@b;tag=1", "", "sip:a@b", "tag=1"},
                            Case{"<sip:a@b;lr>;tag=1", "", "sip:a@b;lr", "tag=1"},
                            Case{"Ann<sip:a@b>", "Ann", "sip:a@b", ""},
                            Case{"Ann  Lee \t<sip:a@b>", "Ann  Lee", "sip:a@b", ""},
                            Case{"\"Lee, \\\"A\\\" <x>\" <sip:a@b> ; a ; b = \"c;d\"",
                                 "Lee, \\\"A\\\" <x>",
                                 "sip:a@b",
                                 "a ; b = \"c;d\""},
                            Case{"\"\"\r\n <sip:a@b>\r\n ;tag=1", "", "sip:a@b", "tag=1"},
                            Case{"\xc3\x84nne <sip:a@b>", "\xc3\x84nne", "sip:a@b", ""},
                            Case{"<tel:+1555;ext=2>", "", "tel:+1555;ext=2", ""},
                            Case{"<sip:a@b?Replaces=1>", "", "sip:a@b?Replaces=1", ""});
    CAPTURE(c.in);
    const auto value = parse_name_addr(c.in);
    REQUIRE(value);
    CHECK(value->display == c.display);
    CHECK(value->uri.text == c.uri);
    CHECK(value->parameters == c.parameters);
}

TEST_CASE("name-addr: what is none", "[sip]") {
    const auto text = GENERATE("",
                               "<>",
                               "\"\" <>",
                               "<sip:a@b",
                               "sip:a@b>",
                               "\"Ann <sip:a@b>",
                               "\"Ann\" sip:a@b",
                               "Lee, Ann <sip:a@b>",
                               "Ann (work) <sip:a@b>",
                               "< sip:a@b>",
                               "<sip:a@b >",
                               "<sip:a@b> x",
                               "<sip:a@b>;",
                               "<sip:a@b>;;a",
                               "<sip:a@b>;a=",
                               "<sip:a@b>;a=\"b",
                               "<sip:a@b>;a[=b",
                               // RFC 3261 20.10: such a URI must stand in brackets.
                               "sip:a@b?c=d",
                               "sip:a,b@c",
                               // The tag decides what a message belongs to.
                               "<sip:a@b>;tag",
                               "<sip:a@b>;tag=",
                               "<sip:a@b>;tag=\"1\"",
                               "<sip:a@b>;tag=1;tag=2",
                               "<sip:a@b>;tag=1;TAG=1");
    CAPTURE(text);
    CHECK_FALSE(parse_name_addr(text));
}

TEST_CASE("name-addr: the limit of parameters", "[sip]") {
    std::string text = "<sip:a@b>";
    for (std::size_t i = 0; i < limits::parameters; ++i)
        text += ";p=1";
    CHECK(parse_name_addr(text));
    CHECK(parse_name_addr(text + ";p=1").error() == Fault::too_many_parameters);
}

TEST_CASE("name-addr: the tag", "[sip]") {
    CHECK(parse_name_addr("<sip:a@b>;x;Tag=1+2")->tag() == "1+2");
    CHECK_FALSE(parse_name_addr("<sip:a@b;tag=1>")->tag());
}
