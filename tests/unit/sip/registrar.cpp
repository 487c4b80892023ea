// The registrar: RFC 3261 10.3, RFC 3327, RFC 5626.
#include "sip/registrar.hpp"

#include "base/enum_text.hpp"
#include "unit/sip/agent.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::sip;
using namespace holdfast::sip::test;

namespace {

using enum BindingChange::What;

struct Office {
    std::unique_ptr<Deadlines> deadlines{new Deadlines};
    Registrar registrar{{60, 3600, 1800}, *deadlines};
    Peer peer;
    Instant now{10s};

    RegistrarAnswer take(std::string_view contacts,
                         std::string_view extra = {},
                         const Hop& from = udp_hop(there)) {
        auto text = peer.request("REGISTER", extra);
        ++peer.cseq;
        const auto at = text.find("Contact:");
        text.replace(at, text.find("\r\n", at) + 2 - at, contacts);
        Message message;
        REQUIRE(message.read(text));
        return registrar.take(message, "2101", from, now);
    }
    void advance(Micros span) {
        now += span;
        while (const auto due = deadlines->pop(now))
            registrar.deadline(due->key, now);
    }
    /// "added:<contact> refreshed:..." since the last call.
    std::string changes() {
        std::string out;
        while (const auto change = registrar.next_change())
            out += (out.empty() ? "" : " ") + std::string{text(change->what)} + ":" +
                   change->binding.contact;
        return out;
    }
};

/// The Contact values of an answer, in its order.
std::string contacts(const RegistrarAnswer& answer) {
    std::string out;
    for (const auto& header : answer.headers)
        if (header.name == Header::contact) out += (out.empty() ? "" : " ") + header.value;
    return out;
}

constexpr std::string_view desk = "Contact: <sip:2101@192.0.2.21:5060>\r\n";

}  // namespace

TEST_CASE("expires: parameter, then header, then ours; never above the most (10.3)",
          "[sip][registrar]") {
    struct Case {
        std::string_view contact, extra, listed;
    };
    const auto c = GENERATE(
        Case{"Contact: <sip:a@h>;expires=120\r\n", "Expires: 300\r\n", "<sip:a@h>;expires=120"},
        Case{"Contact: <sip:a@h>\r\n", "Expires: 300\r\n", "<sip:a@h>;expires=300"},
        Case{"Contact: <sip:a@h>\r\n", "", "<sip:a@h>;expires=1800"},
        Case{"Contact: <sip:a@h>;expires=99999\r\n", "", "<sip:a@h>;expires=3600"},
        Case{"Contact: <sip:a@h>;expires=x\r\n", "", "<sip:a@h>;expires=1800"});
    Office office;
    const auto answer = office.take(c.contact, c.extra);
    CHECK(answer.status == 200);
    CHECK(contacts(answer) == c.listed);
    CHECK(office.changes() == "added:sip:a@h");
}

TEST_CASE("too short an interval gets 423 and Min-Expires, and changes nothing (10.3)",
          "[sip][registrar]") {
    Office office;
    const auto answer = office.take("Contact: <sip:b@h>;expires=600, <sip:a@h>;expires=59\r\n");
    CHECK(answer.status == 423);
    REQUIRE(answer.headers.size() == 1);
    CHECK(answer.headers[0].name == Header::min_expires);
    CHECK(answer.headers[0].value == "60");
    CHECK(office.registrar.size() == 0);
    CHECK(office.changes() == "");
}

