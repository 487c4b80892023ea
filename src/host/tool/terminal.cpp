#include "host/tool/terminal.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <string>
#include <string_view>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>
#include <utility>

namespace holdfast::tool {
namespace {

/// The second screen, so that the first comes back afterwards; no cursor; no wrapping of lines.
constexpr std::string_view enter = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J";
constexpr std::string_view leave = "\x1b[?7h\x1b[?25h\x1b[?1049l";
constexpr char ctrl_c = 3;
constexpr ScreenSize usual{80, 24};

void write_all(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
        if (written <= 0) return;  // nobody looks any more: the next signal ends us
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

host::Fd signal_descriptor() {
    sigset_t set{};
    sigemptyset(&set);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGWINCH})
        sigaddset(&set, signal);
    if (pthread_sigmask(SIG_BLOCK, &set, nullptr) != 0) return {};
    return host::Fd{::signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC)};
}

}  // namespace

std::optional<Terminal> Terminal::take(std::size_t most_rows) {
    termios before{};
    if (::isatty(STDOUT_FILENO) == 0 || ::tcgetattr(STDIN_FILENO, &before) != 0)
        return std::nullopt;
    auto signals = signal_descriptor();
    if (!signals) return std::nullopt;
    return Terminal{before, std::move(signals), most_rows};
}

Terminal::Terminal(termios before, host::Fd signals, std::size_t most_rows)
    : before_{before}, signals_{std::move(signals)}, most_rows_{most_rows} {
    termios raw = before_;
    raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ISIG);
    raw.c_cc[VMIN] = 0;
    raw.c_cc[VTIME] = 0;
    static_cast<void>(::tcsetattr(STDIN_FILENO, TCSANOW, &raw));
    write_all(enter);
}

Terminal::Terminal(Terminal&& other) noexcept
    : before_{other.before_},
      signals_{std::move(other.signals_)},
      most_rows_{other.most_rows_},
      ours_{std::exchange(other.ours_, false)} {}

Terminal::~Terminal() {
    if (!ours_) return;
    write_all(leave);
    static_cast<void>(::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_));
}

ScreenSize Terminal::size() const {
    winsize window{};
    ScreenSize size = usual;
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col != 0)
        size = {window.ws_col, window.ws_row};
    if (most_rows_ != 0) size.rows = std::min(size.rows, most_rows_);
    return size;
}

void Terminal::draw(const std::vector<Line>& lines) const {
    std::string bytes = "\x1b[H";
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (i > 0) bytes += "\r\n";
        bytes += rendered(lines[i], true);
        bytes += "\x1b[K";
    }
    for (std::size_t i = lines.size(); i < most_rows_; ++i)
        bytes += "\r\n\x1b[K";
    if (most_rows_ == 0) bytes += "\x1b[J";
    write_all(bytes);
}

bool Terminal::told_to_end() const {
    bool end = false;
    signalfd_siginfo signal{};
    while (::read(signals_.get(), &signal, sizeof signal) == sizeof signal)
        end = end || signal.ssi_signo != SIGWINCH;
    return end;
}

bool Terminal::key_ends() {
    std::array<char, 64> keys{};
    const auto count = ::read(STDIN_FILENO, keys.data(), keys.size());
    if (count <= 0) return true;  // the terminal has gone
    const std::string_view pressed{keys.data(), static_cast<std::size_t>(count)};
    return pressed.find_first_of("qQ") != pressed.npos || pressed.find(ctrl_c) != pressed.npos;
}

}  // namespace holdfast::tool
