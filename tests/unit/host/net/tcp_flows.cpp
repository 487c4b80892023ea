#include "unit/host/net/plain_peer.hpp"
#include "unit/host/net/sockets_fixture.hpp"

using namespace holdfast;
using namespace holdfast::test;
using engine::FlowAccepted;
using engine::FlowBytes;
using engine::FlowClosed;
using engine::FlowOpened;
using engine::OpenFlow;
using engine::SendBytes;

namespace {

constexpr FlowId ours{1'000'000};  // as the engine numbers them

Endpoint from_of(const host::Fd& socket) {
    return host::bound_to(socket.get());
}

}  // namespace

TEST_CASE("tcp: a peer connects, both speak, it leaves", "[host][net]") {
    const auto address = GENERATE(loopback, loopback6);
    Sockets s{{listen(sip::Transport::udp), listen(sip::Transport::tcp, address)}};
    host::Fd peer = connect_to(s.bound(2));
    const auto accepted = s.next<FlowAccepted>();
    CHECK(accepted.listener == ListenerId{2});
    CHECK(accepted.from == from_of(peer));
    CHECK(accepted.flow.value > 0);
    CHECK(accepted.flow.value < 1'000'000);  // the engine's own begin there

    const Instant before = host::sample_clocks().now;
    write_all(peer, "REGISTER");
    CHECK(s.next<FlowBytes>().bytes == "REGISTER");
    CHECK(s.times.back() >= before);
    s.send(SendBytes{accepted.flow, "200 OK"});
    Heard heard;
    s.run_until([&] { return heard.listen(peer), !heard.bytes.empty(); });
    CHECK(heard.bytes == "200 OK");

    CHECK(s.counters().flows == 1);
    peer = {};
    const auto closed = s.next<FlowClosed>();
    CHECK(closed.flow == accepted.flow);
    CHECK_FALSE(closed.why.empty());
    CHECK(s.counters().flows == 0);
    CHECK(s.counters().flows_accepted == 1);
    s.send(SendBytes{accepted.flow, "too late"});
    CHECK(s.counters().sends_without_flow == 1);
    s.run_for(20ms);
    CHECK(s.inputs.size() == 3);
}

TEST_CASE("tcp: bytes sent and a close within taking an input", "[host][net]") {
    Sockets s{{listen(sip::Transport::tcp)}};
    s.on_input = [&](const engine::Input& input) {
        if (const auto* const bytes = std::get_if<FlowBytes>(&input)) {
            s.send(SendBytes{bytes->flow, "400 Bad Request"});
            s.close(bytes->flow);
        }
    };
    const host::Fd peer = connect_to(s.bound(1));
    write_all(peer, "garbage");
    Heard heard;
    s.run_until([&] { return heard.listen(peer), heard.closed; });
    CHECK(heard.bytes == "400 Bad Request");
    CHECK(s.next<FlowClosed>().flow == s.next<FlowAccepted>().flow);
    write_all(peer, "more garbage");  // nobody listens any more
    s.run_for(20ms);
    CHECK(s.all<FlowBytes>().size() == 1);
    CHECK(s.all<FlowClosed>().size() == 1);
}

TEST_CASE("tcp: a closed flow goes even if its peer does not", "[host][net]") {
    host::SocketLimits limits;
    limits.closes_within = 20ms;
    Sockets s{{listen(sip::Transport::tcp)}, limits};
    const host::Fd peer = connect_to(s.bound(1));
    s.close(s.next<FlowAccepted>().flow);
    s.next<FlowClosed>();
    CHECK(s.counters().flows == 1);
    s.run_until([&] { return s.counters().flows == 0; });
    CHECK(s.all<FlowClosed>().size() == 1);
}

TEST_CASE("tcp: we connect, from the listener's address", "[host][net]") {
    const auto address =
        GENERATE(as<IpAddress>{}, loopback, loopback6, IpAddress::v4(127, 0, 0, 2));
    Sockets s{{listen(sip::Transport::tcp, address)}};
    const host::Fd server =
        listen_at(address.family == IpAddress::Family::v4 ? loopback : loopback6);
    s.open(OpenFlow{ours, ListenerId{1}, host::bound_to(server.get()), {}});
    CHECK(s.next<FlowOpened>().flow == ours);
    const host::Fd peer{::accept(server.get(), nullptr, nullptr)};
    REQUIRE(peer);
    host::SocketAddress from{};
    socklen_t size = sizeof from;
    REQUIRE(::getpeername(peer.get(), &from.any, &size) == 0);
    CHECK(host::endpoint_of(from).address == address);
    s.send(SendBytes{ours, "INVITE"});
    Heard heard;
    s.run_until([&] { return heard.listen(peer), !heard.bytes.empty(); });
    CHECK(heard.bytes == "INVITE");
    write_all(peer, "100 Trying");
    CHECK(s.next<FlowBytes>().flow == ours);
    CHECK(s.bytes_of(ours) == "100 Trying");
    s.close(ours);
    CHECK(s.next<FlowClosed>().flow == ours);
    CHECK(s.counters().flows_opened == 1);
    CHECK(s.counters().flows_not_opened == 0);
}

