// top as it is run: into a file, and on a terminal that the test holds the other end of.
#include "host/io/fd.hpp"
#include "host/io/unix_socket.hpp"
#include "unit/host/tool/served_program.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <termios.h>

using namespace holdfast;
using test::Program;
using test::ServedProgram;

namespace {

/// A terminal of 140 by 24 with the program on it.
struct OnTerminal {
    ServedProgram served;
    host::Fd screen, line;
    std::unique_ptr<Program> program;
    std::string seen;

    OnTerminal() {
        int master = -1;
        int slave = -1;
        winsize size{24, 140, 0, 0};
        test::need(::openpty(&master, &slave, nullptr, nullptr, &size) == 0, "a terminal");
        screen = host::Fd{master};
        line = host::Fd{slave};
        ::fcntl(master, F_SETFL, O_NONBLOCK);
        program = std::make_unique<Program>(
            std::vector<std::string>{"top", "--socket", served.path}, served.folder, slave);
    }
    bool shows(const std::string& what) {
        return served.until([&] { return look(), seen.find(what) != std::string::npos; });
    }
    void look() {
        std::array<char, 65536> chunk{};
        ssize_t size = 0;
        while ((size = ::read(screen.get(), chunk.data(), chunk.size())) > 0)
            seen.append(chunk.data(), static_cast<std::size_t>(size));
    }
    bool ends() {
        return served.until([&] { return look(), program->ended(); });
    }
    bool echoes() const {
        termios now{};
        return ::tcgetattr(line.get(), &now) == 0 && (now.c_lflag & ECHO) != 0;
    }
};

const std::string leaves = "\x1b[?25h\x1b[?1049l";

}  // namespace

TEST_CASE("top: into a file, a picture a second without escapes", "[host][tool]") {
    ServedProgram served;
    const auto program = served.run({"top", "--frames", "2"});
    CHECK(program->code == 0);
    const auto out = program->out();
    CHECK(out.find('\x1b') == out.npos);
    CHECK(out.find(" \n") == out.npos);
    CHECK(out.starts_with(" Holdfast 1.2.3"));
    CHECK(out.find(" Holdfast 1.2.3", 10) != out.npos);  // the second picture
    CHECK(out.find("Dragomir") != out.npos);
}

TEST_CASE("top: fills a terminal and gives it back", "[host][tool]") {
    OnTerminal on;
    REQUIRE(on.shows("\x1b[36mtalking"));
    CHECK(on.seen.starts_with("\x1b[?1049h\x1b[?25l"));
    CHECK_FALSE(on.echoes());
    const char* const key = GENERATE("q", "\x03", "");
    if (*key != '\0')
        REQUIRE(::write(on.screen.get(), key, 1) == 1);
    else
        on.program->signal(SIGTERM);
    REQUIRE(on.ends());
    CHECK(on.program->code == 0);
    CHECK(on.seen.ends_with(leaves));
    CHECK(on.echoes());
}

TEST_CASE("top: news and another size show at once", "[host][tool]") {
    OnTerminal on;
    REQUIRE(on.shows("talking"));
    REQUIRE(on.served.until([&] { return on.served.watcher != 0; }));
    // The full answers do not know this agent: only the news can bring him on the screen.
    on.served.server->tell({on.served.watcher, test::agent("777", "Newcomer", "ringing", 1)});
    CHECK(on.shows("Newcomer"));
    on.seen.clear();
    const winsize small{16, 60, 0, 0};
    REQUIRE(::ioctl(on.screen.get(), TIOCSWINSZ, &small) == 0);
    on.program->signal(SIGWINCH);  // the test's terminal is not the one that controls it
    CHECK(on.shows("more"));
}

TEST_CASE("top: waits for a daemon that starts anew", "[host][tool]") {
    OnTerminal on;
    REQUIRE(on.shows("talking"));
    on.served.server.reset();
    CHECK(on.shows("trying again"));
    CHECK_FALSE(on.program->ended());
    on.seen.clear();
    on.served.floor.status.version = "9.9.9";
    on.served.serve();
    CHECK(on.shows("9.9.9"));
    on.program->signal(SIGTERM);
    CHECK(on.ends());
}

TEST_CASE("top: a refusal is told in the daemon's words", "[host][tool]") {
    ServedProgram served;
    std::vector<host::Fd> others;
    while (others.size() < host::most_control_connections) {
        auto other = host::connect_unix(served.path, SOCK_STREAM);
        REQUIRE(other);
        others.push_back(*std::move(other));
    }
    REQUIRE(served.until([&] { return served.server->connections() == others.size(); }));
    const auto program = served.run({"top"});
    CHECK(program->code == 69);
    CHECK(program->err().find("too many programs are connected") != std::string::npos);
}
