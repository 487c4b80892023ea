// Sessions that a test restarts wherever it says so: the user agent dies, and another takes up what
// the record held.
#pragma once
#include "unit/sip/agent.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <string_view>

namespace holdfast::sip::test {

/// A peer's call, restarted wherever the test says so.
struct Arrived {
    Agent agent;
    Peer peer;
    std::string invite = peer.request(
        "INVITE", "Supported: timer\r\nSession-Expires: 600;refresher=uac\r\n", sdp(1));
    SessionId session;

    Arrived() {
        agent.take(invite);
        session = agent.seen.back().session;
        agent.taken(), agent.told();
    }
    void restart() { agent.restart({session}); }
    void ring() {
        agent.ua().progress(session, 180, {}, agent.now);
        agent.finish();
        learn_tag();
    }
    void answer() {
        agent.ua().answer(session, sdp(1, "sendrecv", 9), {}, agent.now);
        agent.finish();
        learn_tag();
    }
    void ack() { agent.take(peer.request("ACK")); }
    void learn_tag() {
        Message message;
        REQUIRE(message.read(agent.sent.back().bytes));
        peer.to_tag = message.to_tag();
        agent.taken(), agent.told();
    }
    std::string within(std::string_view method, std::string_view body = {}) {
        ++peer.cseq;
        return peer.request(method, {}, body);
    }
    /// BYE works, and nothing is left.
    void hang_up() {
        agent.take(within("BYE"));
        CHECK(agent.brief() == "200");
        CHECK(agent.told().back().name == "SessionEnded");
        agent.run_out();
        CHECK(agent.is_idle());
    }
};

/// A call of ours.
struct Ours {
    Agent agent;
    Peer peer;
    SessionId session;
    std::string invite;

    explicit Ours(InviteOrder order = order_to()) {
        session = agent.ua().invite(order, agent.now);
        agent.finish();
        invite = agent.taken().at(0).bytes;
        Message message;
        REQUIRE(message.read(invite));
        peer.call_id = message.call_id();
        peer.to_tag = message.from_tag();
        peer.branch = 50;
    }
    void restart() { agent.restart({session}); }
    void respond(int status, std::string_view body = {}) {
        agent.take(peer.response(invite, status, {}, body));
    }
    void end() {
        agent.ua().end(session, {}, agent.now);
        agent.finish();
    }
    void finish_bye() {
        const auto bye = agent.taken().back().bytes;
        REQUIRE(bye.starts_with("BYE "));
        agent.take(peer.response(bye, 200));
        CHECK(agent.told().back().name == "SessionEnded");
        agent.run_out();
        CHECK(agent.is_idle());
    }
};

inline int cseq_of(const Transmit& transmit) {
    return std::stoi(header(transmit.bytes, Header::cseq));
}

}  // namespace holdfast::sip::test
