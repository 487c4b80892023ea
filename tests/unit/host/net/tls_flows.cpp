#include "unit/host/net/sockets_fixture.hpp"
#include "unit/host/net/tls_peer.hpp"

#include <thread>

using namespace holdfast;
using namespace holdfast::test;
using engine::FlowAccepted;
using engine::FlowBytes;
using engine::FlowClosed;
using engine::FlowOpened;
using engine::OpenFlow;
using engine::SendBytes;

namespace {

constexpr FlowId tls_line{1'000'000};
const std::string our_name = "DNS:pbx.example.net";

engine::ListenerSettings listen_tls(const Authority::Files& files,
                                    const IpAddress& address = loopback) {
    auto out = listen(sip::Transport::tls, address);
    out.certificate = files.certificate;
    out.key = files.key;
    return out;
}

struct TlsSockets : Authority, Sockets {
    explicit TlsSockets(const host::SocketLimits& limits = {})
        : Sockets{{listen_tls(issue("us", {our_name}))}, limits} {}

    void run_with(TlsPeer& peer, const std::function<bool()>& holds) {
        run_until([&] { return peer.step(), holds(); });
    }
    /// Who we connect to.
    std::unique_ptr<TlsPeer> serve(const host::Fd& at, TlsPeer::Options options) {
        host::Fd peer{::accept(at.get(), nullptr, nullptr)};
        REQUIRE(peer);
        return std::make_unique<TlsPeer>(std::move(peer), options);
    }
};

std::string sealed_by(TlsPeer& peer) {
    X509* const certificate = SSL_get1_peer_certificate(peer.ssl.get());
    REQUIRE(certificate != nullptr);
    std::string out = std::to_string(ASN1_INTEGER_get(X509_get0_serialNumber(certificate)));
    X509_free(certificate);
    return out;
}

}  // namespace

TEST_CASE("tls: a peer connects, both speak, we close", "[host][net]") {
    TlsSockets s;
    TlsPeer::Options options;
    options.version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
    TlsPeer peer{connect_to(s.bound(1)), options};
    s.run_with(peer, [&] { return peer.ready; });
    CHECK(SSL_version(peer.ssl.get()) == options.version);
    // Only a flow whose handshake is done is one.
    const auto accepted = s.next<FlowAccepted>();
    CHECK(accepted.listener == ListenerId{1});
    CHECK(accepted.from == host::bound_to(peer.socket.get()));
    peer.say("REGISTER");
    CHECK(s.next<FlowBytes>().bytes == "REGISTER");
    s.send(SendBytes{accepted.flow, "200 OK"});
    s.run_with(peer, [&] { return !peer.heard.empty(); });
    CHECK(peer.heard == "200 OK");
    s.close(accepted.flow);
    s.run_with(peer, [&] { return peer.closed; });
    CHECK(s.next<FlowClosed>().flow == accepted.flow);
    CHECK(s.counters().handshakes_done == 1);
    CHECK(s.counters().handshakes_failed == 0);
}

