#include "boards/native/line.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <system_error>
#include <termios.h>
#include <unistd.h>
#include <utility>

namespace holdfast::native {
namespace {

constexpr int answer_patience_ms = 100;  // as long as a daemon that reads nothing is waited for

std::unexpected<std::string> failed(const std::string& what) {
    return std::unexpected(what + ": " + std::generic_category().message(errno));
}

bool readable(int fd, int wait_ms) {
    pollfd wanted{fd, POLLIN, 0};
    return ::poll(&wanted, 1, wait_ms) > 0;
}

/// Somebody accepts connections there.
bool alive(const sockaddr_un& address) {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool answered =
        fd >= 0 && ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    ::close(fd);
    return answered;
}

}  // namespace

Line::Line(Line&& other) noexcept
    : listener_{std::exchange(other.listener_, -1)},
      in_{std::exchange(other.in_, -1)},
      out_{std::exchange(other.out_, -1)},
      kept_{std::exchange(other.kept_, -1)},
      ended_{other.ended_},
      baud_{other.baud_},
      where_{std::move(other.where_)},
      remove_{std::exchange(other.remove_, {})} {}

Line::~Line() {
    for (const int fd : {listener_, in_, out_ == in_ ? -1 : out_, kept_})
        if (fd > STDERR_FILENO) ::close(fd);
    if (!remove_.empty()) ::unlink(remove_.c_str());
}

std::expected<Line, std::string> Line::at_unix(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path)
        return std::unexpected(path + " is too long for a socket's path");
    std::memcpy(address.sun_path, path.c_str(), path.size());
    if (alive(address)) return std::unexpected("somebody listens at " + path + " already");
    ::unlink(path.c_str());
    Line line;
    line.listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (line.listener_ < 0 ||
        ::bind(line.listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(line.listener_, 1) != 0)
        return failed("cannot listen at " + path);
    line.where_ = "unix:" + path;
    line.remove_ = path;
    return line;
}

std::expected<Line, std::string> Line::at_tcp(std::uint16_t port) {
    Line line;
    line.listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    const int on = 1;
    ::setsockopt(line.listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    if (line.listener_ < 0 || ::bind(line.listener_, any, size) != 0 ||
        ::listen(line.listener_, 1) != 0 || ::getsockname(line.listener_, any, &size) != 0)
        return failed("cannot listen at port " + std::to_string(port));
    line.where_ = "tcp:127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    return line;
}

std::expected<Line, std::string> Line::at_pty(const std::string& path) {
    Line line;
    line.in_ = line.out_ = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    std::array<char, 128> terminal{};
    if (line.in_ < 0 || ::grantpt(line.in_) != 0 || ::unlockpt(line.in_) != 0 ||
        ::ptsname_r(line.in_, terminal.data(), terminal.size()) != 0)
        return failed("cannot make a pseudo-terminal");
    line.kept_ = ::open(terminal.data(), O_RDWR | O_NOCTTY | O_CLOEXEC);
    termios raw{};
    if (line.kept_ < 0 || ::tcgetattr(line.kept_, &raw) != 0) return failed("cannot open it");
    ::cfmakeraw(&raw);
    ::tcsetattr(line.kept_, TCSANOW, &raw);
    ::unlink(path.c_str());
    if (::symlink(terminal.data(), path.c_str()) != 0)
        return failed("cannot make the link " + path);
    line.where_ = path;
    line.remove_ = path;
    return line;
}

Line Line::at_stdio() {
    Line line;
    line.in_ = STDIN_FILENO;
    line.out_ = STDOUT_FILENO;
    line.where_ = "stdio";
    return line;
}

void Line::take_peer() {
    in_ = out_ = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
}

void Line::lose_peer() {
    if (listener_ < 0) {
        ended_ = in_ == STDIN_FILENO;  // a pseudo-terminal is open as long as we are
        return;
    }
    ::close(in_);
    in_ = out_ = -1;
}

std::span<const std::uint8_t> Line::read(std::span<std::uint8_t> room, int wait_ms) {
    const int waits_at = in_ < 0 ? listener_ : in_;
    if (!readable(waits_at, wait_ms)) return {};
    if (in_ < 0) {
        take_peer();
        return {};
    }
    const auto got = ::read(in_, room.data(), room.size());
    if (got > 0) {
        constexpr long bits_of_octet = 10, ns = 1'000'000'000;
        const timespec taken{0, baud_ > 0 ? got * bits_of_octet * (ns / baud_) % ns : 0};
        static_cast<void>(::nanosleep(&taken, nullptr));
        return room.first(static_cast<std::size_t>(got));
    }
    if (got == 0 || (errno != EAGAIN && errno != EINTR)) lose_peer();
    return {};
}

/// A peer that does not read loses the answer, as on a wire: the board does not wait for it.
void Line::write(std::span<const std::uint8_t> octets) {
    while (!octets.empty() && out_ >= 0) {
        const auto written = ::write(out_, octets.data(), octets.size());
        if (written > 0) {
            octets = octets.subspan(static_cast<std::size_t>(written));
            continue;
        }
        if (written < 0 && errno != EAGAIN && errno != EINTR) return lose_peer();
        pollfd room{out_, POLLOUT, 0};
        if (::poll(&room, 1, answer_patience_ms) <= 0) return;
    }
}

}  // namespace holdfast::native
