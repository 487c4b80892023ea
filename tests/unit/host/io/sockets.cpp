#include "host/io/datagram_reader.hpp"
#include "host/io/poller.hpp"
#include "host/io/socket_address.hpp"
#include "host/io/udp_socket.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <netinet/ip.h>
#include <poll.h>
#include <string>
#include <sys/socket.h>

using namespace holdfast;
using namespace holdfast::host;

namespace {
const IpAddress loopback = IpAddress::v4(127, 0, 0, 1);
const IpAddress loopback6{IpAddress::Family::v6, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}};

Fd bound(const IpAddress& address) {
    auto socket = bind_udp({address, 0}, ServiceClass::voice);
    REQUIRE(socket);
    return *std::move(socket);
}
void send(const Fd& from, const Fd& to, std::string_view text) {
    REQUIRE(send_datagram(from.get(),
                          bound_to(to.get()),
                          {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}));
}
std::string text_of(const Datagram& datagram) {
    return {datagram.bytes.begin(), datagram.bytes.end()};
}
void wait_readable(const Fd& socket) {
    pollfd ready{socket.get(), POLLIN, 0};
    REQUIRE(poll(&ready, 1, 5000) == 1);
}
int option(const Fd& socket, int level, int name) {
    int value = -1;
    socklen_t size = sizeof value;
    REQUIRE(getsockopt(socket.get(), level, name, &value, &size) == 0);
    return value;
}
}  // namespace

TEST_CASE("socket address: there and back", "[host][sockets]") {
    for (const Endpoint& endpoint :
         {Endpoint{IpAddress::v4(192, 0, 2, 9), 5060}, Endpoint{loopback6, 65'535}}) {
        const auto kernel = kernel_address(endpoint);
        CHECK(kernel.size > 0);
        CHECK(endpoint_of(kernel.address) == endpoint);
    }
    CHECK(kernel_address(Endpoint{}).size == 0);
    CHECK(endpoint_of(SocketAddress{}) == Endpoint{});
    // RFC 4291 2.5.5.2: ::ffff:192.0.2.9 is 192.0.2.9.
    const IpAddress mapped{IpAddress::Family::v6,
                           {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 9}};
    CHECK(endpoint_of(kernel_address({mapped, 7}).address) ==
          Endpoint{IpAddress::v4(192, 0, 2, 9), 7});
}

TEST_CASE("udp: datagrams with sender and time", "[host][sockets]") {
    const auto address = GENERATE(loopback, loopback6);
    const Fd a = bound(address);
    const Fd b = bound(address);
    DatagramReader reader{4, 64};
    CHECK(reader.read(b.get(), sample_clocks()).empty());
    const Instant before = sample_clocks().now;
    send(a, b, "one");
    send(a, b, "two");
    wait_readable(b);
    const auto clocks = sample_clocks();
    const auto datagrams = reader.read(b.get(), clocks);
    REQUIRE(datagrams.size() == 2);
    CHECK(text_of(datagrams[0]) == "one");
    CHECK(text_of(datagrams[1]) == "two");
    CHECK(datagrams[0].from == bound_to(a.get()));
    CHECK_FALSE(datagrams[0].truncated);
    // Two clocks read one after the other may differ by what lies between.
    CHECK(datagrams[0].received_at >= before - 5ms);
    CHECK(datagrams[0].received_at <= clocks.now);
    CHECK(reader.implausible_stamps() == 0);
}

TEST_CASE("udp: more than fits at once, and longer than fits", "[host][sockets]") {
    const Fd a = bound(loopback);
    const Fd b = bound(loopback);
    DatagramReader reader{2, 8};
    for (const auto* text : {"1", "2", "123456789", "", "5"})
        send(a, b, text);
    wait_readable(b);
    CHECK(reader.read(b.get(), sample_clocks()).size() == 2);
    const auto next = reader.read(b.get(), sample_clocks());
    REQUIRE(next.size() == 2);
    CHECK(next[0].truncated);
    CHECK(next[0].bytes.size() == 8);
    CHECK(next[1].bytes.empty());
    send(a, b, "6");
    reader.drain(b.get(), 100);
    CHECK(reader.read(b.get(), sample_clocks()).empty());
}

TEST_CASE("udp: marked for its class", "[host][sockets]") {
    CHECK(option(bound(loopback), IPPROTO_IP, IP_TOS) == 46 << 2);
    CHECK(option(bound(loopback6), IPPROTO_IPV6, IPV6_TCLASS) == 46 << 2);
    const auto signalling = bind_udp({loopback, 0}, ServiceClass::signalling);
    REQUIRE(signalling);
    CHECK(option(*signalling, IPPROTO_IP, IP_TOS) == 24 << 2);
    CHECK(option(bound(loopback6), IPPROTO_IPV6, IPV6_V6ONLY) == 1);
}

TEST_CASE("udp: what cannot be bound says why", "[host][sockets]") {
    const Fd taken = bound(loopback);
    const auto again = bind_udp(bound_to(taken.get()), ServiceClass::voice);
    REQUIRE_FALSE(again);
    CHECK(again.error().fault == SocketFault::port_in_use);
    CHECK(again.error().text.find("127.0.0.1 port ") != std::string::npos);
    const auto foreign = bind_udp({IpAddress::v4(192, 0, 2, 1), 0}, ServiceClass::voice);
    REQUIRE_FALSE(foreign);
    CHECK(foreign.error().fault == SocketFault::not_our_address);
    CHECK_FALSE(bind_udp({}, ServiceClass::voice));
}

TEST_CASE("udp: sockets of another process are looked at before they are used", "[host][sockets]") {
    const Fd mine = bound(loopback);
    const std::uint16_t port = bound_to(mine.get()).port;
    const auto adopted = adopt_udp(Fd{dup(mine.get())}, port, ServiceClass::voice);
    REQUIRE(adopted);
    CHECK(bound_to(adopted->get()).port == port);
    const auto wrong_port =
        adopt_udp(Fd{dup(mine.get())}, static_cast<std::uint16_t>(port + 1), ServiceClass::voice);
    REQUIRE_FALSE(wrong_port);
    CHECK(wrong_port.error().fault == SocketFault::wrong_kind);
    CHECK_FALSE(adopt_udp(Fd{}, port, ServiceClass::voice));
    CHECK_FALSE(adopt_udp(Fd{socket(AF_INET, SOCK_STREAM, 0)}, 0, ServiceClass::voice));
}

TEST_CASE("poller: tells which of many is readable", "[host][sockets]") {
    const Fd a = bound(loopback);
    const Fd b = bound(loopback);
    Poller poller;
    REQUIRE(poller.add(a.get(), 11));
    REQUIRE(poller.add(b.get(), 22));
    CHECK_FALSE(poller.add(-1, 33));
    CHECK(poller.wait().empty());
    send(a, b, "x");
    wait_readable(b);
    const auto tokens = poller.wait();
    REQUIRE(tokens.size() == 1);
    CHECK(tokens[0] == 22);
    CHECK(poller.wait().size() == 1);  // as long as it is not read
    // Another process may hold the socket open: closing alone would not take it out.
    const Fd other_process{dup(b.get())};
    poller.remove(b.get());
    CHECK(poller.wait().empty());
}
