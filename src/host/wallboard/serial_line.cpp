#include "host/wallboard/serial_line.hpp"

#include "host/io/socket_address.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <termios.h>

namespace holdfast::host {
namespace {

using wallboard::LineFormat;
using wallboard::LineSettings;

struct Rate {
    std::uint32_t baud;
    speed_t code;
};
constexpr Rate rates[] = {{1'200, B1200},
                          {2'400, B2400},
                          {4'800, B4800},
                          {9'600, B9600},
                          {19'200, B19200},
                          {38'400, B38400},
                          {57'600, B57600},
                          {115'200, B115200},
                          {230'400, B230400},
                          {460'800, B460800},
                          {921'600, B921600}};

std::unexpected<std::string> fault(std::string text) {
    return std::unexpected{std::move(text)};
}

std::string open_advice(int error) {
    switch (error) {
        case ENOENT:
        case ENXIO:
        case ENODEV:
            return "nothing is plugged in there; ls /dev/serial/by-id shows what is";
        case EACCES:
        case EPERM:
            return "put the user of holdfastd into the group that owns it, often dialout";
        case EBUSY:
            return "another program has it; on a console, stop its getty";
        default:
            return std::strerror(error);
    }
}

/// Pseudo-terminals (majors 136 to 143) have no wire, and take neither 7 bits nor parity.
bool is_pseudo_terminal(int device) {
    struct stat status{};
    return ::fstat(device, &status) == 0 && major(status.st_rdev) >= 136 &&
           major(status.st_rdev) <= 143;
}

std::expected<void, std::string> set_line(int device, const LineSettings& line) {
    const auto* const rate = std::ranges::find(rates, line.baud, &Rate::baud);
    if (rate == std::end(rates))
        return fault(fmt::format("{} is no rate of serial lines", line.baud));
    termios t{};
    if (::tcgetattr(device, &t) != 0) return fault(line.device + " is no serial line");
    ::cfmakeraw(&t);
    t.c_cflag &= ~static_cast<tcflag_t>(CSTOPB | CRTSCTS | CSIZE | PARENB | PARODD);
    t.c_cflag |= CLOCAL | CREAD;  // no modem, and we listen
    t.c_cflag |= line.format == LineFormat::seven_even_one ? CS7 | PARENB : CS8;
    t.c_cc[VMIN] = 0;
    t.c_cc[VTIME] = 0;
    ::cfsetispeed(&t, rate->code);
    ::cfsetospeed(&t, rate->code);
    // It succeeds where a part of it did (tcsetattr(3)), and says EINVAL where the rest of it was
    // as wished already: so we look.
    if (::tcsetattr(device, TCSANOW, &t) != 0 && errno != EINVAL)
        return fault(fmt::format("{} cannot be set up: {}", line.device, std::strerror(errno)));
    termios is{};
    const tcflag_t format = CSIZE | PARENB | PARODD | CSTOPB;
    if (::tcgetattr(device, &is) != 0 || ::cfgetospeed(&is) != rate->code)
        return fault(fmt::format("{} cannot do {} baud", line.device, line.baud));
    if ((is.c_cflag & format) != (t.c_cflag & format) && !is_pseudo_terminal(device))
        return fault(fmt::format("{} cannot do {}",
                                 line.device,
                                 line.format == LineFormat::seven_even_one ? "7E1" : "8N1"));
    return {};
}

std::expected<Fd, std::string> open_device(const LineSettings& line) {
    Fd device{::open(line.device.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)};
    if (!device) return fault(fmt::format("cannot open {}: {}", line.device, open_advice(errno)));
    if (auto set = set_line(device.get(), line); !set) return fault(set.error());
    static_cast<void>(::ioctl(device.get(), TIOCEXCL));
    static_cast<void>(::tcflush(device.get(), TCIOFLUSH));  // what somebody left there before
    return device;
}

void set_option(int socket, int level, int option, int value) {
    static_cast<void>(::setsockopt(socket, level, option, &value, sizeof value));
}

/// A terminal server that lost its power is noticed within 25 s, whoever speaks.
std::expected<Fd, std::string> connect_to(const LineSettings& line) {
    const KernelAddress to = kernel_address(line.remote);
    Fd socket{::socket(to.address.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    if (!socket) return fault(std::string{"no socket left: "} + std::strerror(errno));
    set_option(socket.get(), IPPROTO_TCP, TCP_NODELAY, 1);
    set_option(socket.get(), SOL_SOCKET, SO_KEEPALIVE, 1);
    set_option(socket.get(), IPPROTO_TCP, TCP_KEEPIDLE, 10);
    set_option(socket.get(), IPPROTO_TCP, TCP_KEEPINTVL, 5);
    set_option(socket.get(), IPPROTO_TCP, TCP_KEEPCNT, 3);
    set_option(socket.get(), IPPROTO_TCP, TCP_USER_TIMEOUT, 25'000);
    if (::connect(socket.get(), &to.address.any, to.size) != 0 && errno != EINPROGRESS)
        return fault(fmt::format("cannot connect to {}: {}", text_of(line), std::strerror(errno)));
    return socket;
}

}  // namespace

std::expected<Fd, std::string> open_line(const LineSettings& line) {
    return line.device.empty() ? connect_to(line) : open_device(line);
}

std::string connect_fault(int connection, const LineSettings& line) {
    int error = 0;
    socklen_t size = sizeof error;
    if (::getsockopt(connection, SOL_SOCKET, SO_ERROR, &error, &size) != 0) return {};  // no socket
    if (error == 0) return {};
    return fmt::format("cannot connect to {}: {}", text_of(line), std::strerror(error));
}

}  // namespace holdfast::host
