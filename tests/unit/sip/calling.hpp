// unit/sip/calling.hpp: a call of ours, and its peer.
#pragma once
#include "unit/sip/agent.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <string_view>

namespace holdfast::sip::test {

/// A call of ours whose INVITE was sent.
struct Calling {
    Agent agent;
    Peer peer;
    SessionId session;
    std::string invite;

    explicit Calling(InviteOrder order = order_to()) {
        session = agent.ua().invite(order, agent.now);
        agent.finish();
        invite = agent.taken().at(0).bytes;
    }
    void respond(int status,
                 std::string_view extra = {},
                 std::string_view body = {},
                 std::string_view tag = {}) {
        agent.take(peer.response(invite, status, extra, body, tag));
    }
    void connect() {
        respond(200, {}, sdp(5));
        agent.taken(), agent.told();
    }
    void end(std::string_view reason = {}) {
        agent.ua().end(session, reason, agent.now);
        agent.finish();
    }
    /// A request of the peer in the dialog that its 2xx made.
    std::string request(std::string_view method, int cseq, std::string_view body = {}) {
        Peer within = peer;
        Message asked;
        REQUIRE(asked.read(invite));
        within.call_id = asked.call_id();
        within.to_tag = asked.from_tag();
        within.cseq = cseq;
        within.branch = 100 * cseq;
        return within.request(method, {}, body);
    }
    void run_out() {
        agent.run_out();
        CHECK(agent.is_idle());
    }
};

/// A call of ours whose peer wants its progress to arrive.
struct Assured : Calling {
    using Calling::Calling;
    void assured(int rseq,
                 std::string_view body = {},
                 std::string_view tag = {},
                 int status = 183) {
        agent.take(peer.response(
            invite, status, fmt::format("Require: 100rel\r\nRSeq: {}\r\n", rseq), body, tag));
    }
};

}  // namespace holdfast::sip::test
