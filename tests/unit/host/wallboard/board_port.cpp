// Ports on real pseudo-terminals and sockets, with a driver that sends what it is told to.
#include "host/wallboard/board_port.hpp"

#include "host/io/clocks.hpp"

#include <asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <functional>
#include <string>
#include <termios.h>
#include <unistd.h>
#include <vector>

using namespace holdfast;
using namespace holdfast::host;

namespace {

/// Sends `burst` whenever it is asked, as long as there is something to say.
struct Talker : wallboard::Driver {
    std::string burst = "hello";
    std::string heard;
    int connections = 0, left = 0;

    void connected(Instant) override { ++connections; }
    void show(const wallboard::Figures&, Instant) override { ++left; }
    void received(std::string_view bytes, Instant) override { heard += bytes; }
    std::string next(Instant) override { return left-- > 0 ? burst : (left = 0, std::string{}); }
    Instant wake() const override { return never; }
    Instant free_at() const override { return {}; }
    std::string farewell() override { return "bye"; }
    wallboard::Health health(Instant) const override { return {"a talker", {}, {}}; }
};

/// The other end of a pseudo-terminal, at a path that survives it.
struct Plug {
    std::string path = "/tmp/holdfast-plug-" + std::to_string(::getpid());
    int master = -1;

    Plug() { put_in(); }
    ~Plug() { pull(); }
    void put_in() {
        master = ::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
        REQUIRE(master >= 0);
        REQUIRE(::grantpt(master) == 0);
        REQUIRE(::unlockpt(master) == 0);
        ::unlink(path.c_str());
        REQUIRE(::symlink(::ptsname(master), path.c_str()) == 0);
    }
    void pull() {
        if (master >= 0) ::close(master);
        master = -1;
        ::unlink(path.c_str());
    }
    std::string read() const {
        char bytes[65'536];
        const auto size = ::read(master, bytes, sizeof bytes);
        return size > 0 ? std::string(bytes, static_cast<std::size_t>(size)) : std::string{};
    }
};

struct Bench {
    asio::io_context io;
    Plug plug;
    std::vector<BoardState> states;
    Talker* talker = nullptr;
    std::unique_ptr<BoardPort> port;

    explicit Bench(wallboard::LineSettings line = {}) {
        if (!line.remote.address) line.device = plug.path;
        auto driver = std::make_unique<Talker>();
        talker = driver.get();
        port = std::make_unique<BoardPort>(
            io, line, std::move(driver), [this](std::size_t, const BoardState& s) {
                states.push_back(s);
            });
    }
    bool until(const std::function<bool()>& condition) {
        const Instant end = sample_clocks().now + 20s;
        while (!condition() && sample_clocks().now < end) {
            io.restart();
            io.run_for(std::chrono::milliseconds{5});
        }
        return condition();
    }
};

}  // namespace

TEST_CASE("board port: a line is set up, written and read", "[host][wallboard]") {
    wallboard::LineSettings line;
    line.baud = 19'200;
    Bench bench{line};
    CHECK(bench.until([&] { return bench.talker->connections == 1; }));
    termios t{};
    REQUIRE(::tcgetattr(bench.plug.master, &t) == 0);
    CHECK(::cfgetospeed(&t) == B19200);
    CHECK((t.c_lflag & (ICANON | ECHO)) == 0);
    bench.port->show({});
    std::string came;
    CHECK(bench.until([&] { return (came += bench.plug.read()) == "hello"; }));
    REQUIRE(::write(bench.plug.master, "\x00\xff\r\n", 4) == 4);
    CHECK(bench.until([&] { return bench.talker->heard == std::string("\x00\xff\r\n", 4); }));
    bench.port->farewell(sample_clocks().now + 1s);
    CHECK(bench.until([&] { return (came += bench.plug.read()) == "hellobye"; }));
}

TEST_CASE("board port: a plug pulled and put back", "[host][wallboard]") {
    Bench bench;
    CHECK(bench.until([&] { return bench.talker->connections == 1; }));
    bench.plug.pull();
    CHECK(bench.until([&] { return !bench.states.empty() && !bench.states.back().connected; }));
    CHECK(bench.states.back().trouble.find(bench.plug.path) != std::string::npos);
    bench.plug.put_in();
    CHECK(bench.until([&] { return bench.talker->connections == 2; }));
    bench.port->show({});
    std::string came;
    CHECK(bench.until([&] { return (came += bench.plug.read()) == "hello"; }));
    CHECK(bench.states.back().trouble.empty());
}

TEST_CASE("board port: what is not there is told with what to do", "[host][wallboard]") {
    wallboard::LineSettings line;
    line.remote = {};
    Bench bench;
    bench.plug.pull();
    CHECK(bench.until([&] {
        return !bench.states.empty() &&
               bench.states.back().trouble.find("ls /dev/serial/by-id") != std::string::npos;
    }));
}

TEST_CASE("board port: a board that takes nothing costs no time and no memory",
          "[host][wallboard]") {
    Bench bench;
    CHECK(bench.until([&] { return bench.talker->connections == 1; }));
    bench.talker->burst.assign(wallboard::most_bytes_at_once, 'x');
    // Nobody reads. A pseudo-terminal holds some kilobytes; then the port asks for nothing more.
    for (int i = 0; i < 1000; ++i)
        bench.port->show({});
    CHECK(bench.until([&] {
        bench.port->show({});
        return !bench.states.empty() && bench.states.back().trouble.ends_with("is the board on?");
    }));
    CHECK(bench.states.back().skipped > 900);
    CHECK(bench.talker->left > 900);
    // When it reads again all is well.
    bench.talker->left = 0;
    std::size_t came = 0;
    CHECK(bench.until([&] {
        came += bench.plug.read().size();
        return bench.states.back().trouble.empty();
    }));
    CHECK(came < 64 * wallboard::most_bytes_at_once);
}

TEST_CASE("board port: a terminal server that refuses", "[host][wallboard]") {
    wallboard::LineSettings line;
    line.remote = {IpAddress::v4(127, 0, 0, 1), 1};
    Bench bench{line};
    CHECK(bench.until([&] { return !bench.states.empty(); }));
    CHECK(bench.states.back().trouble == "cannot connect to 127.0.0.1:1: Connection refused");
}
