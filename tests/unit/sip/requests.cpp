// Requests of ours outside sessions, and challenges to any request: RFC 3261 8.1, 17.1.2, 22.
#include "unit/sip/agent.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::sip;
using namespace holdfast::sip::test;

namespace {

constexpr std::string_view asked =
    "WWW-Authenticate: Digest realm=\"trunk.example\", nonce=\"n1\", algorithm=SHA-256, "
    "qop=\"auth\"\r\n"
    "WWW-Authenticate: Digest realm=\"trunk.example\", nonce=\"n1\", algorithm=MD5, "
    "qop=\"auth\"\r\n";
constexpr std::string_view stale =
    "WWW-Authenticate: Digest realm=\"trunk.example\", nonce=\"n2\", algorithm=SHA-256, "
    "qop=\"auth\", stale=true\r\n";

RequestOrder options() {
    RequestOrder order;
    order.request_uri = "sip:192.0.2.21";
    order.target = udp_hop(there);
    order.from_uri = "sip:acd@acd.example.net";
    order.to_uri = "sip:192.0.2.21";
    order.credentials = {"acd", "secret", "trunk.example"};
    return order;
}

InviteOrder known_call() {
    auto order = order_to();
    order.credentials = {"acd", "secret", "trunk.example"};
    return order;
}

}  // namespace

TEST_CASE("a request is repeated by timer E until timer F, then 408 (17.1.2.2)", "[sip]") {
    Agent agent;
    const auto id = agent.ua().request(options(), agent.now);
    agent.finish();
    agent.advance(500ms + 1s + 2s + 4s + 4s);
    CHECK(agent.brief() == "OPTIONS OPTIONS OPTIONS OPTIONS OPTIONS OPTIONS");
    agent.run_out();
    REQUIRE(agent.seen.size() == 1);
    CHECK(agent.seen[0].request == id);
    CHECK(agent.seen[0].status == 408);
    CHECK(agent.is_idle());
}

