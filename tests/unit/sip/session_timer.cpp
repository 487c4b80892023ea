// Session timers: RFC 4028, the rules alone and within calls.
#include "sip/session_timer.hpp"

#include "unit/sip/agent.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::sip;
using namespace holdfast::sip::test;

namespace {

using enum SessionExpires::Refresher;

/// What `fields` of an INVITE say of its session timer.
TimerWish wish_of(std::string_view fields) {
    Peer peer;
    const auto text = peer.request("INVITE", fields);
    Message message;
    REQUIRE(message.read(text));
    return *timer_wish(message);
}

}  // namespace

TEST_CASE("the UAS's answer to a session timer (RFC 4028 9, table 2)", "[sip]") {
    struct Case {
        std::string_view fields;
        bool too_small;
        std::uint32_t interval;
        Refresher refresher;
    };
    const auto c = GENERATE(
        // Neither side asks and the peer does not know it: no timer.
        Case{"", false, 0, none},
        // The peer knows it: we ask, and refresh ourselves.
        Case{"Supported: timer\r\n", false, 1800, uas},
        Case{"Supported: timer\r\nSession-Expires: 900\r\n", false, 900, uas},
        Case{"Supported: timer\r\nSession-Expires: 900;refresher=uac\r\n", false, 900, uac},
        Case{"Supported: timer\r\nSession-Expires: 900;refresher=uas\r\n", false, 900, uas},
        // A proxy asked for a peer that cannot refresh.
        Case{"Session-Expires: 900;refresher=uac\r\n", false, 900, uas},
        // Never more than we accept; never less than Min-SE of either side.
        Case{"Supported: timer\r\nSession-Expires: 7200\r\n", false, 1800, uas},
        Case{"Supported: timer\r\nSession-Expires: 7200\r\nMin-SE: 3600\r\n", false, 3600, uas},
        Case{"Supported: timer\r\nSession-Expires: 60\r\n", true, 0, uas},
        // Who does not know the extension does not know 422.
        Case{"Session-Expires: 60\r\n", false, 90, uas});
    CAPTURE(c.fields);
    const auto answer = answer_timer(wish_of(c.fields), {1800, 90});
    CHECK(answer.too_small == c.too_small);
    CHECK(answer.refresher == c.refresher);
    if (!c.too_small) CHECK(answer.interval_s == c.interval);
}

TEST_CASE("when refresh and end are due (RFC 4028 10)", "[sip]") {
    RefreshTerms terms;
    const Instant now{100s};
    agree(terms, 1800, true, now);
    CHECK(terms.due == now + 900s);
    CHECK(terms.expires == now + 1800s);
    agree(terms, 1800, false, now);  // 32 s before the end, or a third of a short interval
    CHECK(terms.due == never);
    CHECK(terms.expires == now + 1768s);
    agree(terms, 90, false, now);
    CHECK(terms.expires == now + 60s);
    agree(terms, 0, true, now);
    CHECK(terms.expires == never);
    CHECK_FALSE(terms.by_us);
}

TEST_CASE("an INVITE with a small interval gets 422 and our Min-SE", "[sip]") {
    Agent agent;
    Peer peer;
    agent.take(peer.request("INVITE", "Supported: timer\r\nSession-Expires: 60\r\n", sdp(1)));
    const auto sent = agent.taken();
    REQUIRE(sent.size() == 1);
    CHECK(sent[0].bytes.starts_with("SIP/2.0 422"));
    CHECK(header(sent[0].bytes, Header::min_se) == "90");
    CHECK(agent.names() == "MessageRefused");
}

namespace {

/// A call that arrived with `fields` and was answered and acknowledged.
struct TimedCall {
    Agent agent;
    Peer peer;
    SessionId session;
    std::string ok;

    explicit TimedCall(std::string_view fields) {
        agent.take(peer.request("INVITE", fields, sdp(1)));
        session = agent.seen.back().session;
        agent.ua().answer(session, sdp(1, "sendrecv", 9), {}, agent.now);
        agent.finish();
        ok = agent.sent.back().bytes;
        Message message;
        REQUIRE(message.read(ok));
        peer.to_tag = message.to_tag();
        agent.take(peer.request("ACK"));
        agent.taken(), agent.told();
    }
};

constexpr std::string_view with_update =
    "Supported: timer\r\nAllow: INVITE, ACK, BYE, UPDATE\r\nSession-Expires: 600\r\n";
constexpr std::string_view without_update =
    "Supported: timer\r\nAllow: INVITE, ACK, BYE\r\nSession-Expires: 600\r\n";

}  // namespace

TEST_CASE("we refresh at half the interval by an UPDATE without offer (7.4)", "[sip]") {
    TimedCall call{with_update};
    CHECK(header(call.ok, Header::session_expires) == "600;refresher=uas");
    CHECK(header(call.ok, Header::require) == "timer");
    call.agent.advance(299s);
    CHECK(call.agent.brief() == "");
    call.agent.advance(1s);
    const auto sent = call.agent.taken();
    REQUIRE(sent.size() == 1);
    CHECK(sent[0].bytes.starts_with("UPDATE "));
    CHECK(body(sent[0].bytes).empty());
    // Of this request we are the UAC.
    CHECK(header(sent[0].bytes, Header::session_expires) == "600;refresher=uac");
    call.agent.take(call.peer.response(
        sent[0].bytes, 200, "Session-Expires: 600;refresher=uac\r\nRequire: timer\r\n"));
    call.agent.advance(300s);
    CHECK(call.agent.brief() == "UPDATE");
    CHECK(call.agent.names() == "");
}

