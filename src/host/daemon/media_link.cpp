#include "host/daemon/media_link.hpp"

#include "base/limits.hpp"
#include "host/io/clocks.hpp"

#include <chrono>
#include <system_error>
#include <utility>
#include <variant>

namespace holdfast::host {
namespace {

constexpr std::chrono::milliseconds retry_after{20};
/// Then the sockets of SIP have their turn.
constexpr int reports_at_once = 64;
/// Three orders an endpoint when everything is made anew.
constexpr std::size_t most_waiting = 4 * limits::media_endpoints;

MediaId sockets_come_with(const media::Report& report) {
    if (const auto* const opened = std::get_if<media::Opened>(&report)) return opened->media;
    if (const auto* const listed = std::get_if<media::Listed>(&report)) return listed->media;
    return {};
}

MediaId sockets_go_with(const media::Order& order) {
    const auto* const open = std::get_if<media::Open>(&order);
    return open != nullptr && open->recreated ? open->media : MediaId{};
}

}  // namespace

MediaLink::MediaLink(asio::io_context& io,
                     std::string path,
                     std::function<void(engine::Input)> take)
    : io_{io}, path_{std::move(path)}, take_{std::move(take)}, retry_{io} {
    retry_.expires_after(std::chrono::milliseconds{});
    retry_.async_wait([this](const std::error_code& error) {
        if (!error) connect();
    });
}

void MediaLink::connect() {
    if (auto socket = connect_seqpacket(path_)) {
        connection_ = std::make_unique<Connection>(io_, *std::move(socket));
        connection_->readiness.on_readable([this] { read(); });
        take_(engine::MediaConnected{});
        return;
    }
    retry_.expires_after(retry_after);
    retry_.async_wait([this](const std::error_code& error) {
        if (!error) connect();
    });
}

void MediaLink::read() {
    for (int i = 0; i < reports_at_once && connection_; ++i) {
        auto message = receiver_.receive(connection_->socket.get());
        if (message)
            take_report(*std::move(message));
        else if (message.error() == ReceiveFault::nothing_waits)
            return;
        else
            return lose("the media process is gone; waiting for a new one");
    }
}

void MediaLink::take_report(ReceivedMessage message) {
    auto report = media::read_report(message.bytes);
    if (!report || message.truncated) {
        ++unreadable_;
        faults_.note(0,
                     LogLevel::error,
                     "a report of the media process cannot be read: are holdfastd and "
                     "holdfast-media of the same version?",
                     sample_clocks().now);
        return;
    }
    if (const MediaId media = sockets_come_with(*report); media && message.descriptors.size() == 2)
        sockets_[media] = std::move(message.descriptors);
    take_(engine::MediaReported{*std::move(report)});
}

void MediaLink::order(const media::Order& order) {
    if (!connection_) return;
    Waiting message{media::to_bytes(order), sockets_go_with(order)};
    const bool first = waiting_.empty();
    const auto outcome = first ? send(message) : SendOutcome::full;
    if (const auto* const close = std::get_if<media::Close>(&order)) sockets_.erase(close->media);
    // A broken connection is noticed where it is read.
    if (outcome != SendOutcome::full) return;
    if (waiting_.size() >= most_waiting)
        return lose("the media process takes no orders; connecting anew");
    waiting_.push_back(std::move(message));
    if (first) connection_->readiness.once_writable([this] { send_waiting(); });
}

SendOutcome MediaLink::send(const Waiting& order) {
    std::vector<int> sockets;
    if (const auto at = sockets_.find(order.with_sockets); at != sockets_.end())
        for (const Fd& socket : at->second)
            sockets.push_back(socket.get());
    return send_message(connection_->socket.get(), order.bytes, sockets);
}

void MediaLink::send_waiting() {
    while (connection_ && !waiting_.empty()) {
        if (send(waiting_.front()) == SendOutcome::full) {
            connection_->readiness.once_writable([this] { send_waiting(); });
            return;
        }
        waiting_.pop_front();
    }
}

void MediaLink::lose(const char* why) {
    log(LogLevel::error, why);
    connection_.reset();
    waiting_.clear();
    retry_.expires_after(retry_after);
    retry_.async_wait([this](const std::error_code& error) {
        if (!error) connect();
    });
    take_(engine::MediaLost{});
}

}  // namespace holdfast::host
