// Where messages go: RFC 3261 12.2.1.1, 18.2.2, RFC 3581.
#include "sip/next_hop.hpp"

#include "sip/response_route.hpp"
#include "unit/sip/agent.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::sip;
using namespace holdfast::sip::test;

namespace {

std::string with_via(std::string_view via) {
    Peer peer;
    auto text = peer.request("OPTIONS");
    const auto at = text.find("Via:");
    return text.replace(at, text.find("\r\n", at) - at, "Via: " + std::string{via});
}

Hop reply_to(std::string_view via, const Hop& from) {
    const auto text = with_via(via);
    Message message;
    REQUIRE(message.read(text));
    return response_hop(message, from);
}

std::string stamped(std::string_view via, const Hop& from) {
    const auto text = with_via(via);
    Message message;
    REQUIRE(message.read(text));
    std::string head = "SIP/2.0 200 OK\r\n";
    append_response_head(head, message, from);
    head += "\r\n\r\n";
    return header(head, Header::via);
}

Endpoint at(std::uint8_t last, std::uint16_t port) {
    return {IpAddress::v4(192, 0, 2, last), port};
}

}  // namespace

TEST_CASE("responses over UDP: received, rport, maddr (18.2.2, RFC 3581 4)", "[sip][route]") {
    const Hop from = udp_hop(at(21, 4321));
    // To the source address, at the port of sent-by, 5060 where it has none.
    CHECK(reply_to("SIP/2.0/UDP 192.0.2.21:5070;branch=b", from).remote == at(21, 5070));
    CHECK(reply_to("SIP/2.0/UDP phone.example.net;branch=b", from).remote == at(21, 5060));
    // rport: to the source port.
    CHECK(reply_to("SIP/2.0/UDP 10.0.0.1:5070;rport;branch=b", from).remote == at(21, 4321));
    // maddr goes before received; a name there cannot be looked up.
    CHECK(reply_to("SIP/2.0/UDP 192.0.2.21:5070;maddr=192.0.2.50;branch=b", from).remote ==
          at(50, 5070));
    CHECK(reply_to("SIP/2.0/UDP 192.0.2.21;maddr=a.example;branch=b", from).remote == at(21, 5060));
}

TEST_CASE("responses over TCP: the same flow; should it be gone, sent-by (18.2.2)",
          "[sip][route]") {
    const Hop from = tcp_hop(at(21, 50'123), 9);
    const auto hop = reply_to("SIP/2.0/TCP 192.0.2.21:5070;branch=b", from);
    CHECK(hop.flow == FlowId{9});
    CHECK(hop.remote == at(21, 5070));
}

TEST_CASE("the topmost Via is filled in, others are not touched (18.2.1, RFC 3581 4)",
          "[sip][route]") {
    const Hop from = udp_hop(at(21, 4321));
    CHECK(stamped("SIP/2.0/UDP 192.0.2.21:5070;branch=b", from) ==
          "SIP/2.0/UDP 192.0.2.21:5070;branch=b");
    CHECK(stamped("SIP/2.0/UDP 10.0.0.1:5070;branch=b", from) ==
          "SIP/2.0/UDP 10.0.0.1:5070;branch=b;received=192.0.2.21");
    CHECK(stamped("SIP/2.0/UDP p.example.net;branch=b", from) ==
          "SIP/2.0/UDP p.example.net;branch=b;received=192.0.2.21");
    CHECK(stamped("SIP/2.0/UDP 192.0.2.21:5070;rport;branch=b;x=\"a;b\"", from) ==
          "SIP/2.0/UDP 192.0.2.21:5070;branch=b;x=\"a;b\";received=192.0.2.21;rport=4321");
    // What a sender claims to have received is not ours to believe.
    CHECK(stamped("SIP/2.0/UDP 192.0.2.21;received=1.2.3.4;branch=b;rport=7", from) ==
          "SIP/2.0/UDP 192.0.2.21;branch=b;received=192.0.2.21;rport=4321");
}

TEST_CASE("requests in a dialog follow a numeric URI, else what was learned", "[sip][route]") {
    const auto settings = settings_at(here);
    const auto& listeners = settings.listeners;
    const Hop learned = udp_hop(at(21, 4321));
    CHECK(next_hop("sip:a@192.0.2.30:5080", learned, listeners).remote == at(30, 5080));
    CHECK(next_hop("sip:a@192.0.2.30", learned, listeners).remote == at(30, 5060));
    CHECK(next_hop("sip:a@phone.example.net", learned, listeners) == learned);
    CHECK(next_hop("rubbish", learned, listeners) == learned);
    const auto by_tcp = next_hop("sip:a@192.0.2.30;transport=tcp", learned, listeners);
    CHECK(by_tcp.transport == Transport::tcp);
    CHECK(by_tcp.listener == ListenerId{2});
    CHECK_FALSE(by_tcp.flow);
    // We do not listen for TLS: no way there.
    CHECK(next_hop("sips:a@192.0.2.30", learned, listeners) == learned);
    // A connection to the same address is used again.
    const Hop flow = tcp_hop(at(21, 50'123), 9);
    CHECK(next_hop("sip:a@192.0.2.21:5060", flow, listeners) == flow);
}

TEST_CASE("who is behind a NAT", "[sip][route]") {
    const auto judged = [](const std::string& text, const Hop& from) {
        Message message;
        REQUIRE(message.read(text));
        return behind_nat(message, from);
    };
    Peer peer;
    const Hop outside = udp_hop({IpAddress::v4(203, 0, 113, 5), 1024});
    CHECK_FALSE(judged(peer.request("INVITE"), udp_hop(there)));
    CHECK(judged(peer.request("INVITE"), outside));
    peer.at.address = IpAddress::v4(192, 168, 1, 5);
    auto text = peer.request("INVITE");
    // A name in the Via says nothing; the private Contact does.
    text.replace(text.find("192.168.1.5:5060"), 16, "pc.example.net:1");
    CHECK(judged(text, outside));
    // Behind a proxy the topmost Via is the proxy's.
    peer.at = there;
    text = peer.request("INVITE");
    text.insert(text.find("Via:"), "Via: SIP/2.0/UDP 198.51.100.1;branch=z9hG4bKp\r\n");
    CHECK_FALSE(judged(text, udp_hop({IpAddress::v4(198, 51, 100, 2), 5060})));
}
