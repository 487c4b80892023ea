#include "board_update/line.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <netdb.h>
#include <optional>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <system_error>
#include <termios.h>
#include <unistd.h>
#include <utility>

namespace holdfast::board_update {
namespace {

using Opened = std::expected<int, std::string>;

Opened failed(const std::string& where, int fd = -1) {
    const std::string why = std::generic_category().message(errno);
    if (fd >= 0) ::close(fd);
    return std::unexpected(where + ": " + why);
}

std::optional<speed_t> speed_of(std::uint32_t baud) {
    constexpr std::array<std::pair<std::uint32_t, speed_t>, 6> known{{{9600, B9600},
                                                                      {38'400, B38400},
                                                                      {57'600, B57600},
                                                                      {115'200, B115200},
                                                                      {230'400, B230400},
                                                                      {460'800, B460800}}};
    for (const auto& [rate, speed] : known)
        if (rate == baud) return speed;
    return std::nullopt;
}

Opened open_serial(const std::string& path, std::uint32_t baud) {
    const auto speed = speed_of(baud);
    if (!speed) return std::unexpected(std::to_string(baud) + " baud is none of the known rates");
    const int fd = ::open(path.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
    termios line{};
    if (fd < 0 || ::tcgetattr(fd, &line) != 0) return failed(path, fd);
    ::cfmakeraw(&line);
    line.c_cflag |= CLOCAL | CREAD;
    ::cfsetspeed(&line, *speed);
    if (::tcsetattr(fd, TCSAFLUSH, &line) != 0) return failed(path, fd);
    return fd;
}

Opened open_unix(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) return std::unexpected(path + " is too long");
    std::memcpy(address.sun_path, path.c_str(), path.size());
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
        return failed(path, fd);
    return fd;
}

Opened open_tcp(const std::string& host_and_port) {
    const auto colon = host_and_port.rfind(':');
    if (colon == std::string::npos) return std::unexpected("tcp:" + host_and_port + " has no port");
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (const int fault = ::getaddrinfo(host_and_port.substr(0, colon).c_str(),
                                        host_and_port.substr(colon + 1).c_str(),
                                        &wanted,
                                        &found);
        fault != 0)
        return std::unexpected(host_and_port + ": " + ::gai_strerror(fault));
    const int fd = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool connected = fd >= 0 && ::connect(fd, found->ai_addr, found->ai_addrlen) == 0;
    ::freeaddrinfo(found);
    if (!connected) return failed(host_and_port, fd);
    return fd;
}

}  // namespace

std::expected<Line, std::string> Line::open(const std::string& where, std::uint32_t baud) {
    const auto opened = where.starts_with("unix:")  ? open_unix(where.substr(5))
                        : where.starts_with("tcp:") ? open_tcp(where.substr(4))
                                                    : open_serial(where, baud);
    if (!opened) return std::unexpected(opened.error());
    return Line{*opened};
}

Line::~Line() {
    if (fd_ >= 0) ::close(fd_);
}

bool Line::write(std::span<const std::uint8_t> octets) const {
    while (!octets.empty()) {
        const auto written = ::write(fd_, octets.data(), octets.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        octets = octets.subspan(static_cast<std::size_t>(written));
    }
    return true;
}

std::expected<std::span<const std::uint8_t>, std::string> Line::read(std::span<std::uint8_t> room,
                                                                     int wait_ms) const {
    using Octets = std::span<const std::uint8_t>;
    pollfd wanted{fd_, POLLIN, 0};
    if (::poll(&wanted, 1, wait_ms) <= 0) return Octets{};
    const auto got = ::read(fd_, room.data(), room.size());
    if (got <= 0) return std::unexpected("the line is gone");
    return Octets{room.first(static_cast<std::size_t>(got))};
}

}  // namespace holdfast::board_update