TEST_CASE("refresh, query, removal", "[sip][registrar]") {
    Office office;
    office.take(desk);
    office.advance(600s);
    CHECK(contacts(office.take("")) == "<sip:2101@192.0.2.21:5060>;expires=1200");
    // 19.1.4: the same URI written otherwise.
    office.take("Contact: \"Desk\" <sip:2101@192.0.2.21:5060;transport=udp>\r\n");
    CHECK(office.registrar.size() == 2);  // an explicit transport is another URI
    office.take("Contact: <SIP:2101@192.0.2.21:5060>\r\n");
    CHECK(office.registrar.size() == 2);
    office.take("Contact: <sip:2101@192.0.2.21:5060;transport=UDP>;expires=0\r\n");
    CHECK(office.registrar.size() == 1);
    CHECK(office.take("Contact: <sip:2101@192.0.2.21:5060>;expires=0\r\n").status == 200);
    CHECK(office.registrar.size() == 0);
    CHECK(office.changes() ==
          "added:sip:2101@192.0.2.21:5060 added:sip:2101@192.0.2.21:5060;transport=udp "
          "refreshed:SIP:2101@192.0.2.21:5060 removed:sip:2101@192.0.2.21:5060;transport=udp "
          "removed:SIP:2101@192.0.2.21:5060");
}

TEST_CASE("a binding ends when its time is over", "[sip][registrar]") {
    Office office;
    office.take("Contact: <sip:a@h>;expires=60\r\n");
    office.advance(40s);
    office.take("Contact: <sip:a@h>;expires=60\r\n");
    office.advance(59s);
    CHECK(office.registrar.size() == 1);
    office.changes();
    office.advance(1s);
    CHECK(office.changes() == "expired:sip:a@h");
    CHECK(office.registrar.bindings("2101").empty());
}

TEST_CASE("* removes all, and only with Expires: 0 and alone (10.3 step 6)", "[sip][registrar]") {
    Office office;
    office.take("Contact: <sip:a@h>, <sip:b@h>\r\n");
    CHECK(office.take("Contact: *\r\n").status == 400);
    CHECK(office.take("Contact: *\r\n", "Expires: 5\r\n").status == 400);
    CHECK(office.registrar.size() == 2);
    office.changes();
    const auto answer = office.take("Contact: *\r\n", "Expires: 0\r\n");
    CHECK(answer.status == 200);
    CHECK(contacts(answer).empty());
    CHECK(office.changes() == "removed:sip:a@h removed:sip:b@h");
}

TEST_CASE("of one Call-ID the CSeq must rise; another Call-ID is another start (10.3)",
          "[sip][registrar]") {
    Office office;
    office.peer.cseq = 10;
    office.take(desk);
    office.peer.cseq = 10;
    CHECK(office.take(desk).status == 500);
    office.peer.cseq = 9;
    CHECK(office.take("Contact: <sip:2101@192.0.2.21:5060>;expires=0\r\n").status == 500);
    office.peer.cseq = 9;
    CHECK(office.take("Contact: *\r\n", "Expires: 0\r\n").status == 500);
    CHECK(office.registrar.size() == 1);
    office.peer.call_id = "after-a-reboot";
    office.peer.cseq = 1;
    CHECK(office.take(desk).status == 200);
}

TEST_CASE("an address has so many Contacts and no more", "[sip][registrar]") {
    Office office;
    for (std::size_t i = 0; i < limits::contacts_per_device; ++i)
        CHECK(office.take(fmt::format("Contact: <sip:a{}@h>\r\n", i)).status == 200);
    CHECK(office.take("Contact: <sip:more@h>\r\n").status == 503);
    CHECK(office.take("Contact: <sip:a0@h>\r\n").status == 200);
    CHECK(office.registrar.size() == limits::contacts_per_device);
}

