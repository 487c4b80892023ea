// Header names: long and compact forms, whatever their case.
#include "sip/header.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace holdfast::sip;

namespace {

std::string upper(std::string_view text) {
    std::string out{text};
    for (char& c : out)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return out;
}

}  // namespace

TEST_CASE("headers: every name is found in any case, and nothing like it", "[sip]") {
    for (std::size_t i = 0; i < header_count; ++i) {
        const auto header = static_cast<Header>(i);
        const std::string name{text_of(header)};
        CAPTURE(name);
        CHECK(header_of(name) == header);
        CHECK(header_of(upper(name)) == header);
        CHECK(header_of(name + "s") == Header::unknown);
        // Same length and ends as a known one: the hash says yes, the name says no.
        auto other = name;
        other[1] = other[1] == 'q' ? 'z' : 'q';
        CHECK(header_of(other) == Header::unknown);
    }
}

// RFC 3261 7.3.3 and the registry of compact forms.
TEST_CASE("headers: compact forms", "[sip]") {
    struct Case {
        std::string_view compact;
        Header header;
    };
    const auto c = GENERATE(Case{"v", Header::via},
                            Case{"f", Header::from},
                            Case{"t", Header::to},
                            Case{"i", Header::call_id},
                            Case{"m", Header::contact},
                            Case{"l", Header::content_length},
                            Case{"c", Header::content_type},
                            Case{"e", Header::content_encoding},
                            Case{"k", Header::supported},
                            Case{"s", Header::subject},
                            Case{"o", Header::event},
                            Case{"u", Header::allow_events},
                            Case{"r", Header::refer_to},
                            Case{"b", Header::referred_by},
                            Case{"x", Header::session_expires},
                            Case{"y", Header::identity});
    CAPTURE(c.compact);
    CHECK(header_of(c.compact) == c.header);
    CHECK(header_of(upper(c.compact)) == c.header);
}

TEST_CASE("headers: what is no header of ours", "[sip]") {
    for (const auto* const name : {"", "z", "-", "X-Foo", "Fro", "Call_ID", "\xff", "\xff\xff"}) {
        CAPTURE(name);
        CHECK(header_of(name) == Header::unknown);
    }
    CHECK(text_of(Header::unknown).empty());
}

// RFC 3261 7.3.1: commas part the values of some headers; 20.10, 22.1: of these they do not.
TEST_CASE("headers: lists and singles", "[sip]") {
    for (const auto list : {Header::via, Header::contact, Header::route, Header::supported})
        CHECK(is_list(list));
    for (const auto text : {Header::from,
                            Header::to,
                            Header::date,
                            Header::authorization,
                            Header::www_authenticate,
                            Header::subject,
                            Header::unknown})
        CHECK_FALSE(is_list(text));
    for (const auto single : {Header::from, Header::to, Header::call_id, Header::cseq})
        CHECK(is_single(single));
    CHECK_FALSE(is_single(Header::via));
    CHECK_FALSE(is_single(Header::unknown));
}
