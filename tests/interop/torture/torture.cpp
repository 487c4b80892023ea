// The torture messages of RFC 4475 and RFC 5118: one row a message says what we make of it.
#include "sip/message.hpp"
#include "sip/negotiation.hpp"
#include "sip/refusal.hpp"
#include "sip/sdp.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <string_view>

using namespace holdfast;
using namespace holdfast::sip;

namespace {

std::string bytes_of(std::string_view file) {
    const auto path = std::string{INTEROP_DIR "/"}.append(file).append(".dat");
    std::ifstream in{path, std::ios::binary};
    REQUIRE(in);
    return {std::istreambuf_iterator<char>{in}, {}};
}

struct Case {
    std::string_view file, section;
    std::optional<Fault> fault;  // nothing: well formed
    int status;                  // what is answered by us; 0: nothing, or decided above
};
constexpr std::optional<Fault> valid;

constexpr Case cases[] = {
    // clang-format off
    // RFC 4475 3.1.1: valid messages.
    {"rfc4475/wsinv",      "3.1.1.1",  valid, 0},
    {"rfc4475/intmeth",    "3.1.1.2",  valid, 0},
    {"rfc4475/esc01",      "3.1.1.3",  valid, 0},
    {"rfc4475/escnull",    "3.1.1.4",  valid, 0},
    {"rfc4475/esc02",      "3.1.1.5",  valid, 0},
    {"rfc4475/lwsdisp",    "3.1.1.6",  valid, 0},
    {"rfc4475/longreq",    "3.1.1.7",  valid, 0},
    {"rfc4475/dblreq",     "3.1.1.8",  valid, 0},
    {"rfc4475/semiuri",    "3.1.1.9",  valid, 0},
    {"rfc4475/transports", "3.1.1.10", valid, 0},
    {"rfc4475/mpart01",    "3.1.1.11", valid, 0},
    {"rfc4475/unreason",   "3.1.1.12", valid, 0},
    {"rfc4475/noreason",   "3.1.1.13", valid, 0},
    // 3.1.2: invalid messages. Responses among them are dropped.
    {"rfc4475/badinv01",   "3.1.2.1",  Fault::bad_via, 400},
    {"rfc4475/clerr",      "3.1.2.2",  Fault::body_cut_short, 400},
    {"rfc4475/ncl",        "3.1.2.3",  Fault::bad_content_length, 400},
    {"rfc4475/scalar02",   "3.1.2.4",  Fault::bad_cseq, 400},
    {"rfc4475/scalarlg",   "3.1.2.5",  Fault::bad_cseq, 0},
    {"rfc4475/quotbal",    "3.1.2.6",  Fault::bad_to, 400},
    {"rfc4475/ltgtruri",   "3.1.2.7",  Fault::bad_request_uri, 400},
    {"rfc4475/lwsruri",    "3.1.2.8",  Fault::bad_request_uri, 400},
    {"rfc4475/lwsstart",   "3.1.2.9",  Fault::bad_request_uri, 400},
    {"rfc4475/trws",       "3.1.2.10", Fault::bad_request_uri, 400},
    {"rfc4475/escruri",    "3.1.2.11", Fault::bad_request_uri, 400},
    // A wrong Date may be passed over by who does not use it.
    {"rfc4475/baddate",    "3.1.2.12", valid, 0},
    {"rfc4475/regbadct",   "3.1.2.13", Fault::bad_contact, 400},
    {"rfc4475/badaspec",   "3.1.2.14", Fault::bad_to, 400},
    {"rfc4475/baddn",      "3.1.2.15", Fault::bad_from, 400},
    {"rfc4475/badvers",    "3.1.2.16", Fault::bad_version, 505},
    {"rfc4475/mismatch01", "3.1.2.17", Fault::cseq_method_differs, 400},
    {"rfc4475/mismatch02", "3.1.2.18", Fault::cseq_method_differs, 400},
    {"rfc4475/bigcode",    "3.1.2.19", Fault::bad_status_line, 0},
    // 3.2: for the transaction layer, which reads such a branch as one of RFC 2543.
    {"rfc4475/badbranch",  "3.2.1",    valid, 0},
    // 3.3: well formed or not, decided by what the message asks for.
    {"rfc4475/insuf",      "3.3.1",    Fault::no_from, 400},
    {"rfc4475/unkscm",     "3.3.2",    Fault::unsupported_scheme, 416},
    {"rfc4475/novelsc",    "3.3.3",    Fault::unsupported_scheme, 416},
    {"rfc4475/unksm2",     "3.3.4",    valid, 0},
    {"rfc4475/bext01",     "3.3.5",    valid, 0},
    {"rfc4475/invut",      "3.3.6",    valid, 0},
    {"rfc4475/regaut01",   "3.3.7",    valid, 0},
    {"rfc4475/multi01",    "3.3.8",    Fault::repeated_header, 400},
    {"rfc4475/mcl01",      "3.3.9",    Fault::repeated_header, 400},
    {"rfc4475/bcast",      "3.3.10",   valid, 0},
    {"rfc4475/zeromf",     "3.3.11",   valid, 0},
    {"rfc4475/cparam01",   "3.3.12",   valid, 0},
    {"rfc4475/cparam02",   "3.3.13",   valid, 0},
    {"rfc4475/regescrt",   "3.3.14",   valid, 0},
    {"rfc4475/sdp01",      "3.3.15",   valid, 0},
    // 3.4: from an element of RFC 2543: no tag, branch, Max-Forwards or Content-Length.
    {"rfc4475/inv2543",    "3.4.1",    valid, 0},
    // RFC 5118.
    {"rfc5118/ipv6-good",                     "4.1",  valid, 0},
    {"rfc5118/ipv6-bad",                      "4.2",  Fault::bad_request_uri, 400},
    {"rfc5118/port-ambiguous",                "4.3",  valid, 0},
    {"rfc5118/port-unambiguous",              "4.4",  valid, 0},
    {"rfc5118/via-received-param-with-delim", "4.5",  valid, 0},
    {"rfc5118/via-received-param-no-delim",   "4.5",  valid, 0},
    {"rfc5118/ipv6-in-sdp",                   "4.6",  valid, 0},
    {"rfc5118/mult-ip-in-header",             "4.7",  valid, 0},
    {"rfc5118/mult-ip-in-sdp",                "4.8",  valid, 0},
    {"rfc5118/ipv4-mapped-ipv6",              "4.9",  valid, 0},
    {"rfc5118/ipv6-bug-abnf-3-colons",        "4.10", valid, 0},
    {"rfc5118/ipv6-correct-abnf-2-colons",    "4.10", valid, 0},
    // clang-format on
};

/// A message of which the test is sure that it reads.
struct Read {
    std::string bytes;
    Message m;
    explicit Read(std::string_view file) : bytes{bytes_of(file)} { REQUIRE(m.read(bytes)); }
};

std::size_t count(const Message& m, Header name) {
    std::size_t n = 0;
    for ([[maybe_unused]] const auto value : m.values(name))
        ++n;
    return n;
}

}  // namespace

