// Provisional responses that must arrive: RFC 3262, as who is called and as who calls.
#include "unit/sip/calling.hpp"
#include "unit/sip/restarted.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::sip;
using namespace holdfast::sip::test;

namespace {

const std::string ours = sdp(1, "sendrecv", 9);

/// A peer that requires what we say to arrive.
struct Required {
    Agent agent;
    Peer peer;
    std::string invite;
    SessionId session;

    explicit Required(std::string_view extra = "Require: 100rel\r\n",
                      std::string_view offer = "default") {
        invite = peer.request("INVITE", extra, offer == "default" ? sdp(1) : std::string{offer});
        agent.take(invite);
        session = agent.seen.back().session;
        agent.taken(), agent.told();
    }
    void progress(int status = 180, std::string_view text = {}) {
        agent.ua().progress(session, status, text, agent.now);
        agent.finish();
        learn_tag();
    }
    void answer(std::string_view text = ours) {
        agent.ua().answer(session, text, {}, agent.now);
        agent.finish();
        learn_tag();
    }
    void learn_tag() {
        Message message;
        if (agent.sent.empty() || !message.read(agent.sent.back().bytes)) return;
        if (!message.to_tag().empty()) peer.to_tag = message.to_tag();
    }
    std::uint32_t rseq() const {
        const auto value = header(agent.sent.back().bytes, Header::rseq);
        return value.empty() ? 0 : static_cast<std::uint32_t>(std::stoul(value));
    }
    void prack(std::uint32_t number, std::string_view body = {}, int invite_cseq = 1) {
        ++peer.cseq;
        agent.take(peer.request(
            "PRACK", fmt::format("RAck: {} {} INVITE\r\n", number, invite_cseq), body));
    }
    void ack(std::string_view body = {}) {
        const int cseq = std::exchange(peer.cseq, 1);
        agent.take(peer.request("ACK", {}, body));
        peer.cseq = cseq;
    }
};

}  // namespace

TEST_CASE("whoever does not require it gets provisional responses once", "[sip][prack]") {
    Required call{"Supported: 100rel\r\n"};
    call.progress();
    CHECK(header(call.agent.sent.back().bytes, Header::rseq).empty());
    call.agent.taken();
    call.agent.advance(40s);
    CHECK(call.agent.brief() == "");
}

TEST_CASE("who wants them to arrive asks for it wherever the peer can (3)", "[sip][prack]") {
    auto settings = settings_at(here);
    settings.assures = true;
    Agent agent{settings, 1};
    Peer peer;
    agent.take(peer.request("INVITE", "Supported: timer, 100rel\r\n", sdp(1)));
    agent.ua().progress(agent.seen.back().session, 180, {}, agent.now);
    agent.finish();
    CHECK(header(agent.sent.back().bytes, Header::require) == "100rel");
}

