// host/daemon/media_link.hpp: the daemon's end of the media process's socket. Connects as soon as
// the media process is there, and again after it died; keeps a copy of every RTP socket, so that a
// new media process gets the same ports back.
#pragma once
#include "engine/inputs.hpp"
#include "host/io/fd.hpp"
#include "host/io/log.hpp"
#include "host/io/readiness.hpp"
#include "host/io/seqpacket.hpp"
#include "media/orders.hpp"

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace holdfast::host {

class MediaLink {
public:
    /// `take` is told MediaConnected, MediaReported and MediaLost.
    MediaLink(asio::io_context& io, std::string path, std::function<void(engine::Input)> take);

    /// Without a connection the order is dropped: the engine says everything again after Greeted.
    void order(const media::Order& order);
    std::uint64_t unreadable_reports() const { return unreadable_; }

private:
    struct Connection {
        Fd socket;
        Readiness readiness;
        Connection(asio::io_context& io, Fd connected)
            : socket{std::move(connected)}, readiness{io, socket.get()} {}
    };
    struct Waiting {
        std::string bytes;
        MediaId with_sockets;
    };

    void connect();
    void read();
    void take_report(ReceivedMessage message);
    SendOutcome send(const Waiting& order);
    void send_waiting();
    void lose(const char* why);

    asio::io_context& io_;
    std::string path_;
    std::function<void(engine::Input)> take_;
    asio::steady_timer retry_;
    std::unique_ptr<Connection> connection_;
    MessageReceiver receiver_{media::most_message_bytes};
    std::deque<Waiting> waiting_;
    std::unordered_map<MediaId, std::vector<Fd>> sockets_;
    std::uint64_t unreadable_ = 0;
    FaultLog faults_{1};
};

}  // namespace holdfast::host