TEST_CASE("without UPDATE we refresh by a re-INVITE with the same SDP (7.4)", "[sip]") {
    TimedCall call{without_update};
    call.agent.advance(300s);
    const auto sent = call.agent.taken();
    REQUIRE(sent.size() == 1);
    CHECK(sent[0].bytes.starts_with("INVITE "));
    CHECK(body(sent[0].bytes) == sdp(1, "sendrecv", 9));
    call.agent.take(
        call.peer.response(sent[0].bytes, 200, "Session-Expires: 600;refresher=uac\r\n", sdp(1)));
    CHECK(call.agent.brief() == "ACK");
    CHECK(call.agent.names() == "");  // nothing changed, nothing to tell
}

TEST_CASE("a peer that refuses UPDATE is asked by re-INVITE", "[sip]") {
    TimedCall call{with_update};
    call.agent.advance(300s);
    call.agent.take(call.peer.response(call.agent.taken().at(0).bytes, 501));
    call.agent.advance(1ms);
    CHECK(call.agent.brief() == "INVITE");
}

TEST_CASE("a refresh nobody answers ends the call (10)", "[sip]") {
    TimedCall call{with_update};
    call.agent.advance(300s + 32s);
    REQUIRE(call.agent.seen.size() == 1);
    CHECK(call.agent.seen[0].cause == EndCause::gone);
    CHECK(call.agent.sent.back().bytes.starts_with("BYE "));
    call.agent.run_out();
    CHECK(call.agent.is_idle());
}

TEST_CASE("a refused refresh is tried again, and the end comes at the interval", "[sip]") {
    TimedCall call{with_update};
    call.agent.advance(300s);
    for (int i = 0; i < 30 && call.agent.seen.empty(); ++i) {
        for (const auto& transmit : call.agent.taken())
            if (transmit.bytes.starts_with("UPDATE "))
                call.agent.take(call.peer.response(transmit.bytes, 500));
        call.agent.advance(10s);
    }
    REQUIRE(call.agent.seen.size() == 1);
    CHECK(call.agent.seen[0].cause == EndCause::session_expired);
    CHECK(call.agent.seen[0].at == Instant{10s} + 600s);
}

TEST_CASE("a peer that does not refresh loses the call a little early (10)", "[sip]") {
    TimedCall call{"Supported: timer\r\nSession-Expires: 600;refresher=uac\r\n"};
    call.agent.advance(567s);
    CHECK(call.agent.brief() == "");
    call.agent.advance(1s);
    CHECK(call.agent.brief() == "BYE");
    CHECK(call.agent.seen.at(0).cause == EndCause::session_expired);
}

TEST_CASE("the peer's refresh keeps the session", "[sip]") {
    TimedCall call{"Supported: timer\r\nSession-Expires: 600;refresher=uac\r\n"};
    for (int i = 0; i < 4; ++i) {
        call.agent.advance(400s);
        ++call.peer.cseq;
        call.agent.take(call.peer.request(
            "UPDATE", "Supported: timer\r\nSession-Expires: 600;refresher=uac\r\n"));
        const auto sent = call.agent.taken();
        REQUIRE(sent.size() == 1);
        CHECK(header(sent[0].bytes, Header::session_expires) == "600;refresher=uac");
    }
    CHECK(call.agent.names() == "");
}

TEST_CASE("our INVITE takes a 422 for a longer interval (7.3)", "[sip]") {
    Agent agent;
    Peer peer;
    auto order = order_to();
    const auto session = agent.ua().invite(order, agent.now);
    agent.finish();
    const auto first = agent.taken().at(0).bytes;
    agent.take(peer.response(first, 422, "Min-SE: 3600\r\n"));
    auto sent = agent.taken();
    REQUIRE(sent.size() == 2);
    CHECK(header(sent[1].bytes, Header::session_expires) == "3600");
    CHECK(header(sent[1].bytes, Header::min_se) == "3600");
    CHECK(std::stoi(header(sent[1].bytes, Header::cseq)) ==
          std::stoi(header(first, Header::cseq)) + 1);
    // A second 422 that asks for no more is a refusal.
    agent.take(peer.response(sent[1].bytes, 422, "Min-SE: 3600\r\n"));
    CHECK(agent.seen.at(0).status == 422);
    CHECK(agent.seen.at(0).session == session);
}

TEST_CASE("the caller's part is what the 2xx says (7.2)", "[sip]") {
    struct Case {
        std::string_view fields;
        Micros until;
        std::string_view sent;
    };
    const auto c = GENERATE(Case{"Session-Expires: 600;refresher=uac\r\n", 300s, "INVITE"},
                            Case{"Session-Expires: 600;refresher=uas\r\n", 568s, "BYE"},
                            Case{"", 5000s, ""});
    CAPTURE(c.fields);
    Agent agent;
    Peer peer;
    agent.ua().invite(order_to(), agent.now);
    agent.finish();
    agent.take(peer.response(agent.taken().at(0).bytes, 200, c.fields, sdp(5)));
    agent.taken();
    agent.advance(c.until);
    CHECK(agent.brief() == c.sent);
}
