// URIs (RFC 3261 19.1, RFC 3966).
#include "sip/uri.hpp"

#include "base/limits.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace holdfast;
using namespace holdfast::sip;

namespace {

std::string with_parameters(std::size_t n) {
    std::string out = "sip:a@b";
    for (std::size_t i = 0; i < n; ++i)
        out += ";p" + std::to_string(i);
    return out;
}

}  // namespace

TEST_CASE("uri: its parts", "[sip]") {
    const auto uri = parse_uri("sips:ann%20lee:pw@Example.NET:5061;transport=tls;lr?Subject=hi&b=");
    REQUIRE(uri);
    CHECK(uri->scheme == Uri::Scheme::sips);
    CHECK(uri->user == "ann%20lee");
    CHECK(uri->password == "pw");
    CHECK(uri->host == "Example.NET");
    CHECK(uri->port == 5061);
    CHECK(uri->parameters == "transport=tls;lr");
    CHECK(uri->parameter("TRANSPORT") == "tls");
    CHECK(uri->parameter("lr") == "");
    CHECK_FALSE(uri->has_parameter("maddr"));
    CHECK(uri->headers == "Subject=hi&b=");
}

TEST_CASE("uri: what is one", "[sip]") {
    const auto text = GENERATE("sip:a",
                               "SIP:a@b",
                               "sip:+1-555@b;user=phone",
                               "sip:*21#@b",
                               "sip:a;b?c@d",
                               "sip:a:@b",
                               "sip:a@b:0",
                               "sip:a@b:65535",
                               "sip:[2001:db8::1]:5060;lr",
                               "sip:a@b;x=[1]/:&+$",
                               "tel:+1-(555).0100",
                               "tel:0100;phone-context=example.net;ext=1",
                               "tel:*21#",
                               "http://example.net/a?b=c#d",
                               "urn:uuid:00000000-0000");
    CAPTURE(text);
    CHECK(parse_uri(text));
}

TEST_CASE("uri: what is none", "[sip]") {
    const auto text = GENERATE("",
                               "sip",
                               "sip:",
                               ":a",
                               "1a:b",
                               "a b:c",
                               "sip:@a",
                               "sip:a@",
                               "sip:a@b@c",
                               "sip:a:b:c@d",
                               "sip: a@b",
                               "sip:a@b ",
                               "sip:a b@c",
                               "sip:a@b:",
                               "sip:a@b:65536",
                               "sip:a@b:-1",
                               "sip:a@b:5060x",
                               "sip:a@b;",
                               "sip:a@b;;c",
                               "sip:a@b;=c",
                               "sip:a@b;c=",
                               "sip:a@b;c=d=e",
                               "sip:a@b?",
                               "sip:a@b?c",
                               "sip:a@b?c=d&",
                               "sip:a%4@b",
                               "sip:a%zz@b",
                               "sip:a%@b",
                               "sip:\xc3\xa4@b",
                               "sip:<a>@b",
                               "sip:a\"@b",
                               "sip:2001:db8::1",
                               "tel:",
                               "tel:+",
                               "tel:-",
                               "tel:5x",
                               "tel:1@b",
                               "x:",
                               "x:a b",
                               "x:a<b");
    CAPTURE(text);
    const auto uri = parse_uri(text);
    REQUIRE_FALSE(uri);
    CHECK(uri.error() == Fault::bad_uri);
}

TEST_CASE("uri: the limit of parameters", "[sip]") {
    CHECK(parse_uri(with_parameters(limits::parameters)));
    CHECK(parse_uri(with_parameters(limits::parameters + 1)).error() == Fault::too_many_parameters);
    std::string headers = "sip:a@b?h=1";
    for (std::size_t i = 1; i < limits::parameters; ++i)
        headers += "&h=1";
    CHECK(parse_uri(headers));
    CHECK(parse_uri(headers + "&h=1").error() == Fault::too_many_parameters);
}

TEST_CASE("uri: escapes", "[sip]") {
    CHECK(unescape("a%20b%2") == "a b%2");
    CHECK(unescape("%41%zz%") == "A%zz%");
    CHECK(unescape("%00") == std::string(1, '\0'));
    CHECK(escape_user("ann lee@home#1\r\n") == "ann%20lee%40home%231%0D%0A");
    CHECK(unescape(escape_user("\xc3\xa4%<>")) == "\xc3\xa4%<>");
    CHECK(parse_uri("sip:" + escape_user("any\0thing \"<>%") + "@b"));
}

TEST_CASE("parameters: names, values, quotes, blanks", "[sip]") {
    std::string seen;
    const auto see = [&seen](std::string_view name, std::string_view value) {
        seen.append(name).append("=").append(value).append("|");
        return true;
    };
    CHECK(for_each_parameter("a;b=c ;\r\n d = \"e;f\\\"\" ;g=[::1]", see));
    CHECK(seen == "a=|b=c|d=e;f\\\"|g=[::1]|");
    CHECK(for_each_parameter("", see));
    for (const auto* const list :
         {";", "a;", "a;;b", "=", "a=", "a=\"b", "a b", "a=b c", "a=\"b\"c"}) {
        CAPTURE(list);
        CHECK_FALSE(for_each_parameter(list, see));
    }
    // The one who looks may stop early, and then what is behind does not matter.
    CHECK(for_each_parameter("a;;", [](auto, auto) { return false; }));
    CHECK(find_parameter("x=1;Tag=2;tag=3", "tAG") == "2");
    CHECK_FALSE(find_parameter("x=1", "y"));
}
