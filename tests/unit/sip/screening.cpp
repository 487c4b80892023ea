// What is refused before the engine hears of it: RFC 3261 8.2, and requests outside dialogs.
#include "sip/screening.hpp"

#include "unit/sip/agent.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::sip;
using namespace holdfast::sip::test;

namespace {

struct Refused {
    std::string method = "INVITE";
    std::string extra, body;
    int status = 0;
    Header header = Header::unknown;
    std::string value;
};

}  // namespace

TEST_CASE("refusals of RFC 3261 8.2, each with the header that helps", "[sip]") {
    const auto c = GENERATE(
        Refused{"BREW", "", "", 501, Header::allow, ""},
        Refused{"PUBLISH", "", "", 405, Header::allow, ""},
        Refused{"INVITE",
                "Require: x-old, 100rel, timer, x-new\r\n",
                "",
                420,
                Header::unsupported,
                "x-old, x-new"},
        Refused{
            "INVITE", "Content-Encoding: gzip\r\n", "x", 415, Header::accept_encoding, "identity"},
        Refused{"BYE", "", "", 481, Header::unknown, ""},
        Refused{"UPDATE", "", "", 481, Header::unknown, ""},
        Refused{"INFO", "", "", 481, Header::unknown, ""});
    CAPTURE(c.method, c.extra);
    Agent agent;
    Peer peer;
    agent.take(peer.request(c.method, c.extra, c.body));
    const auto sent = agent.taken();
    REQUIRE(sent.size() == 1);
    CHECK(sent[0].bytes.substr(8, 3) == std::to_string(c.status));
    if (c.header != Header::unknown) CHECK(!header(sent[0].bytes, c.header).empty());
    if (!c.value.empty()) CHECK(header(sent[0].bytes, c.header) == c.value);
    CHECK(agent.names() == "MessageRefused");
    // 8.2.6.2: all but 100 have a To tag; 8.2.7: a refusal leaves nothing behind.
    CHECK(header(sent[0].bytes, Header::to).find(";tag=") != std::string::npos);
    CHECK(agent.is_idle());
}

TEST_CASE("a body that is no SDP gets 415 unless it is optional (8.2.3)", "[sip]") {
    Agent agent;
    Peer peer;
    auto invite = peer.request("INVITE", {}, "hello");
    invite.replace(invite.find("application/sdp"), 15, "text/plain");
    agent.take(invite);
    const auto sent = agent.taken();
    CHECK(sent.at(0).bytes.starts_with("SIP/2.0 415"));
    CHECK(header(sent.at(0).bytes, Header::accept) == "application/sdp");
    agent.told();
    peer.cseq = 2;
    auto optional =
        peer.request("INVITE", "Content-Disposition: render;handling=optional\r\n", "hello");
    optional.replace(optional.find("application/sdp"), 15, "text/plain");
    agent.take(optional);
    CHECK(agent.names() == "InviteArrived");
}

TEST_CASE("an INVITE that may go no further gets 483; OPTIONS is answered (16.3)", "[sip]") {
    Agent agent;
    Peer peer;
    auto invite = peer.request("INVITE", {}, sdp(1));
    invite.replace(invite.find("Max-Forwards: 70"), 16, "Max-Forwards: 0");
    agent.take(invite);
    CHECK(agent.brief() == "483");
    auto options = peer.request("OPTIONS");
    options.replace(options.find("Max-Forwards: 70"), 16, "Max-Forwards: 0");
    agent.take(options);
    CHECK(agent.seen.back().name == "RequestArrived");
}

TEST_CASE("an INVITE without a Contact that can be called makes no dialog (8.1.1.8)", "[sip]") {
    const std::string contact = GENERATE(std::string{},
                                         "Contact: *\r\n",
                                         "Contact: <tel:+15550100>\r\n",
                                         "Contact: <mailto:ann@example.net>\r\n",
                                         "Contact: <sip:" + std::string(1100, 'a') + "@h>\r\n");
    Agent agent;
    Peer peer;
    auto invite = peer.request("INVITE", {}, sdp(1));
    const auto at = invite.find("Contact:");
    invite.replace(at, invite.find("\r\n", at) + 2 - at, contact);
    agent.take(invite);
    CHECK(agent.brief() == "400");
}

TEST_CASE("header fields of a Contact are left out of the Request-URI (19.1.1)", "[sip]") {
    Agent agent;
    Peer peer;
    auto invite = peer.request("INVITE", {}, sdp(1));
    const auto at = invite.find("2101@192.0.2.21:5060>");
    invite.insert(at + 20, "?Subject=x");
    agent.take(invite);
    const auto session = agent.seen.back().session;
    agent.ua().answer(session, sdp(2), {}, agent.now);
    agent.finish();
    agent.taken();
    agent.advance(32s);
    CHECK(agent.sent.back().bytes.starts_with("BYE sip:2101@192.0.2.21:5060 SIP/2.0\r\n"));
}

TEST_CASE("at the limit of sessions: 503, and no session of our own", "[sip]") {
    Agent agent;
    Peer peer;
    for (std::size_t i = 0; i < limits::sessions; ++i) {
        peer.call_id = "call-" + std::to_string(i);
        agent.take(peer.request("INVITE", {}, sdp(1)));
        agent.taken(), agent.changed.clear();
    }
    CHECK(agent.told().size() == limits::sessions);
    peer.call_id = "one-more";
    agent.take(peer.request("INVITE", {}, sdp(1)));
    CHECK(agent.brief() == "503");
    CHECK_FALSE(agent.ua().invite(order_to(), agent.now));
    CHECK(agent.ua().counts().sessions == limits::sessions);
}

