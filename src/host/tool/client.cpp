#include "host/tool/client.hpp"

#include "console/json.hpp"
#include "host/io/unix_socket.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <poll.h>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>

namespace holdfast::tool {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

bool becomes(int socket, short event, milliseconds wait) {
    pollfd ready{socket, event, 0};
    return ::poll(&ready, 1, static_cast<int>(std::max<std::int64_t>(wait.count(), 0))) > 0;
}

std::string what_to_do(const std::string& path) {
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored))
        return "holdfastd is not there: nothing is at " + path +
               ". Start it (systemctl start holdfastd), or say with --socket where it is";
    if (::access(path.c_str(), W_OK) != 0)
        return "you may not use " + path +
               ": run this as root, or as a member of the group it belongs to";
    return "holdfastd is not there: nobody serves " + path +
           " any more. Start it (systemctl start holdfastd)";
}

constexpr const char* has_gone =
    "holdfastd has closed the connection: it ended, or this program did not read fast enough";

}  // namespace

std::expected<Client, std::string> Client::connect(const std::string& path) {
    auto socket = host::connect_unix(path, SOCK_STREAM);
    if (!socket) return std::unexpected{what_to_do(path)};
    return Client{*std::move(socket)};
}

void Client::send(std::uint64_t id, const console::Request& request) {
    const auto line = console::write_request(id, request);
    std::string_view left = line;
    const auto until = Clock::now() + patience;
    while (!left.empty()) {
        const auto sent = ::send(socket_.get(), left.data(), left.size(), MSG_NOSIGNAL);
        if (sent > 0) left.remove_prefix(static_cast<std::size_t>(sent));
        if (sent >= 0 || errno == EINTR) continue;
        if (errno != EAGAIN) return;
        const auto wait = std::chrono::duration_cast<milliseconds>(until - Clock::now());
        if (!becomes(socket_.get(), POLLOUT, wait)) return;
    }
}

std::expected<bool, std::string> Client::read() {
    std::array<char, 65536> chunk{};
    const auto size = ::recv(socket_.get(), chunk.data(), chunk.size(), MSG_DONTWAIT);
    if (size > 0) {
        lines_.add({chunk.data(), static_cast<std::size_t>(size)});
        return true;
    }
    if (size == 0 || (errno != EAGAIN && errno != EINTR)) return std::unexpected{has_gone};
    return false;
}

std::expected<std::optional<std::string>, std::string> Client::receive(milliseconds wait) {
    const auto until = Clock::now() + wait;
    while (true) {
        if (auto line = lines_.next()) {
            if (!line->too_long) return std::move(line->text);
            return std::unexpected{"the daemon's answer is too long"};
        }
        const auto more = read();
        if (!more) return std::unexpected{more.error()};
        if (*more) continue;
        const auto left = std::chrono::ceil<milliseconds>(until - Clock::now());
        if (left <= milliseconds{0}) return std::nullopt;
        becomes(socket_.get(), POLLIN, left);
    }
}

std::expected<std::string, std::string> Client::ask(const console::Request& request) {
    const std::uint64_t id = ++last_id_;
    send(id, request);
    const auto until = Clock::now() + patience;
    while (true) {
        const auto left = std::chrono::ceil<milliseconds>(until - Clock::now());
        const auto received = receive(left);
        if (!received) return std::unexpected{received.error()};
        const std::optional<std::string>& line = *received;
        if (!line)
            return std::unexpected{
                "holdfastd does not answer: look at its log "
                "(journalctl -u holdfast)"};
        const auto incoming = read_incoming(*line);
        if (!incoming) return std::unexpected{incoming.error()};
        const auto* const answered = std::get_if<Answered>(&*incoming);
        // Number 0: refused before anything was read, whatever we asked.
        if (answered != nullptr && (answered->id == id || answered->id == 0)) return *line;
    }
}

}  // namespace holdfast::tool
