#include "host/control/control_server.hpp"

#include "base/enum_text.hpp"
#include "console/json.hpp"
#include "host/control/operators.hpp"
#include "host/io/clocks.hpp"
#include "host/io/line_buffer.hpp"

#include <asio/buffer.hpp>
#include <asio/post.hpp>
#include <asio/write.hpp>

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <sys/socket.h>
#include <utility>

namespace holdfast::host {
namespace {

constexpr std::size_t read_at_once = 4096;
/// Where no descriptor was left for a connection that waits.
constexpr auto accept_pause = std::chrono::milliseconds{200};

std::uint64_t lines_in(const std::string& text) {
    return static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

struct ControlServer::Connection {
    Socket socket;
    std::uint64_t id;
    LineBuffer lines{console::most_line_bytes};
    std::array<char, read_at_once> chunk{};
    std::string waiting, sending;  // what goes out next, and what is on its way
    bool known = false;            // to the engine
    bool paused = false;           // not read from until it reads
    bool ended = false;            // says nothing more
    bool gone = false;

    Connection(Socket connected, std::uint64_t its_id) : socket{std::move(connected)}, id{its_id} {}
    std::size_t unread() const { return waiting.size() + sending.size(); }
};

std::expected<std::unique_ptr<ControlServer>, std::string> ControlServer::open(
    asio::io_context& io, const std::string& path, TakeInput take) {
    auto listener = listen_unix(path, SOCK_STREAM, "holdfastd");
    if (!listener) return std::unexpected{std::move(listener.error())};
    return std::unique_ptr<ControlServer>{
        new ControlServer{io, listener->release(), std::move(take)}};
}

ControlServer::ControlServer(asio::io_context& io, int listener, TakeInput take)
    : io_{io},
      acceptor_{io, asio::local::stream_protocol{}, listener},
      retry_{io},
      take_{std::move(take)},
      faults_{enum_count<Fault>},
      here_{std::make_shared<bool>(true)} {
    accept();
}

ControlServer::~ControlServer() {
    for (const auto& [id, connection] : connections_) {
        connection->gone = true;
        std::error_code ignored;
        connection->socket.close(ignored);
    }
}

void ControlServer::accept() {
    acceptor_.async_accept([this, here = std::weak_ptr{here_}](std::error_code error, Socket from) {
        if (here.expired()) return;
        if (error) return accept_later();
        welcome(std::move(from));
        accept();
    });
}

void ControlServer::accept_later() {
    note(Fault::accept, "an operator's connection could not be taken: is a descriptor left?");
    retry_.expires_after(accept_pause);
    retry_.async_wait([this, here = std::weak_ptr{here_}](std::error_code error) {
        if (!error && !here.expired()) accept();
    });
}

void ControlServer::welcome(Socket socket) {
    // Asio does not see to it that a program we start has no part in the connection.
    static_cast<void>(::fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC));
    const auto peer = peer_of(socket.native_handle());
    if (!peer || !may_command(*peer, ::geteuid(), ::getegid())) {
        ++figures_.strangers;
        const auto user = peer ? std::to_string(peer->uid) : std::string{"unknown"};
        return refuse(socket,
                      Fault::stranger,
                      "only root, the user holdfastd runs as and members of its group may command "
                      "it: use sudo, or join the group",
                      "user " + user + " tried to command the daemon and was refused");
    }
    if (connections_.size() >= most_control_connections) {
        ++figures_.crowded_out;
        const auto count = std::to_string(most_control_connections);
        return refuse(socket,
                      Fault::crowd,
                      "too many programs are connected to holdfastd already: end one of them",
                      "an operator was refused: " + count + " programs are connected already");
    }
    const std::uint64_t id = ++last_connection_;
    socket.non_blocking(true);
    const auto connection = std::make_shared<Connection>(std::move(socket), id);
    connections_.emplace(id, connection);
    read(connection);
}

void ControlServer::refuse(Socket& socket,
                           Fault fault,
                           const char* to_them,
                           const std::string& to_log) {
    const auto line = console::write_answer(0, console::Refused{to_them});
    static_cast<void>(
        ::send(socket.native_handle(), line.data(), line.size(), MSG_DONTWAIT | MSG_NOSIGNAL));
    note(fault, to_log);
}

void ControlServer::read(const Shared& connection) {
    connection->socket.async_read_some(asio::buffer(connection->chunk),
                                       [this, connection](std::error_code error, std::size_t size) {
                                           if (connection->gone) return;
                                           if (error) return input_ended(connection);
                                           connection->lines.add({connection->chunk.data(), size});
                                           take_lines(connection);
                                       });
}

void ControlServer::take_lines(const Shared& connection) {
    while (!connection->gone) {
        if (connection->unread() >= patient_unread_bytes) {
            connection->paused = true;
            return;
        }
        const auto line = connection->lines.next();
        if (!line) return read(connection);
        if (!line->too_long) {
            take_line(connection, line->text);
            continue;
        }
        ++figures_.unreadable_lines;
        const auto most = std::to_string(console::most_line_bytes);
        send(connection,
             console::write_answer(0,
                                   console::Refused{"the line is longer than " + most + " bytes"}));
    }
}

void ControlServer::take_line(const Shared& connection, const std::string& line) {
    auto asked = console::read_request(line);
    if (!asked) {
        ++figures_.unreadable_lines;
        return send(connection,
                    console::write_answer(asked.error().id, console::Refused{asked.error().what}));
    }
    connection->known = true;
    take_(engine::Commanded{connection->id, asked->id, std::move(asked->request)},
          sample_clocks().now);
}

void ControlServer::answer(const engine::AnswerCommand& effect) {
    const auto it = connections_.find(effect.connection);
    if (it == connections_.end()) return;
    send(Shared{it->second}, console::write_answer(effect.id, effect.answer));
}

void ControlServer::tell(const engine::TellWatcher& effect) {
    const auto it = connections_.find(effect.connection);
    if (it == connections_.end() || it->second->ended) return;
    send(Shared{it->second}, console::write_event(effect.event));
}

void ControlServer::send(const Shared& connection, const std::string& line) {
    if (connection->gone) return;
    if (connection->unread() + line.size() > most_unread_bytes) return drop_slow(connection, 1);
    connection->waiting += line;
    if (connection->sending.empty()) write(connection);
}

void ControlServer::write(const Shared& connection) {
    connection->sending = std::exchange(connection->waiting, {});
    asio::async_write(connection->socket,
                      asio::buffer(connection->sending),
                      [this, connection](std::error_code error, std::size_t) {
                          if (!connection->gone) written(connection, static_cast<bool>(error));
                      });
}

void ControlServer::written(const Shared& connection, bool failed) {
    connection->sending.clear();
    if (failed) return remove(connection);
    if (!connection->waiting.empty())
        write(connection);
    else if (connection->ended)
        return remove(connection);
    if (connection->paused && connection->unread() < patient_unread_bytes) {
        connection->paused = false;
        take_lines(connection);
    }
}

void ControlServer::drop_slow(const Shared& connection, std::uint64_t lost_now) {
    const auto lost = lines_in(connection->sending) + lines_in(connection->waiting) + lost_now;
    ++figures_.dropped;
    figures_.lost_lines += lost;
    note(Fault::slow,
         "an operator's program did not read its answers and was dropped; " + std::to_string(lost) +
             " lines were lost");
    remove(connection);
}

void ControlServer::input_ended(const Shared& connection) {
    // A peer that says no more may still wait for its answers.
    connection->ended = true;
    if (connection->unread() == 0) remove(connection);
}

void ControlServer::remove(const Shared& connection) {
    connection->gone = true;
    connections_.erase(connection->id);
    std::error_code ignored;
    connection->socket.close(ignored);
    if (!connection->known) return;
    // Not now: this may be in the middle of the engine's effects.
    asio::post(io_, [this, here = std::weak_ptr{here_}, id = connection->id] {
        if (!here.expired()) take_(engine::WatcherLeft{id}, sample_clocks().now);
    });
}

void ControlServer::note(Fault fault, const std::string& line) {
    faults_.note(static_cast<std::size_t>(fault), LogLevel::warning, line, sample_clocks().now);
}

}  // namespace holdfast::host
