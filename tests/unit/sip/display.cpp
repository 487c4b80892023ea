// Display names made safe.
#include "base/limits.hpp"
#include "sip/values.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace holdfast;
using namespace holdfast::sip;

TEST_CASE("display: what is shown of it", "[sip]") {
    struct Case {
        std::string_view in, out;
    };
    const auto c =
        GENERATE(Case{"Ann Lee", "Ann Lee"},
                 Case{R"(A \"q\" \\ b)", R"(A "q" \ b)"},
                 Case{"trailing \\", "trailing \\"},
                 Case{"  a \t b\r\n c  ", "a b c"},
                 Case{std::string_view{"a\0b\x07"
                                       "c\x7f"
                                       "d",
                                       7},
                      "abcd"},
                 Case{"\xc2\x85"
                      "a\xc2\x9f",
                      "a"},  // C1 controls
                 Case{"a\xe2\x80\xae"
                      "b\xe2\x81\xa6"
                      "c\xd8\x9c",
                      "abc"},  // bidirectional marks
                 Case{"a\xe2\x80\xa8"
                      "b\xef\xbb\xbf",
                      "ab"},  // line separator, byte order mark
                 Case{"\xc3\x84nne \xf0\x9f\x93\x9e", "\xc3\x84nne \xf0\x9f\x93\x9e"},
                 Case{"a\xff"
                      "b",
                      "a\xef\xbf\xbd"
                      "b"},
                 Case{"\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd"},                  // overlong '/'
                 Case{"\xe0\x80\xaf", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},  // and longer
                 Case{"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},  // a surrogate
                 Case{"\xe2\x82", "\xef\xbf\xbd\xef\xbf\xbd"},                  // cut short
                 Case{"", ""});
    CAPTURE(c.in);
    CHECK(clean_display(c.in) == c.out);
}

TEST_CASE("display: cut at the limit, never within a character", "[sip]") {
    CHECK(clean_display(std::string(limits::display_bytes, 'a')).size() == limits::display_bytes);
    CHECK(clean_display(std::string(limits::display_bytes + 1, 'a')).size() ==
          limits::display_bytes);
    std::string wide(limits::display_bytes - 1, 'a');
    CHECK(clean_display(wide + "\xc3\x84") == wide);
    CHECK(clean_display(wide.substr(1) + "\xc3\x84").size() == limits::display_bytes);
}
