// CSeq, numbers, Session-Expires, Replaces, RAck, Reason.
#include "sip/values.hpp"

#include <catch2/catch.hpp>

using namespace holdfast::sip;

// RFC 3261 8.1.1.5: the sequence number is below 2^31.
TEST_CASE("cseq: value or fault", "[sip]") {
    CHECK(parse_cseq("11 INVITE")->number == 11);
    CHECK(parse_cseq(" 0009\r\n  INVITE ")->method == Method::invite);
    CHECK(parse_cseq("0 X-y")->method_text == "X-y");
    CHECK(parse_cseq("2147483647 BYE")->number == 0x7fff'ffff);
    for (const auto* const text : {"",
                                   "1",
                                   "INVITE",
                                   "1INVITE",
                                   "-1 INVITE",
                                   "+1 INVITE",
                                   "2147483648 BYE",
                                   "1 INV ITE",
                                   "1 INVITE,",
                                   "36893488147419103232 REGISTER",
                                   "1.0 INVITE"}) {
        CAPTURE(text);
        CHECK(parse_cseq(text).error() == Fault::bad_cseq);
    }
}

TEST_CASE("number: digits alone up to a bound", "[sip]") {
    CHECK(parse_number(" 0600 ", 3600) == 600u);
    CHECK(parse_number("3600", 3600) == 3600u);
    CHECK(parse_number("3601", 3600).error() == Fault::bad_value);
    CHECK(parse_number("60;x", 3600).error() == Fault::bad_value);
    CHECK(parse_number("", 3600).error() == Fault::bad_value);
}

// RFC 3261 20.33, with its examples.
TEST_CASE("retry-after: seconds, a comment, parameters", "[sip]") {
    CHECK(parse_retry_after("18000;duration=3600") == 18000u);
    CHECK(parse_retry_after("120 (I'm in a \\) (long) meeting)") == 120u);
    CHECK(parse_retry_after("120 (a) ; duration=1") == 120u);
    for (const auto* const text :
         {"", "x", "-1", "4294967296", "120 a", "120 (a", "120 (a\\)", "120 ((a)", "120 (a) b"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_retry_after(text));
    }
}

TEST_CASE("session-expires: seconds and who refreshes (RFC 4028 4)", "[sip]") {
    CHECK(parse_session_expires("1800")->refresher == SessionExpires::Refresher::none);
    CHECK(parse_session_expires("1800 ; refresher=UAC")->refresher ==
          SessionExpires::Refresher::uac);
    CHECK(parse_session_expires("90;x=1;refresher=uas")->seconds == 90);
    for (const auto* const text : {"", "x", "1800;refresher=me", "1800;", "-1", "4294967296"})
        CHECK_FALSE(parse_session_expires(text));
}

TEST_CASE("replaces: call and both tags (RFC 3891 6.1)", "[sip]") {
    const auto dialog = parse_target_dialog("a@b;local-tag=1;remote-tag=2");
    REQUIRE(dialog);
    CHECK(dialog->call_id == "a@b");
    CHECK(dialog->local_tag == "1");
    CHECK(dialog->remote_tag == "2");
    for (const char* text : {"", "a;local-tag=1", "a@;local-tag=1;remote-tag=2", "a;remote-tag=2"})
        CHECK_FALSE(parse_target_dialog(text));
    const auto value = parse_replaces("a@b;from-tag=1;to-tag=2;early-only");
    REQUIRE(value);
    CHECK(value->call_id == "a@b");
    CHECK(value->from_tag == "1");
    CHECK(value->to_tag == "2");
    CHECK(value->early_only);
    CHECK_FALSE(parse_replaces("a;to-tag=1;from-tag=2")->early_only);
    for (const auto* const text :
         {"", "a", "a;to-tag=1", "a;from-tag=1", ";to-tag=1;from-tag=2", "a@;to-tag=1;from-tag=2"})
        CHECK_FALSE(parse_replaces(text));
}

TEST_CASE("rack: response, sequence, method (RFC 3262 7.2)", "[sip]") {
    const auto value = parse_rack("776656 1 INVITE");
    REQUIRE(value);
    CHECK(value->rseq == 776656);
    CHECK(value->cseq.number == 1);
    CHECK(value->cseq.method == Method::invite);
    for (const auto* const text : {"", "1", "1 2", "1 INVITE", "x 1 INVITE", "1 2147483648 INVITE"})
        CHECK_FALSE(parse_rack(text));
}

TEST_CASE("reason: protocol, cause, text (RFC 3326)", "[sip]") {
    const auto value = parse_reason(R"(SIP ;cause=200 ;text="Call completed elsewhere")");
    REQUIRE(value);
    CHECK(value->protocol == "SIP");
    CHECK(value->cause == 200);
    CHECK(value->text == "Call completed elsewhere");
    CHECK(parse_reason("Q.850;cause=16")->cause == 16);
    CHECK(parse_reason("Q.850")->cause == 0);
    for (const auto* const text : {"", ";cause=1", "SIP;cause=x", "SIP;cause=65536", "SIP;"})
        CHECK_FALSE(parse_reason(text));
}
