// Our INVITE: RFC 3261 13.2, 9.1, 17.1, RFC 3263 4.3.
#include "unit/sip/calling.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::sip;
using namespace holdfast::sip::test;

TEST_CASE("our INVITE rings, is answered, and gets its ACK", "[sip]") {
    Calling call;
    CHECK(header(call.invite, Header::contact) == "<sip:acd@192.0.2.10:5060>");
    CHECK(header(call.invite, Header::session_expires) == "1800");
    call.respond(100);
    call.respond(180);
    call.respond(183, {}, sdp(4));
    call.respond(200, {}, sdp(5));
    REQUIRE(call.agent.seen.size() == 3);
    CHECK(call.agent.seen[0].status == 180);
    CHECK(call.agent.seen[0].sdp.empty());
    CHECK(call.agent.seen[1].sdp == sdp(4));
    CHECK(call.agent.seen[2].name == "SessionAnswered");
    CHECK(call.agent.seen[2].sdp == sdp(5));
    const auto sent = call.agent.taken();
    REQUIRE(sent.size() == 1);
    // 13.2.2.4, 12.2.1.1: the ACK goes to the Contact, with the CSeq number of the INVITE and a
    // branch of its own.
    CHECK(sent[0].bytes.starts_with("ACK sip:2101@192.0.2.21:5060 SIP/2.0\r\n"));
    CHECK(std::stoi(header(sent[0].bytes, Header::cseq)) ==
          std::stoi(header(call.invite, Header::cseq)));
    CHECK(header(sent[0].bytes, Header::via) != header(call.invite, Header::via));
    // Each repetition of the 2xx gets the ACK again.
    call.respond(200, {}, sdp(5));
    const auto again = call.agent.taken();
    REQUIRE(again.size() == 1);
    CHECK(again[0].bytes == sent[0].bytes);
    CHECK(call.agent.seen.size() == 3);
}

TEST_CASE("an INVITE is repeated by timer A until timer B (17.1.1.2)", "[sip]") {
    Calling call;
    call.agent.advance(500ms + 1s + 2s + 4s + 8s + 16s);
    CHECK(call.agent.brief() == "INVITE INVITE INVITE INVITE INVITE INVITE");
    call.agent.advance(1s);
    REQUIRE(call.agent.seen.size() == 1);
    CHECK(call.agent.seen[0].name == "SessionRefused");
    CHECK(call.agent.seen[0].status == 408);
    call.run_out();
}

TEST_CASE("nothing is repeated on TCP", "[sip]") {
    auto order = order_to();
    order.targets = {tcp_hop(there, 3)};
    Calling call{order};
    call.agent.advance(20s);
    CHECK(call.agent.brief() == "");
}

TEST_CASE("a refusal is acknowledged hop by hop and told (17.1.1.3)", "[sip]") {
    Calling call;
    call.respond(486, "Reason: Q.850;cause=17\r\n");
    const auto sent = call.agent.taken();
    REQUIRE(sent.size() == 1);
    CHECK(sent[0].bytes.starts_with("ACK sip:2101@192.0.2.21:5060"));
    CHECK(header(sent[0].bytes, Header::via) == header(call.invite, Header::via));
    CHECK(header(sent[0].bytes, Header::to).ends_with(";tag=ph42"));
    REQUIRE(call.agent.seen.size() == 1);
    CHECK(call.agent.seen[0].status == 486);
    CHECK(call.agent.seen[0].q850 == 17);
    call.respond(486);
    CHECK(call.agent.brief() == "ACK");
    call.run_out();
}

TEST_CASE("3xx is told with its Contact and not followed", "[sip]") {
    Calling call;
    call.respond(302);
    CHECK(call.agent.brief() == "ACK");
    REQUIRE(call.agent.seen.size() == 1);
    CHECK(call.agent.seen[0].text == "<sip:2101@192.0.2.21:5060>");
}

