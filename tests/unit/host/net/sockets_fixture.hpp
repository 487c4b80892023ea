// tests/unit/host/net/sockets_fixture.hpp: the SIP sockets on the loopback, and the inputs they
// gave.
#pragma once
#include "host/io/clocks.hpp"
#include "host/net/sip_sockets.hpp"

#include <asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace holdfast::test {

inline const IpAddress loopback = IpAddress::v4(127, 0, 0, 1);
inline const IpAddress loopback6{IpAddress::Family::v6,
                                 {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}};

inline engine::ListenerSettings listen(sip::Transport transport,
                                       const IpAddress& address = loopback) {
    engine::ListenerSettings out;
    out.transport = transport;
    out.bind = {address, 0};
    return out;
}

/// Inputs as they came, and a loop that runs until something holds.
struct Taken {
    asio::io_context io{1};
    std::vector<engine::Input> inputs;
    std::vector<Instant> times;
    std::function<void(const engine::Input&)> on_input;
    bool within_effect = false;  // while the test plays an effect, no input may come

    host::TakeInput taker() {
        return [this](engine::Input input, Instant received_at) {
            CHECK_FALSE(within_effect);
            inputs.push_back(std::move(input));
            times.push_back(received_at);
            if (on_input) on_input(engine::Input{inputs.back()});
        };
    }

    /// Fails the test where it does not hold in 10 s.
    void run_until(const std::function<bool()>& holds) {
        const Instant give_up = host::sample_clocks().now + 10s;
        bool held = holds();
        for (; !held && host::sample_clocks().now < give_up; held = holds())
            io.run_one_for(std::chrono::milliseconds{10});
        REQUIRE(held);
    }
    void run_for(Micros span) { io.run_for(span); }

    template <class Input>
    std::vector<Input> all() const {
        std::vector<Input> out;
        for (const auto& input : inputs)
            if (const auto* const one = std::get_if<Input>(&input)) out.push_back(*one);
        return out;
    }
    /// The next input of its kind that comes, or has come and was not waited for yet.
    template <class Input>
    Input next() {
        auto& seen = seen_[engine::Input{Input{}}.index()];
        run_until([&] { return all<Input>().size() > seen; });
        return all<Input>()[seen++];
    }
    std::string bytes_of(FlowId flow) const {
        std::string out;
        for (const auto& input : all<engine::FlowBytes>())
            if (input.flow == flow) out += input.bytes;
        return out;
    }

private:
    std::vector<std::size_t> seen_ = std::vector<std::size_t>(64);
};

struct Sockets : Taken {
    std::unique_ptr<host::SipSockets> sockets;

    explicit Sockets(const std::vector<engine::ListenerSettings>& listeners,
                     const host::SocketLimits& limits = {}) {
        auto opened = host::SipSockets::open(io, listeners, taker(), limits);
        if (!opened)
            for (const auto& fault : opened.error())
                UNSCOPED_INFO(fault);
        REQUIRE(opened);
        sockets = *std::move(opened);
    }

    template <class Effect>
    void send(const Effect& effect) {
        within_effect = true;
        sockets->send(effect);
        within_effect = false;
    }
    void open(const engine::OpenFlow& order) {
        within_effect = true;
        sockets->open(order);
        within_effect = false;
    }
    void close(FlowId flow) {
        within_effect = true;
        sockets->close({flow});
        within_effect = false;
    }
    Endpoint bound(std::uint32_t listener) const { return sockets->bound(ListenerId{listener}); }
    host::SocketCounters counters() { return sockets->counters(); }
};

}  // namespace holdfast::test