TEST_CASE("instance and reg-id are the identity where they are given (RFC 5626 6)",
          "[sip][registrar]") {
    Office office;
    const std::string phone = ";+sip.instance=\"<urn:uuid:1>\";reg-id=";
    office.take("Contact: <sip:a@192.0.2.21:1001>" + phone + "1\r\n",
                "Supported: path, outbound\r\n");
    office.take("Contact: <sip:a@192.0.2.21:2002>" + phone + "2\r\n");
    // The phone came back from another port: the same flow in its own eyes.
    const auto answer = office.take("Contact: <sip:a@192.0.2.21:1003>" + phone + "1\r\n",
                                    "Supported: path, outbound\r\n");
    CHECK(office.registrar.size() == 2);
    CHECK(contacts(answer).find(":1003>;expires=1800;+sip.instance=\"<urn:uuid:1>\";reg-id=1") !=
          std::string::npos);
    CHECK(answer.headers.back().name == Header::require);
    // The same instance without a reg-id is an ordinary Contact.
    office.take("Contact: <sip:a@192.0.2.21:1004>;+sip.instance=\"<urn:uuid:1>\"\r\n");
    CHECK(office.registrar.size() == 3);
}

TEST_CASE("the way back is kept: Path, source, and whether a NAT is between", "[sip][registrar]") {
    Office office;
    const Hop outside = tcp_hop({IpAddress::v4(203, 0, 113, 5), 1024}, 4);
    const auto answer =
        office.take(desk, "Path: <sip:p1;lr>, <sip:p2;lr>\r\nUser-Agent: Desk 1\r\n", outside);
    const auto bound = office.registrar.bindings("2101");
    REQUIRE(bound.size() == 1);
    CHECK(bound[0]->source == outside);
    CHECK(bound[0]->behind_nat);
    CHECK(bound[0]->path == std::vector<std::string>{"<sip:p1;lr>", "<sip:p2;lr>"});
    CHECK(bound[0]->user_agent == "Desk 1");
    CHECK(answer.headers.back().name == Header::path);
}

TEST_CASE("the preferred Contact comes first, then the youngest", "[sip][registrar]") {
    Office office;
    office.take("Contact: <sip:a@h>;q=0.5, <sip:b@h>, <sip:c@h>;q=0.55, <sip:d@h>;q=1.0\r\n");
    std::string order;
    for (const auto* binding : office.registrar.bindings("2101"))
        order += binding->contact[4];
    CHECK(order == "dbca");
}

TEST_CASE("only SIP URIs can be called", "[sip][registrar]") {
    Office office;
    CHECK(office.take("Contact: <tel:+15550100>\r\n").status == 400);
    CHECK(office.take("Contact: <sip:a@h>, <mailto:a@h>\r\n").status == 400);
    CHECK(office.registrar.size() == 0);
}

TEST_CASE("a closed connection ends outbound bindings, others wait (RFC 5626 5.3)",
          "[sip][registrar]") {
    Office office;
    const Hop flow = tcp_hop(there, 4);
    office.take("Contact: <sip:a@h>;+sip.instance=\"<x>\";reg-id=1\r\n", {}, flow);
    office.take("Contact: <sip:b@h>\r\n", {}, flow);
    office.changes();
    office.registrar.flow_closed(FlowId{4});
    CHECK(office.changes() == "removed:sip:a@h");
    CHECK_FALSE(office.registrar.bindings("2101").at(0)->source.flow);
}

TEST_CASE("bindings survive a restart by their records", "[sip][registrar]") {
    Office before;
    before.take("Contact: <sip:a@h>;expires=100, <sip:b@h>;expires=200\r\n");
    std::vector<std::string> journal;
    for (const auto* binding : before.registrar.bindings("2101"))
        encode(*binding, journal.emplace_back());

    Office after;
    after.now = before.now + 150s;
    int restored = 0;
    for (const auto& bytes : journal) {
        const auto binding = decode<Binding>(bytes);
        REQUIRE(binding);
        if (after.registrar.restore(*binding, after.now)) ++restored;
        CHECK_FALSE(after.registrar.restore(*binding, after.now));
    }
    CHECK(restored == 1);  // the other one's time is over
    after.advance(49s);
    CHECK(after.registrar.size() == 1);
    after.advance(1s);
    CHECK(after.registrar.size() == 0);
    CHECK(after.changes() == "expired:sip:b@h");
}