TEST_CASE("CANCEL waits for a provisional response (9.1)", "[sip]") {
    Calling call;
    call.end("SIP;cause=200;text=\"Call completed elsewhere\"");
    CHECK(call.agent.brief() == "");
    call.respond(100);
    const auto sent = call.agent.taken();
    REQUIRE(sent.size() == 1);
    CHECK(sent[0].bytes.starts_with("CANCEL "));
    // 9.1: Request-URI, To, From, Call-ID, the CSeq number and the single Via are the INVITE's.
    for (const auto name : {Header::via, Header::to, Header::from, Header::call_id})
        CHECK(header(sent[0].bytes, name) == header(call.invite, name));
    CHECK(header(sent[0].bytes, Header::reason) ==
          "SIP;cause=200;text=\"Call completed elsewhere\"");
    call.agent.take(call.peer.response(sent[0].bytes, 200));
    call.respond(487);
    CHECK(call.agent.brief() == "ACK");
    REQUIRE(call.agent.seen.size() == 1);
    CHECK(call.agent.seen[0].name == "SessionEnded");
    CHECK(call.agent.seen[0].cause == EndCause::ended_by_us);
    call.run_out();
}

TEST_CASE("a 200 that crosses CANCEL gets ACK and BYE, and is no answer (9.1)", "[sip]") {
    Calling call;
    call.respond(180);
    call.agent.told();
    call.end();
    call.respond(200, {}, sdp(5));
    const auto sent = call.agent.taken();
    REQUIRE(sent.size() == 3);
    CHECK(sent[0].bytes.starts_with("CANCEL "));
    CHECK(sent[1].bytes.starts_with("ACK "));
    CHECK(sent[2].bytes.starts_with("BYE "));
    CHECK(call.agent.seen.empty());
    call.agent.take(call.peer.response(sent[2].bytes, 200));
    CHECK(call.agent.names() == "SessionEnded");
    call.run_out();
}

TEST_CASE("200 to an INVITE that was given up before any response", "[sip]") {
    Calling call;
    call.end();
    call.respond(200, {}, sdp(5));
    CHECK(call.agent.brief() == "ACK BYE");
    call.agent.run_out();
    CHECK(call.agent.names() == "SessionEnded");
    CHECK(call.agent.is_idle());
}

TEST_CASE("a cancelled INVITE without a final response is forgotten after 64 T1", "[sip]") {
    Calling call;
    call.respond(180);
    call.agent.told();
    call.end();
    call.agent.advance(32s);
    CHECK(call.agent.names() == "SessionEnded");
    call.run_out();
}

TEST_CASE("timer C cancels an INVITE that only rings, and says 408 (16.8)", "[sip]") {
    Calling call;
    call.respond(180);
    call.agent.advance(100s);
    call.respond(180);  // 16.7 (2): starts it anew
    call.agent.advance(179s);
    CHECK(call.agent.brief() == "");
    call.agent.advance(1s);
    CHECK(call.agent.brief() == "CANCEL");
    call.agent.told();
    call.respond(487);
    REQUIRE(call.agent.seen.size() == 1);
    CHECK(call.agent.seen[0].name == "SessionRefused");
    CHECK(call.agent.seen[0].status == 408);
    call.run_out();
}

TEST_CASE("the first 2xx wins; other forks get ACK and BYE in silence (13.2.2.4)", "[sip]") {
    Calling call;
    call.respond(180, {}, {}, "fork-a");
    call.respond(180, {}, {}, "fork-b");
    call.respond(200, {}, sdp(5), "fork-b");
    CHECK(call.agent.names() == "SessionRang SessionRang SessionAnswered");
    CHECK(call.agent.brief() == "ACK");
    call.respond(200, {}, sdp(5), "fork-a");
    const auto sent = call.agent.taken();
    REQUIRE(sent.size() == 2);
    CHECK(sent[0].bytes.starts_with("ACK "));
    CHECK(header(sent[0].bytes, Header::to).ends_with("tag=fork-a"));
    CHECK(sent[1].bytes.starts_with("BYE "));
    CHECK(header(sent[1].bytes, Header::to).ends_with("tag=fork-a"));
    CHECK(call.agent.names() == "");
    call.respond(200, {}, sdp(5), "fork-a");
    CHECK(call.agent.brief() == "ACK");
    call.respond(200, {}, sdp(5), "fork-b");
    CHECK(call.agent.brief() == "ACK");
}