TEST_CASE("after a provisional response timer E is T2 (17.1.2.2)", "[sip]") {
    Agent agent;
    Peer peer;
    agent.ua().request(options(), agent.now);
    agent.finish();
    agent.take(peer.response(agent.taken().at(0).bytes, 100));
    agent.advance(500ms);
    CHECK(agent.brief() == "OPTIONS");
    agent.advance(3'999ms);
    CHECK(agent.brief() == "");
    agent.advance(1ms);
    CHECK(agent.brief() == "OPTIONS");
}

TEST_CASE("a challenge is answered once per nonce, again when it was stale", "[sip]") {
    Agent agent;
    Peer peer;
    agent.ua().request(options(), agent.now);
    agent.finish();
    const auto first = agent.taken().at(0).bytes;
    agent.take(peer.response(first, 401, asked));
    auto sent = agent.taken();
    REQUIRE(sent.size() == 1);
    const auto answer = header(sent[0].bytes, Header::authorization);
    CHECK(answer.find("algorithm=SHA-256") != std::string::npos);  // RFC 8760 2.4
    CHECK(answer.find("nc=00000001") != std::string::npos);
    // 22.2: the CSeq number grows, the Call-ID and From stay.
    CHECK(std::stoi(header(sent[0].bytes, Header::cseq)) ==
          std::stoi(header(first, Header::cseq)) + 1);
    CHECK(header(sent[0].bytes, Header::call_id) == header(first, Header::call_id));
    CHECK(header(sent[0].bytes, Header::from) == header(first, Header::from));
    agent.take(peer.response(sent[0].bytes, 401, stale));
    sent = agent.taken();
    REQUIRE(sent.size() == 1);
    CHECK(header(sent[0].bytes, Header::authorization).find("\"n2\"") != std::string::npos);
    agent.take(peer.response(sent[0].bytes, 401, asked));
    CHECK(agent.brief() == "");
    CHECK(agent.told().at(0).status == 401);
    agent.run_out();
    CHECK(agent.is_idle());
}

TEST_CASE("a server that calls every nonce stale is left", "[sip]") {
    Agent agent;
    Peer peer;
    agent.ua().request(options(), agent.now);
    agent.finish();
    int tries = 0;
    for (auto sent = agent.taken(); !sent.empty(); sent = agent.taken(), ++tries) {
        const auto nonce = fmt::format(
            "WWW-Authenticate: Digest realm=\"trunk.example\", nonce=\"s{}\", qop=\"auth\", "
            "stale=true\r\n",
            tries);
        agent.take(peer.response(sent[0].bytes, 401, nonce));
    }
    CHECK(tries == 5);
    CHECK(agent.names() == "RequestAnswered");
}

TEST_CASE("credentials are for their realm, and for whom we asked", "[sip]") {
    Agent agent;
    Peer peer;
    agent.ua().request(options(), agent.now);
    agent.finish();
    const auto request = agent.taken().at(0).bytes;
    SECTION("another realm") {
        agent.take(peer.response(
            request,
            401,
            "WWW-Authenticate: Digest realm=\"evil\", nonce=\"n\", qop=\"auth\"\r\n"));
    }
    SECTION("another address") {
        agent.take(peer.response(request, 401, asked),
                   udp_hop({IpAddress::v4(203, 0, 113, 7), 5060}));
    }
    SECTION("another scheme") {
        agent.take(peer.response(request, 401, "WWW-Authenticate: Basic realm=\"x\"\r\n"));
    }
    SECTION("auth-int alone") {
        agent.take(peer.response(request,
                                 401,
                                 "WWW-Authenticate: Digest realm=\"trunk.example\", nonce=\"n\", "
                                 "qop=\"auth-int\"\r\n"));
    }
    CHECK(agent.brief() == "");
    CHECK(agent.told().at(0).status == 401);
}

TEST_CASE("a challenged INVITE goes again; its ACK has the same credentials", "[sip]") {
    Agent agent;
    Peer peer;
    agent.ua().invite(known_call(), agent.now);
    agent.finish();
    const auto first = agent.taken().at(0).bytes;
    agent.take(peer.response(
        first,
        407,
        "Proxy-Authenticate: Digest realm=\"trunk.example\", nonce=\"p\", qop=\"auth\"\r\n"));
    auto sent = agent.taken();
    REQUIRE(sent.size() == 2);
    CHECK(sent[0].bytes.starts_with("ACK "));
    const auto second = sent[1].bytes;
    const auto answer = header(second, Header::proxy_authorization);
    CHECK(!answer.empty());
    CHECK(body(second) == body(first));
    CHECK(agent.names() == "");
    agent.take(peer.response(second, 200, {}, sdp(5)));
    sent = agent.taken();
    REQUIRE(sent.size() == 1);
    CHECK(header(sent[0].bytes, Header::proxy_authorization) == answer);  // 13.2.2.4
}

TEST_CASE("in-dialog challenges: answered in our calls, never in those that came", "[sip]") {
    Agent agent;
    Peer peer;
    SECTION("a call of ours with credentials") {
        const auto session = agent.ua().invite(known_call(), agent.now);
        agent.finish();
        agent.take(peer.response(agent.taken().at(0).bytes, 200, {}, sdp(5)));
        agent.taken();
        agent.ua().end(session, {}, agent.now);
        agent.finish();
        const auto bye = agent.taken().at(0).bytes;
        agent.take(peer.response(bye, 401, asked));
        const auto sent = agent.taken();
        REQUIRE(sent.size() == 1);
        CHECK(sent[0].bytes.starts_with("BYE "));
        CHECK(!header(sent[0].bytes, Header::authorization).empty());
        agent.take(peer.response(sent[0].bytes, 200));
    }
    SECTION("a call that came: the digest leak") {
        agent.take(peer.request("INVITE", {}, sdp(1)));
        const auto session = agent.seen.back().session;
        agent.ua().answer(session, sdp(2), {}, agent.now);
        agent.finish();
        Message ok;
        REQUIRE(ok.read(agent.sent.back().bytes));
        peer.to_tag = ok.to_tag();
        agent.take(peer.request("ACK"));
        agent.taken();
        agent.ua().end(session, {}, agent.now);
        agent.finish();
        const auto bye = agent.taken().at(0).bytes;
        agent.take(peer.response(bye, 407, asked));
        CHECK(agent.brief() == "");
    }
    CHECK(agent.seen.back().name == "SessionEnded");
    agent.run_out();
    CHECK(agent.is_idle());
}