TEST_CASE("torture: every message is read or refused as the RFC says", "[sip][torture]") {
    for (const auto& c : cases) {
        CAPTURE(c.file, c.section);
        const auto bytes = bytes_of(c.file);
        Message m;
        const auto read = m.read(bytes);
        CHECK(read.has_value() == !c.fault.has_value());
        if (!read && c.fault) CHECK(name_of(read.error()) == name_of(*c.fault));
        if (read) continue;
        const auto refusal = refusal_for(m, read.error());
        CHECK(refusal.status == c.status);
        std::string response;
        print_refusal(response, m, refusal, "torture");
        CHECK(response.empty() == (c.status == 0));
        if (response.empty()) continue;
        // What we answer has the request's top Via and names the status.
        CHECK(response.starts_with("SIP/2.0 " + std::to_string(c.status) + ' '));
        CHECK(response.find("\r\nVia: ") != response.npos);
    }
}

TEST_CASE("torture: no message is left out", "[sip][torture]") {
    std::set<std::string> told;
    for (const auto& c : cases)
        told.insert(std::string{c.file}.append(".dat"));
    std::set<std::string> there;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{INTEROP_DIR})
        if (entry.path().extension() == ".dat")
            there.insert(std::filesystem::relative(entry.path(), INTEROP_DIR).string());
    CHECK(told == there);
    CHECK(there.size() == 61);
}

TEST_CASE("torture: a short tortuous INVITE (3.1.1.1)", "[sip][torture]") {
    const Read r{"rfc4475/wsinv"};
    const auto& m = r.m;
    CHECK(m.method() == Method::invite);
    CHECK(m.request_uri().has_parameter("unknownparam"));
    CHECK(m.to().uri.user == "vivekg");
    CHECK(m.to_tag() == "1918181833n");
    CHECK(clean_display(m.from().display) == R"(J Rosenberg \")");
    CHECK(m.from_tag() == "98asjd8");
    CHECK(m.max_forwards() == 68u);
    CHECK(m.cseq().number == 9);
    CHECK(m.cseq().method == Method::invite);
    CHECK(m.first(Header::subject) == "");
    CHECK(m.via_count() == 3);
    CHECK(m.via().transport == "UDP");
    CHECK(m.via().host == "192.0.2.2");
    CHECK(m.via().rport == "");
    CHECK(m.via().branch == "390skdjuw");
    auto via = ++m.values(Header::via).begin();
    CHECK(parse_via(*via)->branch == "z9hG4bK9ikj8");
    CHECK(parse_via(*++via)->branch == "z9hG4bK30239");
    const auto contact = parse_name_addr(*m.values(Header::contact).begin());
    REQUIRE(contact);
    CHECK(find_parameter(contact->parameters, "newparam") == "newvalue");
    CHECK(find_parameter(contact->parameters, "secondparam") == "");
    CHECK(find_parameter(contact->parameters, "q") == "0.33");
    CHECK(m.body().size() == 150);
}

