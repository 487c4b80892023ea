#include "host/io/udp_socket.hpp"
#include "unit/host/net/sockets_fixture.hpp"

#include <fcntl.h>
#include <sys/socket.h>

using namespace holdfast;
using namespace holdfast::test;
using engine::DatagramFailed;
using engine::DatagramReceived;
using engine::SendDatagram;

namespace {

host::Fd phone_at(const IpAddress& address) {
    auto socket = host::bind_udp({address, 0}, host::ServiceClass::best_effort);
    REQUIRE(socket);
    return *std::move(socket);
}
void send(const host::Fd& from, const Endpoint& to, std::string_view text) {
    REQUIRE(host::send_datagram(
        from.get(), to, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}));
}
std::string receive(Sockets& loop, const host::Fd& at) {
    std::string out(65'536, '\0');
    ssize_t count = -1;
    loop.run_until([&] {
        count = ::recv(at.get(), out.data(), out.size(), MSG_DONTWAIT);
        return count >= 0;
    });
    out.resize(static_cast<std::size_t>(count));
    return out;
}

}  // namespace

TEST_CASE("udp: both ways, each listener with its number", "[host][net]") {
    const auto address = GENERATE(loopback, loopback6);
    Sockets s{{listen(sip::Transport::udp, loopback), listen(sip::Transport::udp, address)}};
    const host::Fd phone = phone_at(address);
    const Instant before = host::sample_clocks().now;
    send(phone, s.bound(2), "OPTIONS sip:a SIP/2.0\r\n\r\n");
    const auto received = s.next<DatagramReceived>();
    CHECK(received.listener == ListenerId{2});
    CHECK(received.from == host::bound_to(phone.get()));
    CHECK(received.bytes == "OPTIONS sip:a SIP/2.0\r\n\r\n");
    // Two clocks read one after the other may differ by what lies between.
    CHECK(s.times.front() >= before - 5ms);
    CHECK(s.times.front() <= host::sample_clocks().now);

    s.send(SendDatagram{ListenerId{2}, received.from, "SIP/2.0 200 OK\r\n\r\n"});
    CHECK(receive(s, phone) == "SIP/2.0 200 OK\r\n\r\n");
    const auto counters = s.counters();
    CHECK(counters.datagrams_in == 1);
    CHECK(counters.datagrams_out == 1);
    CHECK(counters.stamps_implausible == 0);
    CHECK(counters.datagrams_dropped == 0);
}

TEST_CASE("udp: the time is the kernel's, not that of reading", "[host][net]") {
    Sockets s{{listen(sip::Transport::udp)}};
    const host::Fd phone = phone_at(loopback);
    // The kernel begins to stamp a moment after the first socket has asked for it.
    bool before_reading = false;
    for (int attempt = 0; attempt < 20 && !before_reading; ++attempt) {
        send(phone, s.bound(1), "x");
        const Instant sent = host::sample_clocks().now;
        while (host::sample_clocks().now < sent + 20ms) {}
        s.next<DatagramReceived>();
        before_reading = s.times.back() <= sent + 5ms;
    }
    CHECK(before_reading);
}

