// The transaction layer on its own: RFC 3261 17, RFC 6026, and peers of RFC 2543.
#include "sip/transactions.hpp"

#include "unit/sip/agent.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::sip;
using namespace holdfast::sip::test;

namespace {

using What = RequestMatch::What;

struct Layer {
    std::unique_ptr<Deadlines> deadlines{new Deadlines};
    Random random = Random::from(2);
    Outbox outbox;
    Transactions transactions{TimerSpans{}, *deadlines, random, outbox};
    Instant now{10s};
    Message message;
    std::string bytes;

    Layer() { transactions.set_now(now); }
    const Message& read(std::string text) {
        bytes = std::move(text);
        REQUIRE(message.read(bytes));
        return message;
    }
    RequestMatch take(const std::string& text) { return transactions.take_request(read(text)); }
    TransactionId open(const std::string& text, const Hop& from = udp_hop(there)) {
        return transactions.open(read(text), from, "ours");
    }
    void respond(TransactionId id, int status) {
        transactions.begin(id, status).finish();
        transactions.commit(id);
    }
    /// Statuses and methods sent since the last call.
    std::string sent() {
        std::string out;
        for (const auto& transmit : outbox.take())
            out += (out.empty() ? "" : " ") +
                   (transmit.bytes.starts_with("SIP/2.0")
                        ? transmit.bytes.substr(8, 3)
                        : transmit.bytes.substr(0, transmit.bytes.find(' ')));
        return out;
    }
    void advance(Micros span) {
        const Instant then = now + span;
        while (const auto due = deadlines->pop(then)) {
            now = std::max(now, due->at);
            transactions.set_now(now);
            transactions.deadline(due->key);
        }
        now = then;
        transactions.set_now(now);
        transactions.sweep();
    }
};

/// A request as an element of RFC 2543 sends it: its branch means nothing.
std::string old_request(Peer& peer, std::string_view method) {
    return peer.request(method, {}, {}, "1");
}

}  // namespace

TEST_CASE("a request is known by branch, sent-by and method (17.2.3)", "[sip][transaction]") {
    Layer layer;
    Peer peer;
    const auto first = peer.request("OPTIONS", {}, {}, "z9hG4bKsame");
    const auto id = layer.open(first);
    CHECK(layer.take(first).transaction == id);
    CHECK(layer.take(peer.request("MESSAGE", {}, {}, "z9hG4bKsame")).what == What::fresh);
    auto elsewhere = peer;
    elsewhere.at.port = 5070;
    CHECK(layer.take(elsewhere.request("OPTIONS", {}, {}, "z9hG4bKsame")).what == What::fresh);
    auto cased = first;  // host names compare without case
    cased.replace(cased.find("192.0.2.21:5060;"), 16, "HOST.example:5060;");
    const auto named = layer.open(cased);
    cased.replace(cased.find("HOST"), 4, "host");
    CHECK(layer.take(cased).transaction == named);
}

TEST_CASE("INVITE of RFC 2543: known by its headers, ACK by the To tag (17.2.3)",
          "[sip][transaction]") {
    Layer layer;
    Peer peer;
    const auto invite = old_request(peer, "INVITE");
    const auto id = layer.open(invite);
    layer.respond(id, 486);
    CHECK(layer.take(invite).what == What::absorbed);
    CHECK(layer.sent() == "486 486");
    auto other = peer;
    other.cseq = 2;
    CHECK(layer.take(old_request(other, "INVITE")).what == What::fresh);
    // The ACK of another response is not this transaction's.
    auto wrong = peer;
    wrong.to_tag = "another";
    CHECK(layer.take(old_request(wrong, "ACK")).what == What::ack);
    peer.to_tag = "ours";
    CHECK(layer.take(old_request(peer, "ACK")).what == What::absorbed);
    layer.advance(500ms);
    CHECK(layer.sent() == "");  // the ACK was heard
}

TEST_CASE("a cookie with nothing behind it identifies nothing (RFC 4475 3.2.1)",
          "[sip][transaction]") {
    Layer layer;
    Peer peer;
    layer.open(peer.request("OPTIONS", {}, {}, "z9hG4bK"));
    auto other = peer;
    other.call_id = "other";
    CHECK(layer.take(other.request("OPTIONS", {}, {}, "z9hG4bK")).what == What::fresh);
}

TEST_CASE("the ACK of a 2xx goes to the user, with or without its own branch (RFC 6026)",
          "[sip][transaction]") {
    Layer layer;
    Peer peer;
    const auto id = layer.open(peer.request("INVITE"));
    layer.respond(id, 200);
    CHECK(layer.take(peer.request("ACK")).transaction == TransactionId{});
    const auto old = layer.take(peer.request("ACK", {}, {}, "z9hG4bK-p1"));
    CHECK(old.what == What::ack);
    CHECK(old.transaction == id);
    // A repeated INVITE is absorbed; the user repeats its 2xx by itself.
    layer.sent();
    CHECK(layer.take(peer.request("INVITE", {}, {}, "z9hG4bK-p1")).what == What::absorbed);
    CHECK(layer.sent() == "");
    layer.transactions.resend(id);
    CHECK(layer.sent() == "200");
    layer.advance(32s);  // timer L
    CHECK(layer.transactions.servers() == 0);
}