TEST_CASE("torture: a wide range of valid characters (3.1.1.2)", "[sip][torture]") {
    const Read r{"rfc4475/intmeth"};
    CHECK(r.m.method() == Method::unknown);
    CHECK(r.m.method_text() == "!interesting-Method0123456789_*+`.%indeed'~");
    CHECK(r.m.request_uri().user == "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*");
    CHECK(r.m.request_uri().password == "&it+has=1,weird!*pas$wo~d_too.(doesn't-it)");
    CHECK(r.m.request_uri().host == "example.com");
    CHECK(r.m.from().display == "token1~` token2'+_ token3*%!.-");
    CHECK(r.m.from_tag() == "_token~1'+`*%!-.");
    CHECK(clean_display(r.m.to().display) == "BEL: NUL: DEL:");
    CHECK(r.m.call_id() == "intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{");
    CHECK(r.m.fields()[6].spelled == "extensionHeader-!.%*+_`'~");
}

TEST_CASE("torture: escapes (3.1.1.3, 3.1.1.4, 3.1.1.5)", "[sip][torture]") {
    const Read r{"rfc4475/esc01"};
    CHECK(r.m.request_uri().user == "sips%3Auser%40example.com");
    CHECK(r.m.request_uri().host == "example.net");
    CHECK(unescape(r.m.to().uri.user) == "user");
    const auto contact = parse_name_addr(*r.m.values(Header::contact).begin());
    REQUIRE(contact);
    // %6C%72 is lr, and an escape is undone once only.
    CHECK(
        same_uri(contact->uri, *parse_uri("sip:caller@host5.example.net;lr;name=value%25%34%31")));

    const Read null{"rfc4475/escnull"};
    CHECK(count(null.m, Header::contact) == 2);
    CHECK(unescape(null.m.to().uri.user) == std::string_view{"null-\0-null", 11});

    // '%' escapes nothing in a method or a header name.
    const Read percent{"rfc4475/esc02"};
    CHECK(percent.m.method() == Method::unknown);
    CHECK(count(percent.m, Header::contact) == 2);
}

TEST_CASE("torture: two requests in one datagram are one (3.1.1.8)", "[sip][torture]") {
    const Read r{"rfc4475/dblreq"};
    CHECK(r.m.method() == Method::register_);
    CHECK(r.m.body().empty());
}

TEST_CASE("torture: what is decided above can be decided", "[sip][torture]") {
    SECTION("semicolons in a user (3.1.1.9)") {
        CHECK(Read{"rfc4475/semiuri"}.m.request_uri().user == "user;par=u%40example.net");
    }
    SECTION("a multipart body with NULs is whole (3.1.1.11)") {
        const Read r{"rfc4475/mpart01"};
        CHECK(r.m.body().size() == 553);
        CHECK(r.m.body_is("multipart/mixed"));
    }
    SECTION("unusual and empty reason phrases (3.1.1.12, 3.1.1.13)") {
        CHECK(Read{"rfc4475/unreason"}.m.reason_phrase().starts_with("= 2**3 * 5**2 "));
        CHECK(Read{"rfc4475/noreason"}.m.reason_phrase().empty());
    }
    SECTION("a branch that is only the magic cookie (3.2.1)") {
        CHECK(Read{"rfc4475/badbranch"}.m.via().branch == "z9hG4bK");
    }
    SECTION("unknown schemes in To, From and Contact (3.3.4)") {
        const Read r{"rfc4475/unksm2"};
        CHECK(r.m.to().uri.scheme == Uri::Scheme::other);
        CHECK(r.m.from().uri.text == "http://www.example.com");
    }
    SECTION("420: unknown extensions (3.3.5)") {
        const Read r{"rfc4475/bext01"};
        CHECK(count(r.m, Header::require) == 2);
        CHECK(r.m.lists(Header::require, "nothingSupportsThisEither"));
    }
}

