// host/net/resolver.hpp: the engine's questions to the DNS, asked by c-ares in the loop.
#pragma once
#include "engine/effects.hpp"
#include "host/io/log.hpp"
#include "host/io/readiness.hpp"
#include "host/net/intake.hpp"

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>

#include <cstddef>
#include <cstdint>
#include <ctime>
#include <deque>
#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

struct ares_channeldata;

namespace holdfast::host {

struct ResolverLimits {
    std::size_t questions = 256;  ///< Open at a time: a tenth of a second of new calls is 2.
    Micros answers_within = 5s;   ///< The engine waits for 10 s.
    Micros asks_again_after = 1200ms;
};

struct ResolverCounters {
    std::uint64_t asked = 0;
    std::uint64_t found = 0;
    std::uint64_t nothing = 0;
    std::uint64_t failed = 0;   ///< Those too late and refused included.
    std::uint64_t late = 0;     ///< No server answered in time.
    std::uint64_t refused = 0;  ///< Too many questions at a time.
};

class Resolver {
public:
    /// Asks these servers, "192.0.2.53" or "[2001:db8::53]:53"; where there are none, those of
    /// /etc/resolv.conf, which is read again when it has changed. A sentence where one is no
    /// address.
    static std::expected<std::unique_ptr<Resolver>, std::string> open(
        asio::io_context& io,
        const std::vector<std::string>& name_servers,
        TakeInput take,
        const ResolverLimits& limits = {});
    Resolver(const Resolver&) = delete;
    Resolver& operator=(const Resolver&) = delete;
    /// What is open is answered as failed, before this ends: who takes must live longer.
    ~Resolver();

    /// One Resolved follows for each question, in a later round of the loop. Addresses are looked
    /// for in /etc/hosts first.
    void ask(const engine::Resolve& order);

    const ResolverCounters& counters() const { return counters_; }

private:
    struct Question {
        sip::DnsQuestion asked;
        asio::steady_timer timer;
    };
    struct Socket {
        Readiness readiness;
        bool wants_to_write = false;
        Socket(asio::io_context& io, int socket) : readiness{io, socket} {}
    };
    struct Ticket;  // what c-ares gives back with an answer
    struct ChannelDeleter {
        void operator()(ares_channeldata* channel) const;
    };
    using Channel = std::unique_ptr<ares_channeldata, ChannelDeleter>;

    Resolver(asio::io_context& io, TakeInput take, const ResolverLimits& limits);
    std::expected<Channel, std::string> new_channel();
    /// Where the system's servers have changed, asks them from now on.
    void look_at_system_servers();
    bool answer_from_hosts(const sip::DnsQuestion& question);

    /// Calls `handler` unless the time is stopped, or this has gone.
    void at_time(asio::steady_timer& timer, Micros after, std::function<void()> handler);
    void socket_wants(int socket, bool to_read, bool to_write);
    void once_writable(int socket);
    void process(int to_read, int to_write);
    void arm_timer();
    void answered(std::uint64_t serial, int status, const std::uint8_t* bytes, std::size_t size);
    void late(std::uint64_t serial);
    void give_up(std::uint64_t serial, const std::string& why);
    void finish(const sip::DnsQuestion& question, sip::DnsAnswer answer);
    void deliver();

    asio::io_context& io_;
    TakeInput take_;
    ResolverLimits limits_;
    ResolverCounters counters_;
    FaultLog faults_{1};
    std::string servers_;  // as c-ares reads them; empty: the system's
    std::time_t system_servers_at_ = 0;
    asio::steady_timer timer_;
    std::map<int, std::unique_ptr<Socket>> sockets_;
    std::map<std::uint64_t, std::unique_ptr<Question>> questions_;
    std::uint64_t last_serial_ = 0;
    std::deque<engine::Resolved> answers_;  // to be delivered
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
    Channel channel_;  // goes first: it still answers
};

}  // namespace holdfast::host
