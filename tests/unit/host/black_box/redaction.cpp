#include "host/black_box/redaction.hpp"

#include "engine/records.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace holdfast;
using holdfast::host::redact;
using holdfast::host::redact_sip;
using holdfast::host::redact_stream;

namespace {

constexpr std::uint64_t key = 42;

std::string invite(const std::string& from, const std::string& more = {}) {
    return "INVITE sip:100@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.3;branch=z9hG4bK17\r\n" +
           from + "\r\nTo: <sip:100@192.0.2.1>\r\n" + more +
           "Call-ID: 123@192.0.2.3\r\nCSeq: 17 INVITE\r\n\r\nv=0\r\no=- 4930 1 IN IP4 "
           "192.0.2.3\r\n";
}

}  // namespace

TEST_CASE("redaction: a caller's number and name are gone, and nothing else is", "[host]") {
    const auto message =
        invite("From: \"Ann 7 <Miller>\" <sip:+49301234567@192.0.2.3:5060>;tag=99",
               "P-Asserted-Identity: <sip:0301@a.example>, <tel:+49302222222>\r\n");
    const auto redacted = redact_sip(message, key);
    CHECK(redacted.size() == message.size());
    for (const auto* gone : {"Ann", "Miller", "49301234567", "0301@", "49302222222"})
        CHECK(redacted.find(gone) == redacted.npos);
    for (const auto* kept : {"INVITE sip:100@192.0.2.1",
                             "branch=z9hG4bK17",
                             "@192.0.2.3:5060>;tag=99",
                             "To: <sip:100@192.0.2.1>",
                             "@a.example>, <tel:+",
                             "Call-ID: 123@192.0.2.3",
                             "CSeq: 17",
                             "o=- 4930 1"})
        CHECK(redacted.find(kept) != redacted.npos);
}

TEST_CASE("redaction: the same number stays the same, whatever stands around it", "[host]") {
    const auto named = redact_sip(invite("From: Ann <sip:0301234567@192.0.2.3>;tag=1"), key);
    const auto bare = redact_sip(invite("f: sip:0301234567@192.0.2.3;tag=1"), key);
    const auto user = [](const std::string& m) { return m.substr(m.find("@192.0.2.3;") - 10, 10); };
    const auto in_brackets = named.substr(named.find("@192.0.2.3>") - 10, 10);
    CHECK(user(bare) == in_brackets);
    CHECK(in_brackets != "0301234567");
}

TEST_CASE("redaction: every message of a connection is redacted, wherever a read begins",
          "[host]") {
    const auto one = invite("From: \"Ann\" <sip:+49301234567@192.0.2.3:5060>;tag=99");
    const auto bytes = one + one;
    const auto redacted = redact_stream(std::string_view{bytes}.substr(20), key);
    CHECK(redacted.size() == bytes.size() - 20);
    CHECK(redacted.find("49301234567") == redacted.npos);
    CHECK(redacted.find("Ann") == redacted.npos);
    CHECK(redacted.rfind("o=- 4930 1 IN IP4 192.0.2.3\r\n") != redacted.npos);
}

TEST_CASE("redaction: what is no message, or half of one, does no harm", "[host]") {
    for (const std::string text : {"",
                                   "\r\n\r\n",
                                   "From",
                                   "From:",
                                   "From: \"",
                                   "From: <",
                                   "f:<sip:1",
                                   "From: \"\\",
                                   "From: <sip:1@a>,",
                                   "x\r\nTo: <sip:5@b>;tag=1"})
        CHECK(redact_sip(text, key).size() == text.size());
}

TEST_CASE("redaction: the Contact of an INVITE is a caller's too, that of other messages a route",
          "[host]") {
    const std::string contact = "Contact: <sip:0301234567@192.0.2.3:5060>\r\n";
    const auto called = redact_sip(invite("From: <sip:1@192.0.2.3>;tag=1", contact), key);
    CHECK(called.find("0301234567") == called.npos);
    CHECK(called.find("@192.0.2.3:5060>\r\n") != called.npos);
    const auto moved = "SIP/2.0 302 Moved\r\n" + contact + "\r\n";
    CHECK(redact_sip(moved, key) == moved);
}

TEST_CASE("redaction: what a life left to the next names no caller", "[host]") {
    acd::Call call;
    call.id = CallId{7};
    call.caller_number = "+49301234567";
    call.caller_name = "Ann Miller";
    call.dialled = "100";
    acd::LedgerRow row{.row = 1, .what = acd::JourneyOpened{}};
    std::get<acd::JourneyOpened>(row.what).caller_number = call.caller_number;
    std::get<acd::JourneyOpened>(row.what).caller_name = call.caller_name;
    sip::SessionRecord session;
    session.dialog.remote_party = "\"Ann Miller\" <sip:+49301234567@192.0.2.3>;tag=9";
    session.dialog.local_party = "<sip:100@192.0.2.1>;tag=8";
    session.invite.request = invite("From: \"Ann Miller\" <sip:+49301234567@192.0.2.3>;tag=9");
    session.invite.head = "From: Ann Miller <sip:+49301234567@192.0.2.3>;tag=9\r\n";
    engine::Started started;
    const auto add = [&](engine::RecordKind kind, std::string bytes) {
        started.records.push_back({static_cast<std::uint8_t>(kind), 7, std::move(bytes)});
    };
    add(engine::RecordKind::call, engine::write_record(call));
    add(engine::RecordKind::row, engine::write_record(row));
    add(engine::RecordKind::session, engine::write_record(session));
    add(engine::RecordKind::session, "of another version");
    const auto safe = redact(started, key);
    REQUIRE(safe);
    const auto& records = std::get<engine::Started>(*safe).records;
    REQUIRE(records.size() == 3);
    for (const auto& record : records) {
        CHECK(record.bytes.find("Ann") == std::string::npos);
        CHECK(record.bytes.find("49301234567") == std::string::npos);
    }
    const auto kept = engine::read_record<acd::Call>(records[0].bytes);
    REQUIRE(kept);
    CHECK(kept->dialled == "100");
    // One number is one other number, wherever it stands.
    const auto told = engine::read_record<sip::SessionRecord>(records[2].bytes);
    REQUIRE(told);
    CHECK(told->dialog.remote_party.find(kept->caller_number) != std::string::npos);
    CHECK(told->invite.request.find(kept->caller_number) != std::string::npos);
    CHECK_FALSE(redact(engine::Ticked{}, key));
}