TEST_CASE("torture: what is answered above can be known", "[sip][torture]") {
    SECTION("415: unknown body (3.3.6)") {
        CHECK_FALSE(Read{"rfc4475/invut"}.m.body_is("application/sdp"));
    }
    SECTION("401: unknown authorization scheme (3.3.7)") {
        const Read r{"rfc4475/regaut01"};
        const auto value = r.m.first(Header::authorization).value_or("");
        CHECK(value.starts_with("NoOneKnowsThisScheme "));
        CHECK(parse_digest(value).error() == Fault::bad_authorization);
    }
    SECTION("a response with a second Via is dropped (3.3.10)") {
        CHECK(Read{"rfc4475/bcast"}.m.via_count() == 2);
    }
    SECTION("483: no forwards left (3.3.11)") {
        CHECK(Read{"rfc4475/zeromf"}.m.max_forwards() == 0u);
    }
    SECTION("parameters of the header or of the URI (3.3.12, 3.3.13)") {
        const Read outside{"rfc4475/cparam01"};
        const auto a = parse_name_addr(*outside.m.values(Header::contact).begin());
        CHECK(find_parameter(a->parameters, "unknownparam").has_value());
        CHECK_FALSE(a->uri.has_parameter("unknownparam"));
        const Read inside{"rfc4475/cparam02"};
        const auto b = parse_name_addr(*inside.m.values(Header::contact).begin());
        CHECK(b->uri.has_parameter("unknownparam"));
        CHECK(b->parameters.empty());
    }
    SECTION("headers in a Contact's URI (3.3.14)") {
        const Read r{"rfc4475/regescrt"};
        const auto contact = parse_name_addr(*r.m.values(Header::contact).begin());
        CHECK(contact->uri.headers == "Route=%3Csip:sip.example.com%3E");
    }
    SECTION("406: nothing acceptable (3.3.15)") {
        CHECK_FALSE(Read{"rfc4475/sdp01"}.m.lists(Header::accept, "application/sdp"));
    }
    SECTION("an INVITE of RFC 2543 (3.4.1)") {
        const Read r{"rfc4475/inv2543"};
        CHECK(r.m.from_tag().empty());
        CHECK(r.m.via().branch.empty());
        CHECK_FALSE(r.m.max_forwards());
        CHECK(r.m.body().size() == 105);
        CHECK(r.m.to().parameters == "user=phone");
    }
}

TEST_CASE("torture: what the tortuous offers come to", "[sip][torture]") {
    LocalMedia local;
    local.rtp = {IpAddress::v4(192, 0, 2, 10), 20000};
    static_cast<void>(local.codecs.push_back(Codec::pcmu));
    const Read r{"rfc4475/wsinv"};
    const auto offer = sdp::parse(r.m.body());
    REQUIRE(offer);
    const auto answer = answer_to(*offer, local);
    REQUIRE(answer);
    CHECK(answer->agreed.remote_rtp == Endpoint{IpAddress::v4(192, 0, 2, 4), 49217});
    CHECK(answer->text.ends_with("m=video 0 RTP/AVP 31\r\n"));
    // dblreq's second message has blanks where none may be, but is never looked at.
    for (const auto* const file : {"rfc5118/ipv6-in-sdp", "rfc5118/ipv4-mapped-ipv6"}) {
        const Read v6{file};
        const auto description = sdp::parse(v6.m.body());
        REQUIRE(description);
        CHECK(description->connection.value_or(IpAddress{}).family == IpAddress::Family::v6);
    }
    const Read mixed{"rfc5118/mult-ip-in-sdp"};
    const auto two = sdp::parse(mixed.m.body());
    REQUIRE(two);
    CHECK(two->target_of(two->media[0]).address == IpAddress::v4(192, 0, 2, 1));
    CHECK(two->target_of(two->media[1]).address == *parse_address("2001:db8::1"));
}

TEST_CASE("torture: IPv6 references", "[sip][torture]") {
    const auto address = [](std::string_view text) { return *parse_address(text); };
    CHECK(Read{"rfc5118/ipv6-good"}.m.via().host == "2001:db8::9:1");
    // 4.3: what looks like a port inside the brackets is part of the address.
    const Read ambiguous{"rfc5118/port-ambiguous"};
    CHECK(ambiguous.m.request_uri().port == 0);
    CHECK(ambiguous.m.request_uri().host_address() == address("2001:db8::10:5070"));
    CHECK(Read{"rfc5118/port-unambiguous"}.m.request_uri().port == 5070);
    for (const auto* const file :
         {"rfc5118/via-received-param-with-delim", "rfc5118/via-received-param-no-delim"})
        CHECK(Read{file}.m.via().received == "2001:db8::9:255");
    // 4.10: three colons before an IPv4 tail mean two.
    CHECK(Read{"rfc5118/ipv6-bug-abnf-3-colons"}.m.request_uri().host_address() ==
          Read{"rfc5118/ipv6-correct-abnf-2-colons"}.m.request_uri().host_address());
}
