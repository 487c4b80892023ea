// Equality of URIs: the examples of RFC 3261 19.1.4 and more.
#include "sip/uri.hpp"

#include <catch2/catch.hpp>

using namespace holdfast::sip;

namespace {

struct Pair {
    std::string_view a, b;
};

bool same(const Pair& p) {
    const auto a = parse_uri(p.a);
    const auto b = parse_uri(p.b);
    REQUIRE(a);
    REQUIRE(b);
    CHECK(same_uri(*a, *b) == same_uri(*b, *a));
    CHECK(same_uri(*a, *a));
    return same_uri(*a, *b);
}

}  // namespace

TEST_CASE("same uri: equal ones", "[sip]") {
    const auto p = GENERATE(
        Pair{"sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp"},
        Pair{"sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"},
        Pair{"sip:carol@chicago.com;security=on", "sip:carol@chicago.com;newparam=5"},
        Pair{"sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
             "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com"},
        Pair{"sip:alice@atlanta.com?subject=project%20x&priority=urgent",
             "sip:alice@atlanta.com?priority=urgent&subject=project%20x"},
        Pair{"sip:a@[2001:db8::1]", "sip:a@[2001:0DB8:0::1]"},
        Pair{"sip:a@b;a;b;a", "sip:a@b;b;a"},
        Pair{"tel:+1-555-0100", "tel:+15550100"},
        Pair{"tel:1;a=1;b=2", "tel:1;B=2;A=1"});
    CAPTURE(p.a, p.b);
    CHECK(same(p));
}

TEST_CASE("same uri: different ones", "[sip]") {
    const auto p =
        GENERATE(Pair{"SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP"},
                 Pair{"sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"},
                 Pair{"sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp"},
                 Pair{"sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp"},
                 Pair{"sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting"},
                 Pair{"sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off"},
                 Pair{"sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4"},
                 Pair{"sip:a@b", "sips:a@b"},
                 Pair{"sip:a@b", "sip:b"},
                 Pair{"sip:a:p@b", "sip:a:q@b"},
                 Pair{"sip:a%3Bb@c", "sip:a;b@c"},
                 Pair{"tel:1", "tel:+1"},
                 Pair{"tel:1;ext=1", "tel:1"},
                 Pair{"x:a", "x:b"});
    CAPTURE(p.a, p.b);
    CHECK_FALSE(same(p));
}
