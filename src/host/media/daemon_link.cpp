#include "host/media/daemon_link.hpp"

#include "base/limits.hpp"
#include "host/io/log.hpp"

#include <algorithm>
#include <utility>

namespace holdfast::host {
namespace {

constexpr std::size_t most_strangers = 4;
/// Then the packets have their turn.
constexpr int orders_at_once = 64;

/// Reports that hand over sockets, so that our death does not close the ports.
MediaId sockets_go_with(const media::Report& report) {
    if (const auto* const opened = std::get_if<media::Opened>(&report)) return opened->media;
    if (const auto* const listed = std::get_if<media::Listed>(&report)) return listed->media;
    return {};
}

}  // namespace

struct DaemonLink::Connection {
    Fd socket;
    Readiness readiness;
    Connection(asio::io_context& io, Fd connected)
        : socket{std::move(connected)}, readiness{io, socket.get()} {}
};

DaemonLink::DaemonLink(asio::io_context& io, Fd listener, OrderTaker& taker)
    : io_{io}, listener_{std::move(listener)}, listening_{io, listener_.get()}, taker_{taker} {
    listening_.on_readable([this] { accept(); });
}

DaemonLink::~DaemonLink() = default;

void DaemonLink::accept() {
    Fd socket = accept_seqpacket(listener_.get());
    if (!socket) return;
    if (!peer_is_trusted(socket.get())) {
        log(LogLevel::warning, "a process of another user tried to give orders and was refused");
        return;
    }
    if (strangers_.size() >= most_strangers) strangers_.erase(strangers_.begin());
    strangers_.push_back(std::make_unique<Connection>(io_, std::move(socket)));
    Connection& connection = *strangers_.back();
    connection.readiness.on_readable([this, &connection] { read(connection); });
}

void DaemonLink::read(Connection& connection) {
    for (int i = 0; i < orders_at_once; ++i) {
        auto message = receiver_.receive(connection.socket.get());
        if (!message && message.error() == ReceiveFault::nothing_waits) return;
        if (!message) {
            drop(connection, "the daemon has gone; calls go on");
            return;
        }
        if (!take_message(connection, *std::move(message))) return;
    }
}

bool DaemonLink::take_message(Connection& connection, ReceivedMessage message) {
    auto order = media::read_order(message.bytes);
    const bool readable = order && !message.truncated;
    if (&connection != daemon_.get()) {
        if (!readable || !std::holds_alternative<media::Greet>(*order)) {
            drop(connection, "");
            return false;
        }
        greet(connection);
    }
    if (readable)
        taker_.take(*std::move(order), std::move(message.descriptors));
    else
        ++unreadable_orders_;
    return true;
}

void DaemonLink::greet(Connection& connection) {
    log(LogLevel::info, daemon_ ? "another daemon takes over" : "the daemon is there");
    const auto at = std::find_if(strangers_.begin(), strangers_.end(), [&](const auto& stranger) {
        return stranger.get() == &connection;
    });
    lost_reports_ += waiting_.size();
    waiting_.clear();
    daemon_ = std::move(*at);
    strangers_.erase(at);
}

void DaemonLink::drop(Connection& connection, const char* why) {
    if (&connection == daemon_.get()) {
        log(LogLevel::warning, why);
        lost_reports_ += waiting_.size();
        waiting_.clear();
        daemon_.reset();
        return;
    }
    std::erase_if(strangers_, [&](const auto& stranger) { return stranger.get() == &connection; });
}

void DaemonLink::report(const media::Report& report) {
    Waiting message{media::to_bytes(report), sockets_go_with(report)};
    if (!daemon_ || waiting_.size() >= limits::reports_waiting) {
        ++lost_reports_;
        return;
    }
    // A report must not overtake those that wait.
    const bool first = waiting_.empty();
    const auto outcome = first ? send(message) : SendOutcome::full;
    if (outcome == SendOutcome::sent) return;
    // A broken connection is noticed, and dropped, where it is read.
    if (outcome == SendOutcome::broken) {
        ++lost_reports_;
        return;
    }
    waiting_.push_back(std::move(message));
    if (first) daemon_->readiness.once_writable([this] { send_waiting(); });
}

SendOutcome DaemonLink::send(const Waiting& report) {
    std::vector<int> sockets;
    if (report.with_sockets) sockets = taker_.sockets_of(report.with_sockets);
    return send_message(daemon_->socket.get(), report.bytes, sockets);
}

void DaemonLink::send_waiting() {
    while (daemon_ && !waiting_.empty()) {
        const auto outcome = send(waiting_.front());
        if (outcome == SendOutcome::full) {
            daemon_->readiness.once_writable([this] { send_waiting(); });
            return;
        }
        if (outcome == SendOutcome::broken) ++lost_reports_;
        waiting_.pop_front();
    }
}

}  // namespace holdfast::host
