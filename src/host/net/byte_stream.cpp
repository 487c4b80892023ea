#include "host/net/byte_stream.hpp"

#include <cerrno>
#include <sys/socket.h>
#include <utility>

namespace holdfast::host {

ByteStream::ByteStream(asio::io_context& io, Fd socket, UnsentBytes& unsent)
    : socket_{std::move(socket)}, readiness_{io, socket_.get()}, all_{unsent} {}

ByteStream::~ByteStream() {
    all_.now -= unsent();
}

ByteStream::Read ByteStream::read(std::span<char> room) {
    const auto count = ::recv(socket_.get(), room.data(), room.size(), MSG_DONTWAIT);
    if (count > 0) return {{room.data(), static_cast<std::size_t>(count)}};
    if (count == 0) return {{}, true, 0};
    if (errno == EAGAIN || errno == EINTR) return {};
    return {{}, true, errno};
}

std::size_t ByteStream::send(std::string_view bytes) {
    std::size_t sent = 0;
    while (sent < bytes.size()) {
        const auto count = ::send(
            socket_.get(), bytes.data() + sent, bytes.size() - sent, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (count < 0) {
            if (errno == EINTR) continue;
            if (errno != EAGAIN) error_ = errno;
            return sent;
        }
        sent += static_cast<std::size_t>(count);
    }
    return sent;
}

ByteStream::Write ByteStream::write(std::string_view bytes) {
    if (error_ != 0) return Write::broken;
    const std::size_t before = unsent();
    if (before == 0) bytes.remove_prefix(send(bytes));
    if (error_ != 0) return Write::broken;
    if (bytes.empty()) return Write::taken;
    if (before + bytes.size() > all_.most_of_stream || all_.now + bytes.size() > all_.most)
        return Write::full;
    keep(bytes);
    if (before == 0) readiness_.once_writable([this] { send_waiting(); });
    return Write::taken;
}

void ByteStream::keep(std::string_view bytes) {
    if (sent_ > waiting_.size() / 2) waiting_.erase(0, std::exchange(sent_, 0));
    waiting_ += bytes;
    all_.now += bytes.size();
}

void ByteStream::send_waiting() {
    const std::size_t sent = send(std::string_view{waiting_}.substr(sent_));
    sent_ += sent;
    all_.now -= sent;
    if (unsent() > 0 && error_ == 0) {
        readiness_.once_writable([this] { send_waiting(); });
        return;
    }
    if (unsent() == 0) {
        waiting_ = {};  // gives the memory back
        sent_ = 0;
    }
    const auto handler = drained_;  // which may end us
    if (handler) handler();
}

void ByteStream::finish() {
    ::shutdown(socket_.get(), SHUT_WR);
}

}  // namespace holdfast::host