TEST_CASE("tls: large messages both ways, and the peer closes", "[host][net]") {
    TlsSockets s;
    TlsPeer peer{connect_to(s.bound(1)), {}};
    s.run_with(peer, [&] { return peer.ready; });
    const auto flow = s.next<FlowAccepted>().flow;
    const std::string large(65'000, 'x');
    for (int i = 0; i < 3; ++i)
        s.send(SendBytes{flow, large});
    s.run_with(peer, [&] { return peer.heard.size() == 3 * large.size(); });
    peer.say(large);
    s.run_with(peer, [&] { return s.bytes_of(flow).size() == large.size(); });
    SECTION("as TLS closes") {
        SSL_shutdown(peer.ssl.get());
        CHECK(s.next<FlowClosed>().why == "the peer closed it");
    }
    SECTION("or without a word") {
        peer.socket = {};
        CHECK(s.next<FlowClosed>().flow == flow);
    }
    SECTION("or by bytes that are no TLS") {
        write_all(peer.socket, "OPTIONS sip:a SIP/2.0\r\n\r\n");
        CHECK(s.next<FlowClosed>().why.find("what it sent is no TLS") == 0);
    }
    CHECK(s.counters().flows == 0);
}

TEST_CASE("tls: a peer that speaks right behind its handshake is heard", "[host][net]") {
    TlsSockets s;
    TlsPeer::Options options;
    options.version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
    TlsPeer peer{connect_to(s.bound(1)), options};
    // Its last flight and its first message are one write.
    SSL_set_mode(peer.ssl.get(), SSL_MODE_AUTO_RETRY);
    s.run_with(peer, [&] {
        if (peer.ready) peer.say("REGISTER");
        return peer.ready;
    });
    CHECK(s.next<FlowBytes>().bytes == "REGISTER");
}

TEST_CASE("tls: what is no TLS, or too old, is closed and counted", "[host][net]") {
    host::SocketLimits limits;
    limits.closes_within = 100ms;
    TlsSockets s{limits};
    SECTION("SIP without TLS") {
        const host::Fd peer = connect_to(s.bound(1));
        write_all(peer, "OPTIONS sip:a SIP/2.0\r\nVia: SIP/2.0/TCP a\r\n\r\n");
        Heard heard;
        s.run_until([&] { return heard.listen(peer), heard.closed; });
    }
    SECTION("TLS 1.1") {
        TlsPeer::Options options;
        options.version = TLS1_1_VERSION;
        options.ciphers = "ALL:@SECLEVEL=0";
        TlsPeer peer{connect_to(s.bound(1)), options};
        s.run_with(peer, [&] { return !peer.failed.empty(); });
        CHECK(peer.failed.find("protocol version") != std::string::npos);  // it is told why
    }
    SECTION("one that leaves in the middle") {
        host::Fd peer = connect_to(s.bound(1));
        write_all(peer, "\x16\x03\x01");
        s.run_for(20ms);
        peer = {};
    }
    s.run_until([&] { return s.counters().handshakes_failed == 1 && s.counters().flows == 0; });
    CHECK(s.inputs.empty());  // the engine never heard of it
    CHECK(s.counters().handshakes_done == 0);
}

TEST_CASE("tls: a handshake that does not come is given up", "[host][net]") {
    host::SocketLimits limits;
    limits.shakes_hands_within = 50ms;
    TlsSockets s{limits};
    const host::Fd silent = connect_to(s.bound(1));
    s.run_until([&] { return s.counters().handshakes_failed == 1; });
    Heard heard;
    s.run_until([&] { return heard.listen(silent), heard.closed; });
    CHECK(s.inputs.empty());
}

TEST_CASE("tls: only so many handshakes at a time", "[host][net]") {
    host::SocketLimits limits;
    SECTION("in all") {
        limits.handshakes = 2;
    }
    SECTION("with one address") {
        limits.handshakes_of_address = 2;
    }
    TlsSockets s{limits};
    std::vector<host::Fd> silent;
    for (int i = 0; i < 3; ++i)
        silent.push_back(connect_to(s.bound(1)));
    s.run_until([&] { return s.counters().handshakes_refused == 1; });
    CHECK(s.counters().flows == 2);
    CHECK(s.counters().flows_refused == 1);
    silent.clear();
    s.run_until([&] { return s.counters().flows == 0; });
    TlsPeer peer{connect_to(s.bound(1)), {}};  // there is room again
    s.run_with(peer, [&] { return peer.ready; });
    s.next<FlowAccepted>();
}

TEST_CASE("tls: we connect to who bears the name", "[host][net]") {
    TlsSockets s;
    const host::Fd server = listen_at(loopback);
    const auto to = host::bound_to(server.get());
    struct Case {
        std::string bears, wanted;
    };
    const auto c = GENERATE(Case{"DNS:sip.example.net", "sip.example.net"},
                            Case{"DNS:*.example.net", "sip.example.net"},
                            Case{"URI:sip:SIP.example.net,DNS:www.example.net", "sip.example.net"},
                            Case{"IP:127.0.0.1", "127.0.0.1"},
                            Case{"IP:127.0.0.1", ""});
    const auto version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
    const auto files = s.issue("server", {c.bears});
    s.open(OpenFlow{tls_line, ListenerId{1}, to, c.wanted});
    s.run_until([&] { return has_input(server); });
    const auto peer = s.serve(server, {version, {}, files.certificate, files.key});
    s.run_with(*peer, [&] { return !s.all<FlowOpened>().empty(); });
    s.send(SendBytes{tls_line, "INVITE"});
    s.run_with(*peer, [&] { return !peer->heard.empty(); });
    CHECK(peer->heard == "INVITE");
    peer->say("100 Trying");
    s.run_with(*peer, [&] { return s.bytes_of(tls_line) == "100 Trying"; });
    if (const char* const name = SSL_get_servername(peer->ssl.get(), TLSEXT_NAMETYPE_host_name))
        CHECK(name == c.wanted);
    else
        CHECK(c.bears == "IP:127.0.0.1");  // RFC 6066 3: no addresses there
}

TEST_CASE("tls: who does not bear the name, or is not certified, is refused", "[host][net]") {
    TlsSockets s;
    const host::Fd server = listen_at(loopback);
    Wish wish{"DNS:sip.example.net"};
    std::string wanted = "sip.example.net", why;
    std::unique_ptr<Authority> stranger;
    SECTION("another name") {
        wanted = "other.example.net";
        why = "TLS: its certificate does not bear the name other.example.net";
    }
    SECTION("no name wanted, and the address is not certified") {
        wanted = "";
        why = "TLS: its certificate does not bear the name 127.0.0.1";
    }
    SECTION("a URI that names somebody, or is not of SIP, certifies no domain") {
        wish.names = "URI:sip:ann@sip.example.net,URI:https://sip.example.net,URI:sip:example.net";
        why = "TLS: its certificate does not bear the name sip.example.net";
    }
    SECTION("part of a name is not the name") {
        wanted = "sip.example.net.example.org";
        why = "TLS: its certificate does not bear the name sip.example.net.example.org";
    }
    SECTION("expired") {
        wish.days = -1;
        why = "TLS: its certificate for sip.example.net cannot be trusted: certificate has expired";
    }
    SECTION("certified by nobody we know") {
        stranger = std::make_unique<Authority>();
        why = "TLS: its certificate for sip.example.net cannot be trusted: ";
    }
    const auto files = (stranger ? *stranger : s).issue("server", wish);
    s.open(OpenFlow{tls_line, ListenerId{1}, host::bound_to(server.get()), wanted});
    s.run_until([&] { return has_input(server); });
    const auto peer = s.serve(server, {0, {}, files.certificate, files.key});
    s.run_with(*peer, [&] { return !s.all<FlowClosed>().empty(); });
    CHECK(s.all<FlowClosed>().front().why.find(why) == 0);
    CHECK(s.all<FlowOpened>().empty());
    s.run_with(*peer, [&] { return s.counters().flows == 0 || !peer->failed.empty(); });
    CHECK_FALSE(peer->failed.empty());  // an alert told it
    CHECK(s.counters().handshakes_failed == 1);
    CHECK(s.counters().flows_not_opened == 1);
    s.run_for(20ms);
    CHECK(s.inputs.size() == 1);
}

TEST_CASE("tls: closed in the middle of a handshake", "[host][net]") {
    TlsSockets s;
    const host::Fd server = listen_at(loopback);
    s.open(OpenFlow{tls_line, ListenerId{1}, host::bound_to(server.get()), "sip.example.net"});
    s.run_until([&] { return has_input(server); });
    SECTION("by the engine") {
        s.close(tls_line);
        CHECK(s.next<FlowClosed>().why == "we gave it up");
    }
    SECTION("with everything") {
        s.sockets.reset();
        s.run_for(20ms);
        CHECK(s.inputs.empty());
        return;
    }
    SECTION("by a peer that speaks no TLS") {
        const host::Fd peer{::accept(server.get(), nullptr, nullptr)};
        write_all(peer, "SIP/2.0 400 Bad Request\r\n\r\n");
        CHECK(s.next<FlowClosed>().why == "TLS: it does not speak TLS");
    }
    s.run_for(20ms);
    CHECK(s.inputs.size() == 1);
    CHECK(s.counters().flows_not_opened == 1);
}

TEST_CASE("tls: many at once, in any order", "[host][net]") {
    TlsSockets s;
    std::vector<std::unique_ptr<TlsPeer>> peers;
    for (int i = 0; i < 40; ++i)
        peers.push_back(std::make_unique<TlsPeer>(connect_to(s.bound(1)), TlsPeer::Options{}));
    s.run_until([&] {
        for (const auto& peer : peers)
            peer->step();
        return s.all<FlowAccepted>().size() == peers.size();
    });
    for (const auto& accepted : s.all<FlowAccepted>())
        s.send(SendBytes{accepted.flow, std::to_string(accepted.from.port)});
    s.run_until([&] {
        bool all = true;
        for (const auto& peer : peers)
            peer->step(), all = all && !peer->heard.empty();
        return all;
    });
    for (const auto& peer : peers)
        CHECK(peer->heard == std::to_string(host::bound_to(peer->socket.get()).port));
}

TEST_CASE("tls: certificates that cannot serve are told, with the file", "[host][net]") {
    const Authority authority;
    const auto good = authority.issue("good", {our_name});
    const auto other = authority.issue("other", {our_name});
    Taken taken;
    const auto opened =
        host::SipSockets::open(taken.io,
                               {listen_tls({"/nowhere/us.crt", good.key}),
                                listen_tls({good.certificate, other.key}),
                                listen_tls({good.certificate, good.certificate}),
                                listen_tls(good),
                                // Its address and its certificate are wrong: both are told.
                                listen_tls({good.key, good.key}, IpAddress::v4(192, 0, 2, 1))},
                               taken.taker());
    REQUIRE_FALSE(opened);
    REQUIRE(opened.error().size() == 5);
    CHECK(opened.error()[0].find("listener 1 (TLS): /nowhere/us.crt cannot be used") == 0);
    CHECK(opened.error()[1].find("listener 2 (TLS): " + other.key + " cannot be used") == 0);
    CHECK(opened.error()[2].find("listener 3 (TLS): " + good.certificate) == 0);
    CHECK(opened.error()[3].find("listener 5 (TLS): " + good.key) == 0);
    CHECK(opened.error()[4].find("listener 5 (TLS): cannot bind 192.0.2.1") == 0);
}

TEST_CASE("tls: a new certificate serves from its reading on", "[host][net]") {
    TlsSockets s;
    const auto connect = [&] {
        auto peer = std::make_unique<TlsPeer>(connect_to(s.bound(1)), TlsPeer::Options{});
        s.run_with(*peer, [&] { return peer->ready; });
        s.next<FlowAccepted>();
        return peer;
    };
    const auto first = connect();
    s.issue("us", {our_name});  // over the old files
    CHECK(sealed_by(*connect()) == sealed_by(*first));
    CHECK(s.sockets->reload_certificates().empty());
    const auto second = connect();
    CHECK(sealed_by(*second) != sealed_by(*first));
    // One that cannot serve changes nothing.
    std::filesystem::remove(s.folder / "us.key");
    const auto faults = s.sockets->reload_certificates();
    REQUIRE(faults.size() == 1);
    CHECK(faults[0].find("listener 1 (TLS) keeps its old certificate: ") == 0);
    CHECK(sealed_by(*connect()) == sealed_by(*second));
    // Who was there is served on.
    first->say("REGISTER");
    CHECK(s.next<FlowBytes>().bytes == "REGISTER");
}
