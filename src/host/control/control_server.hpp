// host/control/control_server.hpp: the socket by which operators command the daemon. Lines of JSON
// come in and become inputs of the engine; its answers and news go out.
#pragma once
#include "engine/effects.hpp"
#include "engine/inputs.hpp"
#include "host/io/log.hpp"

#include <asio/io_context.hpp>
#include <asio/local/stream_protocol.hpp>
#include <asio/steady_timer.hpp>

#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace holdfast::host {

/// Some supervisors who watch, and what technicians run beside them.
inline constexpr std::size_t most_control_connections = 16;
/// What one connection may leave unread. The longest answers are 4,000 calls and 2,000 agents, each
/// of 400 bytes: 2.4 MB for both; rounded up. 16 connections: 64 MiB.
inline constexpr std::size_t most_unread_bytes = std::size_t{4} * 1024 * 1024;
/// Nothing more is read from a connection that has not read this much of its answers.
inline constexpr std::size_t patient_unread_bytes = std::size_t{64} * 1024;

class ControlServer {
public:
    using TakeInput = std::function<void(engine::Input input, Instant received_at)>;

    /// What was refused and lost since the start.
    struct Figures {
        std::uint64_t strangers = 0;         ///< Connections of other users.
        std::uint64_t crowded_out = 0;       ///< Connections above the limit.
        std::uint64_t unreadable_lines = 0;  ///< Answered with what was wrong.
        std::uint64_t dropped = 0;           ///< Connections that did not read.
        std::uint64_t lost_lines = 0;        ///< Answers and news those did not get.
    };

    /// Serves `path`; a sentence where that cannot be. `take` runs in the loop of `io`, and may
    /// call answer() and tell() before it returns.
    static std::expected<std::unique_ptr<ControlServer>, std::string> open(asio::io_context& io,
                                                                           const std::string& path,
                                                                           TakeInput take);
    ControlServer(const ControlServer&) = delete;
    ControlServer& operator=(const ControlServer&) = delete;
    ~ControlServer();

    /// Both do nothing where the connection has gone meanwhile.
    void answer(const engine::AnswerCommand& effect);
    void tell(const engine::TellWatcher& effect);

    const Figures& figures() const { return figures_; }
    std::size_t connections() const { return connections_.size(); }

private:
    using Socket = asio::local::stream_protocol::socket;
    struct Connection;
    using Shared = std::shared_ptr<Connection>;
    enum class Fault : std::uint8_t { accept, stranger, crowd, slow };

    ControlServer(asio::io_context& io, int listener, TakeInput take);
    void accept();
    void accept_later();
    void welcome(Socket socket);
    void refuse(Socket& socket, Fault fault, const char* to_them, const std::string& to_log);
    void read(const Shared& connection);
    void take_lines(const Shared& connection);
    void take_line(const Shared& connection, const std::string& line);
    void send(const Shared& connection, const std::string& line);
    void write(const Shared& connection);
    void written(const Shared& connection, bool failed);
    void drop_slow(const Shared& connection, std::uint64_t lost_now);
    void input_ended(const Shared& connection);
    void remove(const Shared& connection);
    void note(Fault fault, const std::string& line);

    asio::io_context& io_;
    asio::local::stream_protocol::acceptor acceptor_;
    asio::steady_timer retry_;
    TakeInput take_;
    std::map<std::uint64_t, Shared> connections_;
    std::uint64_t last_connection_ = 0;
    Figures figures_;
    FaultLog faults_;
    std::shared_ptr<bool> here_;  // handlers that come after the end see that it has gone
};

}  // namespace holdfast::host