TEST_CASE("udp: empty datagrams, keep-alives and the largest pass as they are", "[host][net]") {
    Sockets s{{listen(sip::Transport::udp)}};
    const host::Fd phone = phone_at(loopback);
    const std::string largest(65'507, 'x');  // 65,535 less the headers of IPv4 and UDP
    send(phone, s.bound(1), "");
    send(phone, s.bound(1), "\r\n\r\n");
    send(phone, s.bound(1), largest);
    CHECK(s.next<DatagramReceived>().bytes.empty());
    CHECK(s.next<DatagramReceived>().bytes == "\r\n\r\n");
    CHECK(s.next<DatagramReceived>().bytes == largest);
    s.send(SendDatagram{ListenerId{1}, host::bound_to(phone.get()), largest});
    CHECK(receive(s, phone) == largest);
}

TEST_CASE("udp: more than one wake-up reads come all, in their order", "[host][net]") {
    Sockets s{{listen(sip::Transport::udp)}};
    const host::Fd phone = phone_at(loopback);
    for (int i = 0; i < 100; ++i)
        send(phone, s.bound(1), std::to_string(i));
    for (int i = 0; i < 100; ++i)
        CHECK(s.next<DatagramReceived>().bytes == std::to_string(i));
}

TEST_CASE("udp: what ICMP says of a datagram fails it, and nothing else", "[host][net]") {
    const auto address = GENERATE(loopback, loopback6);
    Sockets s{{listen(sip::Transport::udp, address)}};
    const host::Fd phone = phone_at(address);
    Endpoint closed;
    {
        const host::Fd gone = phone_at(address);
        closed = host::bound_to(gone.get());
    }
    for (int i = 0; i < 3; ++i) {
        s.send(SendDatagram{ListenerId{1}, closed, "anybody?"});
        // The pending error of the one before must not lose this one.
        s.send(SendDatagram{ListenerId{1}, host::bound_to(phone.get()), "you"});
        CHECK(receive(s, phone) == "you");
        send(phone, s.bound(1), "me");
        CHECK(s.next<DatagramReceived>().bytes == "me");
        const auto failed = s.next<DatagramFailed>();
        CHECK(failed.listener == ListenerId{1});
        CHECK(failed.to == closed);
    }
    CHECK(s.counters().datagrams_failed == 3);
    CHECK(s.counters().datagrams_out == 6);
    CHECK(s.all<DatagramFailed>().size() == 3);
}

TEST_CASE("udp: what cannot be sent at all fails at once", "[host][net]") {
    Sockets s{{listen(sip::Transport::udp)}};
    const Endpoint phone{loopback, 9};
    const Endpoint other_family{loopback6, 5060};
    s.send(SendDatagram{ListenerId{1}, phone, std::string(70'000, 'x')});
    CHECK(s.next<DatagramFailed>().to == phone);
    s.send(SendDatagram{ListenerId{1}, other_family, "x"});
    CHECK(s.next<DatagramFailed>().to == other_family);
    s.send(SendDatagram{ListenerId{7}, phone, "x"});
    CHECK(s.next<DatagramFailed>().listener == ListenerId{7});
    CHECK(s.counters().datagrams_not_sent == 3);
    CHECK(s.counters().datagrams_out == 0);
}

TEST_CASE("listeners: all that cannot be bound are told at once, with advice", "[host][net]") {
    const host::Fd taken = phone_at(loopback);
    auto in_use = listen(sip::Transport::udp);
    in_use.bind = host::bound_to(taken.get());
    const auto foreign = listen(sip::Transport::tcp, IpAddress::v4(192, 0, 2, 1));
    Taken taken_inputs;
    const auto opened = host::SipSockets::open(
        taken_inputs.io, {in_use, listen(sip::Transport::udp), foreign}, taken_inputs.taker());
    REQUIRE_FALSE(opened);
    REQUIRE(opened.error().size() == 2);
    CHECK(opened.error()[0].find("listener 1 (UDP): cannot bind 127.0.0.1 port ") == 0);
    CHECK(opened.error()[0].find("choose another port") != std::string::npos);
    CHECK(opened.error()[1].find("listener 3 (TCP): cannot bind 192.0.2.1 port 0: ") == 0);
    CHECK(opened.error()[1].find("choose an address of this machine") != std::string::npos);
}

TEST_CASE("sockets: none comes through after they are closed", "[host][net]") {
    Sockets s{{listen(sip::Transport::udp)}};
    const host::Fd phone = phone_at(loopback);
    send(phone, s.bound(1), "x");
    s.send(SendDatagram{ListenerId{7}, {}, "x"});  // its failure is on the way
    s.sockets.reset();
    s.run_for(20ms);
    CHECK(s.inputs.empty());
}