TEST_CASE("a fork that answers when the session is over is ended too", "[sip]") {
    Calling call;
    call.respond(200, {}, sdp(5), "fork-a");
    call.end();
    const auto bye = call.agent.taken().back().bytes;
    call.agent.take(call.peer.response(bye, 200));
    CHECK(call.agent.names() == "SessionAnswered SessionEnded");
    call.respond(200, {}, sdp(5), "fork-b");
    CHECK(call.agent.brief() == "ACK BYE");
    call.run_out();
}

TEST_CASE("the next target is tried on 503, silence and transport failure", "[sip]") {
    const Endpoint second{IpAddress::v4(192, 0, 2, 22), 5070};
    const Endpoint third{IpAddress::v4(192, 0, 2, 23), 5070};
    auto order = order_to();
    order.targets = {udp_hop(there), udp_hop(second), udp_hop(third)};
    Calling call{order};
    call.respond(503);
    auto sent = call.agent.taken();
    REQUIRE(sent.size() == 2);
    CHECK(sent[0].bytes.starts_with("ACK "));
    CHECK(sent[1].hop == udp_hop(second));
    // RFC 3263 4.3: the same request with another branch.
    CHECK(header(sent[1].bytes, Header::via) != header(call.invite, Header::via));
    CHECK(header(sent[1].bytes, Header::cseq) == header(call.invite, Header::cseq));
    call.agent.ua().transmission_failed(udp_hop(second), call.agent.now);
    call.agent.finish();
    sent = call.agent.taken();
    REQUIRE(sent.size() == 1);
    CHECK(sent[0].hop == udp_hop(third));
    CHECK(call.agent.names() == "");
    call.agent.advance(32s);
    REQUIRE(call.agent.seen.size() == 1);
    CHECK(call.agent.seen[0].status == 408);
    call.run_out();
}

TEST_CASE("transport failure without another target is 503 (8.1.3.1)", "[sip]") {
    Calling call;
    call.agent.ua().transmission_failed(udp_hop(there), call.agent.now);
    call.agent.finish();
    REQUIRE(call.agent.seen.size() == 1);
    CHECK(call.agent.seen[0].status == 503);
    call.run_out();
}

TEST_CASE("an answer that only came early counts for the 2xx of the same fork", "[sip]") {
    Calling call;
    call.respond(183, {}, sdp(4));
    call.respond(200);
    REQUIRE(call.agent.seen.size() == 2);
    CHECK(call.agent.seen[1].sdp == sdp(4));
}

TEST_CASE("BYE and its answer end the call; 481 ends it as well (15.1.1)", "[sip]") {
    const int status = GENERATE(200, 481, 500);
    Calling call;
    call.connect();
    call.end();
    const auto sent = call.agent.taken();
    REQUIRE(sent.size() == 1);
    CHECK(call.agent.seen.empty());
    call.agent.take(call.peer.response(sent[0].bytes, status));
    CHECK(call.agent.names() == "SessionEnded");
    call.run_out();
}

TEST_CASE("both sides hang up at once: 200 to the peer's BYE, one end", "[sip]") {
    Calling call;
    call.connect();
    call.end();
    const auto bye = call.agent.taken().at(0).bytes;
    call.agent.take(call.request("BYE", 1));
    CHECK(call.agent.brief() == "200");
    CHECK(call.agent.names() == "");
    call.agent.take(call.peer.response(bye, 481));
    REQUIRE(call.agent.seen.size() == 1);
    CHECK(call.agent.seen[0].cause == EndCause::ended_by_us);
    call.run_out();
}

TEST_CASE("a BYE nobody answers ends the session all the same", "[sip]") {
    Calling call;
    call.connect();
    call.end();
    call.agent.run_out();
    CHECK(call.agent.names() == "SessionEnded");
    CHECK(call.agent.is_idle());
}

