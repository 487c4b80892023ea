// An operator's program, as the tests need it: it writes bytes and reads lines.
#pragma once
#include "host/io/line_buffer.hpp"
#include "host/io/unix_socket.hpp"
#include "support/need.hpp"

#include <array>
#include <cerrno>
#include <deque>
#include <string>
#include <sys/socket.h>

namespace holdfast::test {

class ControlClient {
public:
    explicit ControlClient(const std::string& path) {
        auto socket = host::connect_unix(path, SOCK_STREAM);
        need(socket.has_value(), "a connection");
        socket_ = *std::move(socket);
    }
    void write(std::string_view bytes) const {
        static_cast<void>(::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL));
    }
    void say_no_more() const { ::shutdown(socket_.get(), SHUT_WR); }
    /// Reads what is there.
    void read() {
        std::array<char, 65536> chunk{};
        ssize_t size = 0;
        while ((size = ::recv(socket_.get(), chunk.data(), chunk.size(), 0)) > 0)
            buffer_.add({chunk.data(), static_cast<std::size_t>(size)}), take();
        closed = size == 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
    }

    std::deque<std::string> lines;
    bool closed = false;

private:
    void take() {
        while (auto line = buffer_.next())
            lines.push_back(std::move(line->text));
    }
    host::Fd socket_;
    host::LineBuffer buffer_{std::size_t{1} << 22};
};

}  // namespace holdfast::test
