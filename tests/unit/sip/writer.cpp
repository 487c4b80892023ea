// Printing messages: the text, and that nothing breaks out of its field.
#include "sip/writer.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace holdfast::sip;

TEST_CASE("writer: a request and a response", "[sip]") {
    std::string out;
    Writer{out}
        .request(Method::invite, "sip:a@b")
        .field(Header::call_id, "1")
        .field(Header::max_forwards, 70u)
        .field("X-Thing", "y")
        .finish("application/sdp", "v=0\r\n");
    CHECK(out ==
          "INVITE sip:a@b SIP/2.0\r\nCall-ID: 1\r\nMax-Forwards: 70\r\nX-Thing: y\r\n"
          "Content-Type: application/sdp\r\nContent-Length: 5\r\n\r\nv=0\r\n");
    out.clear();
    Writer{out}.response(486).finish();
    CHECK(out == "SIP/2.0 486 Busy Here\r\nContent-Length: 0\r\n\r\n");
    out.clear();
    Writer{out}.response(499, "So So").finish();
    CHECK(out.starts_with("SIP/2.0 499 So So\r\n"));
    out.clear();
    Writer{out}.request("X-y", "sip:a").finish();
    CHECK(out.starts_with("X-y sip:a SIP/2.0\r\n"));
}

TEST_CASE("writer: two messages follow each other in one string", "[sip]") {
    std::string out;
    Writer{out}.response(200).finish();
    const auto first = out.size();
    Writer{out}.response(200).finish();
    CHECK(out.size() == 2 * first);
}

TEST_CASE("writer: nothing breaks out of its field", "[sip]") {
    struct Case {
        std::string_view value, line;
    };
    const auto c = GENERATE(Case{"a\r\nEvil: b", "a Evil: b"},
                            Case{"a\nb\rc", "a b c"},
                            Case{"a\r\n\r\nINVITE", "a INVITE"},
                            Case{"\r\na", " a"},
                            Case{"a\r\n", "a "},
                            Case{"a \r\n\t b", "a b"},
                            Case{"a  b\t", "a  b\t"});
    CAPTURE(c.value);
    std::string out;
    Writer{out}.field(Header::subject, c.value);
    CHECK(out.substr(0, 9) == "Subject: ");
    CHECK(out.find("\r\n") == out.size() - 2);
    CHECK(out.find('\n') == out.size() - 1);
    out.clear();
    Writer{out}.field(std::string{"X\r\nY: "}, "1");
    CHECK(out == "XY: 1\r\n");
    out.clear();
    Writer{out}.request("A B\r\n", "sip:a\r\nX: y SIP/2.0").response(400, "a\r\nb");
    CHECK(out == "AB sip:a%0D%0AX:%20y%20SIP/2.0 SIP/2.0\r\nSIP/2.0 400 a b\r\n");
}

TEST_CASE("writer: names and addresses", "[sip]") {
    CHECK(name_addr("", "sip:a@b") == "<sip:a@b>");
    CHECK(name_addr("Ann", "sip:a@b", "1") == "\"Ann\" <sip:a@b>;tag=1");
    CHECK(name_addr("Ann \"A.\" \\Lee", "sip:a@b") == R"("Ann \"A.\" \\Lee" <sip:a@b>)");
    CHECK(name_addr("a\r\nb\x07\x7f", "sip:a@b>;tag=2, <sip:c", "1;x=\"2\"\r\n") ==
          "\"a  b  \" <sip:a@b%3E;tag=2,%20%3Csip:c>;tag=1x=2");
    // A peer's tag comes back as it was read, token or not.
    CHECK(name_addr("", "sip:a@b", "a=b/c@d") == "<sip:a@b>;tag=a=b/c@d");
    CHECK(parse_name_addr("<sip:a@b>;tag=a=b/c@d")->tag() == "a=b/c@d");
    // Whatever the name is, it reads back as one value with that name.
    for (const auto* const name : {"\"", "\\", "\\\"", ",;<>", "a\\", "\xc3\x84"}) {
        CAPTURE(name);
        const auto text = name_addr(name, "sip:a@b", "1");
        const auto value = parse_name_addr(text);
        REQUIRE(value);
        CHECK(clean_display(value->display) == name);
        CHECK(value->tag() == "1");
    }
}

TEST_CASE("writer: copies what a peer wrote, its folds undone", "[sip]") {
    Message m;
    REQUIRE(
        m.read("OPTIONS sip:c@d SIP/2.0\r\nv: SIP/2.0/UDP a\r\n ;branch=1\r\nVIA: SIP/2.0/UDP b\r\n"
               "f: <sip:a@b>;tag=1\r\nt: <sip:c@d>\r\ni: 1\r\nCSeq: 1\r\n\tOPTIONS\r\n"
               "x-ODD: \"\\\r\n y\"\r\n\r\n"));
    std::string out;
    Writer writer{out};
    writer.copy_all(m, Header::via).copy_all(m, Header::route).copy_all(m, Header::cseq);
    writer.copy(m.fields().back());
    CHECK(out ==
          "Via: SIP/2.0/UDP a ;branch=1\r\nVia: SIP/2.0/UDP b\r\nCSeq: 1 OPTIONS\r\n"
          "x-ODD: \"\\ y\"\r\n");
}

TEST_CASE("writer: a usual message takes one allocation", "[sip]") {
    std::string out;
    Writer writer{out};
    writer.response(200);
    const auto capacity = out.capacity();
    for (int i = 0; i < 12; ++i)
        writer.field(Header::via, "SIP/2.0/UDP 192.0.2.21:5060;branch=z9hG4bK1a2b3c4d5e");
    writer.finish();
    CHECK(out.capacity() == capacity);
}