TEST_CASE("the same stateless refusal gets the same tag, and its ACK is no stray", "[sip]") {
    Agent agent;
    Peer peer;
    const auto invite = peer.request("INVITE", "Require: x\r\n", sdp(1));
    agent.take(invite);
    agent.take(invite);
    const auto sent = agent.taken();
    REQUIRE(sent.size() == 2);
    CHECK(sent[0].bytes == sent[1].bytes);
    agent.told();
    Message refusal;
    REQUIRE(refusal.read(sent[0].bytes));
    peer.to_tag = refusal.to_tag();
    agent.take(peer.request("ACK", {}, {}, "z9hG4bK-p1"));
    CHECK(agent.names() == "");
    peer.to_tag = "stray";
    agent.take(peer.request("ACK", {}, {}, "z9hG4bK-p1"));
    CHECK(agent.names() == "MessageRefused");
    CHECK(agent.brief() == "");  // 17.1.1.3: an ACK is never answered
}

TEST_CASE("malformed requests get their fault's answer, responses silence", "[sip]") {
    Agent agent;
    Peer peer;
    auto bad = peer.request("OPTIONS");
    bad.replace(bad.find("CSeq: 1 OPTIONS"), 15, "CSeq: x OPTIONS");
    agent.take(bad);
    const auto sent = agent.taken();
    CHECK(sent.at(0).bytes.starts_with("SIP/2.0 400 Bad CSeq Header"));
    CHECK(agent.told().at(0).text == "bad_cseq");
    agent.take("SIP/2.0 200 OK\r\nVia: x\r\n\r\n");
    agent.take("hello");
    CHECK(agent.names() == "MessageRefused MessageRefused");
    CHECK(agent.brief() == "");
}

TEST_CASE("keep-alives over UDP are passed over (RFC 5626 3.5.1)", "[sip]") {
    Agent agent;
    agent.take("\r\n\r\n");
    agent.take("\r\n");
    CHECK(agent.names() == "");
    CHECK(agent.brief() == "");
}

TEST_CASE("requests outside dialogs go to the engine and are answered", "[sip]") {
    const std::string method = GENERATE("OPTIONS", "REGISTER", "SUBSCRIBE", "MESSAGE");
    Agent agent;
    Peer peer;
    const auto request = peer.request(method);
    agent.take(request);
    const auto told = agent.told();
    REQUIRE(told.size() == 1);
    CHECK(told[0].name == "RequestArrived");
    agent.ua().respond(told[0].transaction, 200, {}, {}, {}, agent.now);
    agent.finish();
    const auto sent = agent.taken();
    REQUIRE(sent.size() == 1);
    CHECK(header(sent[0].bytes, Header::to).ends_with(";tag=" + told[0].text));
    CHECK(header(sent[0].bytes, Header::allow).empty() == (method != "OPTIONS"));
    agent.take(request);
    CHECK(agent.brief() == "200");  // 17.2.2: repeated by the transaction
    CHECK(agent.names() == "");
    agent.run_out();
    CHECK(agent.is_idle());
}

TEST_CASE("a subscription's dialog is the engine's: SUBSCRIBE with its tag is passed on", "[sip]") {
    Agent agent;
    Peer peer;
    peer.to_tag = "engines";
    agent.take(peer.request("SUBSCRIBE"));
    CHECK(agent.names() == "RequestArrived");
    agent.take(peer.request("MESSAGE"));
    CHECK(agent.names() == "MessageRefused");
}

TEST_CASE("a request the engine never answers ends by itself (RFC 4320 4.2)", "[sip]") {
    Agent agent;
    Peer peer;
    agent.take(peer.request("OPTIONS"));
    const auto id = agent.told().at(0).transaction;
    agent.run_out();
    CHECK(agent.is_idle());
    agent.ua().respond(id, 200, {}, {}, {}, agent.now);  // too late, and no harm
    agent.finish();
    CHECK(agent.brief() == "");
}

TEST_CASE("at the limit of transactions: 503 with Retry-After, stateless", "[sip]") {
    Agent agent;
    Peer peer;
    std::size_t refused = 0;
    for (std::size_t i = 0; i < limits::transactions + 100; ++i) {
        peer.call_id = "call-" + std::to_string(i);
        agent.take(peer.request("OPTIONS"));
        if (agent.seen.back().name == "MessageRefused") ++refused;
        agent.seen.clear();
        if (agent.sent.size() > 1) agent.sent.erase(agent.sent.begin());
    }
    CHECK(refused == limits::transactions / 2 + 100);
    const auto sent = agent.taken();
    CHECK(sent.back().bytes.starts_with("SIP/2.0 503"));
    CHECK(!header(sent.back().bytes, Header::retry_after).empty());
    CHECK(agent.ua().denied()[static_cast<std::size_t>(Denial::overload)] == refused);
    // Room is kept for requests within dialogs, and for our own.
    peer.to_tag = "engines";
    agent.take(peer.request("SUBSCRIBE"));
    CHECK(agent.seen.back().name == "RequestArrived");
    CHECK(agent.ua().invite(order_to(), agent.now));
    agent.finish();
    CHECK(agent.brief() == "INVITE");
    agent.run_out();
    CHECK(agent.is_idle());
}
