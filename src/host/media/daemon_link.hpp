// host/media/daemon_link.hpp: the connection to the daemon: orders in, reports out. The daemon may
// go and come as it likes; who greets last is the daemon.
#pragma once
#include "host/io/fd.hpp"
#include "host/io/readiness.hpp"
#include "host/io/seqpacket.hpp"
#include "media/orders.hpp"

#include <asio/io_context.hpp>

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace holdfast::host {

/// Who carries out the orders.
class OrderTaker {
public:
    OrderTaker() = default;
    OrderTaker(const OrderTaker&) = delete;
    OrderTaker& operator=(const OrderTaker&) = delete;
    virtual ~OrderTaker() = default;
    virtual void take(media::Order order, std::vector<Fd> sockets) = 0;
    /// The sockets of an endpoint, to go with a report; none where it is closed.
    virtual std::vector<int> sockets_of(MediaId media) = 0;
};

class DaemonLink {
public:
    DaemonLink(asio::io_context& io, Fd listener, OrderTaker& taker);
    ~DaemonLink();

    /// Without a daemon, or with one that does not read, reports are lost and counted.
    void report(const media::Report& report);

    std::uint64_t unreadable_orders() const { return unreadable_orders_; }
    std::uint64_t lost_reports() const { return lost_reports_; }

private:
    struct Connection;
    struct Waiting {
        std::string bytes;
        MediaId with_sockets;  // whose sockets go along; nobody's: none
    };

    void accept();
    /// Reads what waits; a connection that breaks the rules is dropped.
    void read(Connection& connection);
    bool take_message(Connection& connection, ReceivedMessage message);
    void greet(Connection& connection);
    void drop(Connection& connection, const char* why);
    SendOutcome send(const Waiting& report);
    void send_waiting();

    asio::io_context& io_;
    Fd listener_;
    Readiness listening_;
    OrderTaker& taker_;
    MessageReceiver receiver_{media::most_message_bytes};
    std::vector<std::unique_ptr<Connection>> strangers_;  // did not greet yet
    std::unique_ptr<Connection> daemon_;
    std::deque<Waiting> waiting_;
    std::uint64_t unreadable_orders_ = 0;
    std::uint64_t lost_reports_ = 0;
};

}  // namespace holdfast::host