TEST_CASE("tcp: what cannot be opened is told as closed, once, with the reason", "[host][net]") {
    host::SocketLimits limits;
    limits.connects_within = 50ms;
    Sockets s{{listen(sip::Transport::tcp), listen(sip::Transport::udp)}, limits};
    SECTION("nobody listens there") {
        s.open(OpenFlow{ours, ListenerId{1}, nobody(loopback), {}});
        CHECK(s.next<FlowClosed>().why == "Connection refused");
    }
    SECTION("the other family") {
        s.open(OpenFlow{ours, ListenerId{1}, nobody(loopback6), {}});
        CHECK(s.next<FlowClosed>().why.find("cannot connect from 127.0.0.1") == 0);
    }
    SECTION("no address") {
        s.open(OpenFlow{ours, ListenerId{1}, {}, {}});
        CHECK(s.next<FlowClosed>().why == "there is no address to connect to");
    }
    SECTION("a listener of UDP") {
        s.open(OpenFlow{ours, ListenerId{2}, nobody(loopback), {}});
        CHECK(s.next<FlowClosed>().why == "listener 2 is not TCP or TLS");
    }
    SECTION("one that does not answer") {
        // A full backlog on Linux: the handshake is not answered.
        const host::Fd server = listen_at(loopback);
        REQUIRE(::listen(server.get(), 0) == 0);
        const host::Fd first = connect_to(host::bound_to(server.get()));
        s.open(OpenFlow{ours, ListenerId{1}, host::bound_to(server.get()), {}});
        CHECK(s.next<FlowClosed>().why == "it did not answer in time");
    }
    SECTION("given up by the engine") {
        const host::Fd server = listen_at(loopback);
        REQUIRE(::listen(server.get(), 0) == 0);
        const host::Fd first = connect_to(host::bound_to(server.get()));
        s.open(OpenFlow{ours, ListenerId{1}, host::bound_to(server.get()), {}});
        s.close(ours);
        CHECK(s.next<FlowClosed>().why == "we gave it up");
    }
    s.run_for(100ms);
    CHECK(s.inputs.size() == 1);
    CHECK(s.all<FlowClosed>().front().flow == ours);
    CHECK(s.counters().flows == 0);
    CHECK(s.counters().flows_not_opened == 1);
}

TEST_CASE("tcp: more than the kernel takes waits, and comes whole", "[host][net]") {
    host::SocketLimits limits;
    limits.unsent_bytes = 64 * 1024 * 1024;
    limits.all_unsent_bytes = limits.unsent_bytes;
    Sockets s{{listen(sip::Transport::tcp)}, limits};
    const host::Fd peer = connect_to(s.bound(1));
    const auto flow = s.next<FlowAccepted>().flow;
    std::string sent;
    for (int i = 0; i < 300; ++i) {
        const std::string message(65'536, static_cast<char>('a' + i % 26));
        sent += message;
        s.send(SendBytes{flow, message});
    }
    Heard heard;
    s.run_until([&] { return heard.listen(peer), heard.bytes.size() >= sent.size(); });
    CHECK(heard.bytes == sent);
    CHECK(s.counters().bytes_out == sent.size());
    // Closed with bytes under way, they still come.
    s.send(SendBytes{flow, sent});
    s.close(flow);
    heard = {};
    s.run_until([&] { return heard.listen(peer), heard.closed; });
    CHECK(heard.bytes == sent);
}

TEST_CASE("tcp: a peer that does not read is closed", "[host][net]") {
    host::SocketLimits limits;
    SECTION("its own limit") {}
    SECTION("that of all together") {
        limits.all_unsent_bytes = 100'000;
    }
    Sockets s{{listen(sip::Transport::tcp)}, limits};
    const host::Fd peer = connect_to(s.bound(1));
    const auto flow = s.next<FlowAccepted>().flow;
    for (int i = 0; i < 1000 && s.counters().flows == 1; ++i)
        s.send(SendBytes{flow, std::string(60'000, 'x')});
    CHECK(s.next<FlowClosed>().why.find("it does not read what it is sent") == 0);
    CHECK(s.counters().flows_not_reading == 1);
    CHECK(s.counters().flows == 0);
}

TEST_CASE("tcp: connections beyond a limit are closed and counted", "[host][net]") {
    host::SocketLimits limits;
    SECTION("of a listener") {
        limits.flows_of_listener = 3;
    }
    SECTION("of an address") {
        limits.flows_of_address = 3;
    }
    SECTION("of all") {
        limits.flows = 3;
    }
    Sockets s{{listen(sip::Transport::tcp)}, limits};
    std::vector<host::Fd> peers;
    for (int i = 0; i < 4; ++i) {
        peers.push_back(connect_to(s.bound(1)));
        s.run_until([&] {
            return s.all<FlowAccepted>().size() + s.counters().flows_refused == peers.size();
        });
    }
    CHECK(s.all<FlowAccepted>().size() == 3);
    CHECK(s.counters().flows_refused == 1);
    Heard heard;
    s.run_until([&] { return heard.listen(peers.back()), heard.closed; });
    if (limits.flows == 3) {
        s.open(OpenFlow{ours, ListenerId{1}, s.bound(1), {}});
        CHECK(s.next<FlowClosed>().why == "there are 3 connections, and no more may be");
    }
    // One that goes makes room.
    peers.erase(peers.begin());
    s.next<FlowClosed>();
    peers.push_back(connect_to(s.bound(1)));
    s.run_until([&] { return s.all<FlowAccepted>().size() == 4; });
}

TEST_CASE("tcp: flows of one address and of another", "[host][net]") {
    host::SocketLimits limits;
    limits.flows_of_address = 1;
    Sockets s{{listen(sip::Transport::tcp)}, limits};
    const host::Fd first = connect_to(s.bound(1));
    s.next<FlowAccepted>();
    const host::Fd other = tcp_socket(s.bound(1));
    const auto local = host::kernel_address({IpAddress::v4(127, 0, 0, 2), 0});
    REQUIRE(::bind(other.get(), &local.address.any, local.size) == 0);
    const auto to = host::kernel_address(s.bound(1));
    REQUIRE(::connect(other.get(), &to.address.any, to.size) == 0);
    CHECK(s.next<FlowAccepted>().from.address == IpAddress::v4(127, 0, 0, 2));
}