TEST_CASE("a refusal is repeated by timer G until timer H (17.2.1)", "[sip][transaction]") {
    Layer layer;
    Peer peer;
    layer.respond(layer.open(peer.request("INVITE")), 486);
    layer.sent();
    layer.advance(500ms + 1s + 2s + 4s + 4s);
    CHECK(layer.sent() == "486 486 486 486 486");
    layer.advance(32s);
    CHECK(layer.transactions.servers() == 0);
    CHECK(layer.deadlines->size() == 0);
}

TEST_CASE("timer I absorbs repeated ACKs for T4 (17.2.1)", "[sip][transaction]") {
    Layer layer;
    Peer peer;
    layer.respond(layer.open(peer.request("INVITE")), 486);
    const auto ack = peer.request("ACK", {}, {}, "z9hG4bK-p1");
    layer.take(ack);
    layer.advance(4'999ms);
    CHECK(layer.take(ack).what == What::absorbed);
    layer.advance(1ms);
    CHECK(layer.take(ack).what == What::ack);
    CHECK(layer.transactions.servers() == 0);
}

TEST_CASE("timer J absorbs repeated requests for 64 T1 (17.2.2)", "[sip][transaction]") {
    Layer layer;
    Peer peer;
    const auto request = peer.request("OPTIONS");
    layer.respond(layer.open(request), 200);
    layer.advance(31'999ms);
    CHECK(layer.take(request).what == What::absorbed);
    CHECK(layer.sent() == "200 200");
    layer.advance(1ms);
    CHECK(layer.take(request).what == What::fresh);
}

TEST_CASE("on TCP nothing is repeated and nothing lingers (17.1.1.2 and on)",
          "[sip][transaction]") {
    Layer layer;
    Peer peer;
    const Hop flow = tcp_hop(there, 4);
    layer.respond(layer.open(peer.request("INVITE"), flow), 486);
    layer.advance(10s);
    CHECK(layer.sent() == "486");
    layer.take(peer.request("ACK", {}, {}, "z9hG4bK-p1"));
    layer.advance(0s);  // timer I
    CHECK(layer.transactions.servers() == 0);
    layer.respond(layer.open(peer.request("OPTIONS"), flow), 200);
    layer.advance(0s);  // timer J
    CHECK(layer.transactions.servers() == 0);
}

TEST_CASE("a response of ours goes where its request came from", "[sip][transaction]") {
    Layer layer;
    Peer peer;
    const Hop nat = udp_hop({IpAddress::v4(203, 0, 113, 9), 40'000});
    layer.respond(layer.open(peer.request("OPTIONS"), nat), 200);
    CHECK(layer.outbox.take().at(0).hop == nat);  // it asked for rport
}

TEST_CASE("what both sides of a merge have in common (8.2.2.2)", "[sip][transaction]") {
    Layer layer;
    Peer peer;
    layer.open(peer.request("INVITE"));
    CHECK(layer.transactions.merged(layer.read(peer.request("INVITE"))));
    auto within = peer;
    within.to_tag = "x";
    CHECK_FALSE(layer.transactions.merged(layer.read(within.request("INVITE"))));
    peer.cseq = 2;
    CHECK_FALSE(layer.transactions.merged(layer.read(peer.request("INVITE"))));
}

TEST_CASE("a closed connection fails what waits on it and nothing else (8.1.3.1)",
          "[sip][transaction]") {
    Layer layer;
    const auto send = [&](const Hop& hop) {
        const auto branch = layer.transactions.new_branch();
        return layer.transactions.send(Method::options, branch, {hop, "x", {}}, Owner{});
    };
    const auto lost = send(tcp_hop(there, 4));
    send(tcp_hop(there, 5));
    send(udp_hop(there));
    const auto news = layer.transactions.flow_closed(FlowId{4});
    REQUIRE(news.size() == 1);
    CHECK(news[0].client == lost);
    CHECK(news[0].what == ClientNews::What::unsent);
    CHECK(layer.transactions.transport_failed(udp_hop(there)).size() == 1);
    layer.transactions.sweep();
    CHECK(layer.transactions.clients() == 1);
}

TEST_CASE("branches cannot be guessed and begin with the cookie (8.1.1.7)", "[sip][transaction]") {
    Layer layer;
    const auto a = layer.transactions.new_branch(), b = layer.transactions.new_branch();
    CHECK(a != b);
    CHECK(a.starts_with("z9hG4bK"));
    CHECK(a.size() == 7 + 24);  // 96 random bits
}