TEST_CASE("a provisional response is repeated from T1, doubling, until its PRACK (3)",
          "[sip][prack]") {
    Required call;
    call.progress();
    CHECK(header(call.agent.sent.back().bytes, Header::require) == "100rel");
    const auto rseq = call.rseq();
    REQUIRE(rseq != 0);
    call.agent.taken();
    // 500 ms, 1 s, 2 s, 4 s, 8 s: no bound at T2.
    call.agent.advance(15'499ms);
    CHECK(call.agent.brief() == "180 180 180 180");
    call.agent.advance(1ms);
    CHECK(call.agent.brief() == "180");
    call.prack(rseq);
    CHECK(call.agent.brief() == "200");
    call.agent.advance(30s);
    CHECK(call.agent.brief() == "");
    // 13.3.1.1: the one that no proxy may miss is a new one.
    call.agent.advance(14'600ms);
    REQUIRE(call.agent.sent.size() == 1);
    CHECK(call.rseq() == rseq + 1);
}

TEST_CASE("a PRACK that means nothing gets 481, one that makes no sense 400 (3)", "[sip][prack]") {
    Required call;
    call.progress();
    const auto rseq = call.rseq();
    call.agent.taken();
    SECTION("another response") {
        call.prack(rseq + 1);
        CHECK(call.agent.brief() == "481");
    }
    SECTION("another request") {
        call.prack(rseq, {}, 7);
        CHECK(call.agent.brief() == "481");
    }
    SECTION("once more") {
        call.prack(rseq);
        call.prack(rseq);
        CHECK(call.agent.brief() == "200 481");
    }
    SECTION("no RAck") {
        ++call.peer.cseq;
        call.agent.take(call.peer.request("PRACK"));
        CHECK(call.agent.brief() == "400");
    }
}

TEST_CASE("without a PRACK for 64 T1 the INVITE gets 504 (3)", "[sip][prack]") {
    Required call;
    call.progress(183, ours);
    if (GENERATE(false, true)) call.answer();  // it had to wait
    call.agent.advance(32s);
    CHECK(call.agent.sent.back().bytes.starts_with("SIP/2.0 504"));
    REQUIRE(call.agent.seen.size() == 1);
    CHECK(call.agent.seen.back().name == "SessionEnded");
    CHECK(call.agent.seen.back().cause == EndCause::no_ack);
}

TEST_CASE("a second one waits for the first, and the last one counts (3)", "[sip][prack]") {
    Required call;
    call.progress(180);
    const auto rseq = call.rseq();
    call.progress(183, ours);
    call.progress(181);
    CHECK(call.agent.brief() == "180");
    call.prack(rseq);
    const auto sent = call.agent.taken();
    REQUIRE(sent.size() == 2);
    CHECK(sent[0].bytes.starts_with("SIP/2.0 200"));
    CHECK(sent[1].bytes.starts_with("SIP/2.0 181"));
    CHECK(header(sent[1].bytes, Header::rseq) == std::to_string(rseq + 1));
    CHECK(body(sent[1].bytes) == ours);  // what is heard early is not lost
}

TEST_CASE("200 waits while a description is under way, and does not repeat it (3, 5)",
          "[sip][prack]") {
    Required call;
    call.progress(183, ours);
    const auto rseq = call.rseq();
    call.agent.taken();
    call.answer();
    CHECK(call.agent.brief() == "");
    call.prack(rseq);
    const auto sent = call.agent.taken();
    REQUIRE(sent.size() == 2);
    CHECK(sent[1].bytes.starts_with("SIP/2.0 200"));
    CHECK(header(sent[1].bytes, Header::cseq) == "1 INVITE");
    CHECK(body(sent[1].bytes).empty());
    call.ack();
    CHECK(call.agent.names() == "SessionAcked");
    CHECK(call.agent.ua().record(call.session)->local_sdp == ours);
    CHECK(call.agent.ua().record(call.session)->remote_sdp == sdp(1));
}

TEST_CASE("another description than the early one is said by re-INVITE", "[sip][prack]") {
    Required call;
    call.progress(183, ours);
    call.prack(call.rseq());
    call.answer(sdp(2, "sendrecv", 9));
    call.agent.taken();
    call.ack();
    REQUIRE(call.agent.sent.size() == 1);
    CHECK(call.agent.sent[0].bytes.starts_with("INVITE "));
    CHECK(body(call.agent.sent[0].bytes) == sdp(2, "sendrecv", 9));
}

TEST_CASE("200 does not wait where none is; the PRACK may come later (3)", "[sip][prack]") {
    Required call;
    call.progress();
    const auto rseq = call.rseq();
    call.agent.taken();
    call.answer();
    CHECK(call.agent.brief() == "200");
    call.agent.advance(1s);
    CHECK(call.agent.brief() == "200");  // the 180 is not repeated any more
    call.ack();
    call.prack(rseq);
    CHECK(call.agent.brief() == "200");
    call.prack(rseq);
    CHECK(call.agent.brief() == "481");
}

TEST_CASE("a refusal and a CANCEL wait for no PRACK (3)", "[sip][prack]") {
    Required call;
    call.progress(183, ours);
    call.agent.taken(), call.agent.told();
    if (GENERATE(false, true)) {
        call.agent.ua().refuse(call.session, 486, {}, call.agent.now);
        call.agent.finish();
        CHECK(call.agent.brief() == "486");
    } else {
        call.peer.to_tag.clear();
        call.agent.take(call.peer.request("CANCEL", {}, {}, "z9hG4bK-p1"));
        CHECK(call.agent.brief() == "200 487");
    }
    call.agent.run_out();
    CHECK(call.agent.is_idle());
}

TEST_CASE("an INVITE without an offer: ours is in the 183, the answer in the PRACK (5)",
          "[sip][prack]") {
    Required call{"Require: 100rel\r\n", ""};
    call.progress(183, ours);
    const auto rseq = call.rseq();
    call.prack(rseq, sdp(4));
    REQUIRE(call.agent.seen.size() == 1);
    CHECK(call.agent.seen[0].name == "SessionAcked");
    CHECK(call.agent.seen[0].sdp == sdp(4));
    call.agent.taken();
    call.answer();
    CHECK(body(call.agent.sent.back().bytes).empty());
    call.ack();
    CHECK(call.agent.ua().record(call.session)->remote_sdp == sdp(4));
}

TEST_CASE("a PRACK or an UPDATE may bring the next offer before the 200 (5, RFC 3311 5.2)",
          "[sip][prack]") {
    Required call;
    call.progress(183, ours);
    const auto rseq = call.rseq();
    call.agent.taken();
    const bool by_prack = GENERATE(true, false);
    if (by_prack) {
        call.answer();  // waits
        call.prack(rseq, sdp(2));
    } else {
        call.prack(rseq);
        call.agent.taken();
        ++call.peer.cseq;
        call.agent.take(call.peer.request("UPDATE", {}, sdp(2)));
    }
    REQUIRE(call.agent.seen.size() == 1);
    CHECK(call.agent.seen[0].name == "OfferArrived");
    CHECK(call.agent.brief() == "");
    const auto answered = sdp(2, "sendrecv", 9);
    call.agent.ua().accept_offer(call.session, answered, call.agent.now);
    call.agent.finish();
    const auto sent = call.agent.taken();
    REQUIRE(sent.size() == (by_prack ? 2 : 1));
    CHECK(body(sent[0].bytes) == answered);
    CHECK(header(sent[0].bytes, Header::cseq).ends_with(by_prack ? "PRACK" : "UPDATE"));
    if (by_prack) CHECK(sent[1].bytes.starts_with("SIP/2.0 200"));
}

TEST_CASE("what awaits a PRACK does so in the next life", "[sip][prack][restart]") {
    Required call;
    call.progress(183, ours);
    const auto rseq = call.rseq();
    const bool answered = GENERATE(false, true);
    if (answered) call.answer();
    call.agent.taken();
    call.agent.restart({call.session});
    call.agent.taken();
    call.agent.advance(500ms);
    CHECK(call.agent.brief() == "183");
    call.prack(rseq);
    CHECK(call.agent.brief() == (answered ? "200 200" : "200"));
}

TEST_CASE("a provisional response that must arrive gets a PRACK in its dialog (4)",
          "[sip][prack]") {
    Assured call;
    CHECK(header(call.invite, Header::supported).find("100rel") != std::string::npos);
    call.agent.take(call.peer.response(
        call.invite,
        183,
        "Require: 100rel\r\nRSeq: 813520\r\nRecord-Route: <sip:192.0.2.99;lr>\r\n",
        sdp(4)));
    const auto sent = call.agent.taken();
    REQUIRE(sent.size() == 1);
    const auto& prack = sent[0].bytes;
    CHECK(prack.starts_with("PRACK sip:2101@192.0.2.21:5060 SIP/2.0\r\n"));
    const auto cseq = cseq_of({{}, call.invite, {}});
    CHECK(header(prack, Header::rack) == fmt::format("813520 {} INVITE", cseq));
    CHECK(cseq_of(sent[0]) > cseq);
    CHECK(header(prack, Header::route) == "<sip:192.0.2.99;lr>");
    CHECK(header(prack, Header::to).ends_with(";tag=ph42"));
    CHECK(sent[0].hop.remote.address == IpAddress::v4(192, 0, 2, 99));
    CHECK(call.agent.names() == "SessionRang");
    // The answer was in it; a 200 without one is as good.
    call.agent.take(call.peer.response(prack, 200));
    call.agent.take(call.peer.response(call.invite, 200));
    REQUIRE(call.agent.seen.size() == 1);
    CHECK(call.agent.seen[0].sdp == sdp(4));
    // 13.2.2.4: the ACK has the number of the INVITE, whatever was sent between.
    CHECK(cseq_of(call.agent.sent.back()) == cseq);
}

TEST_CASE("it is acknowledged once, and what comes out of order not at all (4)", "[sip][prack]") {
    Assured call;
    call.assured(10, {}, {}, 180);
    CHECK(call.agent.brief() == "PRACK");
    call.assured(10, {}, {}, 180);
    call.assured(12, sdp(4));
    call.assured(9);
    CHECK(call.agent.brief() == "");
    CHECK(call.agent.names() == "SessionRang");
    call.assured(11);
    CHECK(call.agent.brief() == "PRACK");
    call.assured(500, {}, "other");  // another fork counts for itself
    CHECK(call.agent.brief() == "PRACK");
    CHECK(call.agent.names() == "SessionRang SessionRang");
}

TEST_CASE("RSeq without Require, or Require without RSeq, is an ordinary response",
          "[sip][prack]") {
    Assured call;
    const auto extra =
        GENERATE("RSeq: 1\r\n", "Require: 100rel\r\n", "Require: 100rel\r\nRSeq: 0\r\n");
    call.agent.take(call.peer.response(call.invite, 180, extra));
    CHECK(call.agent.brief() == "");
    CHECK(call.agent.names() == "SessionRang");
}

TEST_CASE("a PRACK is repeated on UDP, answers a challenge, and its failure ends nothing",
          "[sip][prack]") {
    auto order = order_to();
    order.credentials = {"us", "secret", "carrier"};
    Assured call{order};
    call.assured(1);
    const auto prack = call.agent.taken().at(0).bytes;
    call.agent.advance(500ms);
    CHECK(call.agent.brief() == "PRACK");
    call.agent.take(call.peer.response(
        prack,
        407,
        "Proxy-Authenticate: Digest realm=\"carrier\", nonce=\"n1\", qop=\"auth\"\r\n"));
    REQUIRE(call.agent.sent.size() == 1);
    const auto again = call.agent.taken()[0].bytes;
    CHECK(header(again, Header::proxy_authorization).starts_with("Digest "));
    CHECK(header(again, Header::rack) == header(prack, Header::rack));
    call.agent.take(call.peer.response(again, 481));
    call.agent.advance(60s);
    CHECK(call.agent.names() == "SessionRang");
    CHECK(call.agent.ua().record(call.session));
}

TEST_CASE("a call that is given up acknowledges what still comes", "[sip][prack]") {
    Assured call;
    call.agent.ua().end(call.session, {}, call.agent.now);
    call.agent.finish();
    call.assured(1);
    CHECK(call.agent.brief() == "PRACK CANCEL");
}

TEST_CASE("an answer of the life before is good for a 200 without one", "[sip][prack][restart]") {
    Assured call;
    call.assured(1, sdp(4));
    call.agent.restart({call.session});
    call.agent.told();
    call.agent.take(call.peer.response(call.invite, 200));
    REQUIRE_FALSE(call.agent.seen.empty());
    CHECK(call.agent.seen[0].sdp == sdp(4));
}