TEST_CASE("route set: reversed Record-Route, loose and strict (12.1.2, 12.2.1.1)", "[sip]") {
    Calling call;
    call.respond(200,
                 "Record-Route: <sip:192.0.2.99;lr>, <sip:p2.example.net>\r\n"
                 "Record-Route: <sip:p3.example.net;lr>\r\n",
                 sdp(5));
    call.end();
    auto sent = call.agent.taken();
    REQUIRE(sent.size() == 2);
    // The last Record-Route value is the nearest proxy. It is a name, so the hop stays as it was.
    CHECK(sent[1].bytes.starts_with("BYE sip:2101@192.0.2.21:5060 SIP/2.0\r\n"));
    Message bye;
    REQUIRE(bye.read(sent[1].bytes));
    std::string routes;
    for (const auto route : bye.values(Header::route))
        routes += std::string{route} + " ";
    CHECK(routes == "<sip:p3.example.net;lr> <sip:p2.example.net> <sip:192.0.2.99;lr> ");
    CHECK(sent[1].hop == udp_hop(there));
}

TEST_CASE("a strict router takes the place of the Request-URI (12.2.1.1)", "[sip]") {
    Calling call;
    call.respond(200, "Record-Route: <sip:p1.example.net;lr>, <sip:192.0.2.99>\r\n", sdp(5));
    const auto sent = call.agent.taken();
    REQUIRE(sent.size() == 1);
    CHECK(sent[0].bytes.starts_with("ACK sip:192.0.2.99 SIP/2.0\r\n"));
    Message ack;
    REQUIRE(ack.read(sent[0].bytes));
    std::string routes;
    for (const auto route : ack.values(Header::route))
        routes += std::string{route} + " ";
    CHECK(routes == "<sip:p1.example.net;lr> <sip:2101@192.0.2.21:5060> ");
    CHECK(sent[0].hop == udp_hop({IpAddress::v4(192, 0, 2, 99), 5060}));
}

TEST_CASE("a fixed hop is kept whatever the Contact says", "[sip]") {
    const Endpoint nat{IpAddress::v4(203, 0, 113, 7), 40'000};
    auto order = order_to();
    order.targets = {udp_hop(nat)};
    order.fixed_hop = GENERATE(true, false);
    Calling call{order};
    call.agent.take(call.peer.response(call.invite, 200, {}, sdp(5)), udp_hop(nat));
    const auto sent = call.agent.taken();
    REQUIRE(sent.size() == 1);
    CHECK(sent[0].hop == udp_hop(order.fixed_hop ? nat : there));
}

TEST_CASE("responses that are not ours are dropped and counted (17.1.3, 8.1.3.3)", "[sip]") {
    Calling call;
    auto other = call.peer.response(call.invite, 200, {}, sdp(5));
    const auto at = other.find("z9hG4bK");
    other[at + 10] = other[at + 10] == 'x' ? 'y' : 'x';
    call.agent.take(other);
    CHECK(call.agent.names() == "MessageRefused");
    auto two = call.peer.response(call.invite, 200, {}, sdp(5));
    two.insert(two.find("From:"), "Via: SIP/2.0/UDP 192.0.2.77;branch=z9hG4bKx\r\n");
    call.agent.take(two);
    CHECK(call.agent.names() == "MessageRefused");
    CHECK(call.agent.brief() == "");
    CHECK(call.agent.ua().denied()[static_cast<std::size_t>(Denial::stray_response)] == 2);
}

TEST_CASE("an INVITE of ours that comes back unchanged is a loop; a spiral is not", "[sip]") {
    Calling call;
    auto looped = call.invite;
    looped.insert(looped.find("Via:"), "Via: SIP/2.0/UDP 192.0.2.21:5060;branch=z9hG4bKproxy\r\n");
    auto spiral = looped;
    spiral.replace(0, spiral.find(" SIP"), "INVITE sip:elsewhere@192.0.2.10");
    call.agent.take(looped);
    CHECK(call.agent.brief() == "482");
    CHECK(call.agent.names() == "MessageRefused");
    call.agent.take(spiral);
    CHECK(call.agent.brief() == "100");
    CHECK(call.agent.names() == "InviteArrived");
}
