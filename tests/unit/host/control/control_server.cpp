#include "host/control/control_server.hpp"

#include "console/json.hpp"
#include "support/folder.hpp"
#include "unit/host/control/control_client.hpp"

#include <asio/executor_work_guard.hpp>
#include <catch2/catch.hpp>

#include <fstream>
#include <functional>
#include <grp.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace holdfast;
using namespace holdfast::host;
using test::ControlClient;

namespace {

/// A server with an engine that answers what the test says, at once as the real one does.
struct Served {
    test::Folder folder;
    std::string path = folder / "control";
    asio::io_context io{1};
    std::vector<engine::Commanded> commands;
    std::vector<std::uint64_t> left;
    std::function<void(const engine::Commanded&)> reply;
    std::unique_ptr<ControlServer> server;

    Served() {
        auto opened = ControlServer::open(
            io, path, [this](engine::Input input, Instant at) { take(std::move(input), at); });
        REQUIRE(opened);
        server = *std::move(opened);
        reply = [this](const auto& c) { server->answer({c.connection, c.id, console::Done{}}); };
    }
    void take(engine::Input input, Instant at) {
        CHECK(at > Instant{});
        if (const auto* const gone = std::get_if<engine::WatcherLeft>(&input))
            return left.push_back(gone->connection);
        commands.push_back(std::get<engine::Commanded>(std::move(input)));
        reply(commands.back());
    }
    bool until(const std::function<bool()>& done) {
        const auto work = asio::make_work_guard(io);  // it takes its time without any too
        for (int i = 0; i < 2000; ++i) {
            io.restart();
            io.run_for(1ms);
            if (done()) return true;
        }
        return false;
    }
    bool lines(ControlClient& client, std::size_t count) {
        return until([&] { return client.read(), client.lines.size() >= count; });
    }
    bool closes(ControlClient& client) {
        return until([&] { return client.read(), client.closed; });
    }
};

console::AgentLine somebody() {
    console::AgentLine line;
    line.name = "Somebody";
    return line;
}

const std::string done_1 = R"({"v":1,"id":1,"answer":"done"})";
const std::string ask_1 = "{\"v\":1,\"id\":1,\"ask\":\"drain\",\"on\":true}\n";

}  // namespace

TEST_CASE("control server: a line becomes a command, its answer a line", "[host][control]") {
    Served served;
    ControlClient client{served.path};
    client.write(ask_1);
    REQUIRE(served.lines(client, 1));
    CHECK(client.lines[0] == done_1);
    REQUIRE(served.commands.size() == 1);
    CHECK(served.commands[0].id == 1);
    CHECK(std::get<console::Drain>(served.commands[0].request).on);
}

TEST_CASE("control server: lines in pieces, and several at once", "[host][control]") {
    Served served;
    ControlClient client{served.path};
    for (const char byte : ask_1) {
        CHECK(served.commands.empty());
        client.write({&byte, 1});
        served.io.restart();
        served.io.run_for(1ms);
    }
    REQUIRE(served.lines(client, 1));
    client.write("{\"id\":2,\"ask\":\"queues\"}\n{\"id\":3,\"ask\":\"calls\"}\n{\"id\":4,");
    REQUIRE(served.lines(client, 3));
    CHECK(served.commands.size() == 3);
    client.write("\"ask\":\"status\"}\n");
    REQUIRE(served.lines(client, 4));
    CHECK(served.commands[3].id == 4);
}

TEST_CASE("control server: what cannot be read is answered at once", "[host][control]") {
    Served served;
    ControlClient client{served.path};
    client.write("{\"id\":5,\"ask\":\"coffee\"}\nnonsense\n" + std::string(5000, 'x') + "\n" +
                 ask_1);
    REQUIRE(served.lines(client, 4));
    CHECK(client.lines[0].starts_with(R"({"v":1,"id":5,"refused":"\"coffee\" is no request)"));
    CHECK(client.lines[1].starts_with(R"({"v":1,"id":0,"refused":")"));
    CHECK(client.lines[2] == R"({"v":1,"id":0,"refused":"the line is longer than 4096 bytes"})");
    CHECK(client.lines[3] == done_1);  // the connection is still of use
    CHECK(served.commands.size() == 1);
    CHECK(served.server->figures().unreadable_lines == 3);
}

TEST_CASE("control server: who goes is told, if the engine knew him", "[host][control]") {
    Served served;
    {
        const ControlClient silent{served.path};
        REQUIRE(served.until([&] { return served.server->connections() == 1; }));
    }
    REQUIRE(served.until([&] { return served.server->connections() == 0; }));
    CHECK(served.left.empty());
    {
        ControlClient client{served.path};
        client.write("{\"id\":1,\"ask\":\"watch\"}\n{\"id\":2,\"ask\":\"drain\"");
        REQUIRE(served.lines(client, 1));
        const auto connection = served.commands[0].connection;
        served.server->tell({connection, console::AgentLine{}});
        served.server->tell({connection + 1, console::AgentLine{}});  // nobody
        REQUIRE(served.lines(client, 2));
        CHECK(client.lines[1].starts_with(R"({"v":1,"event":"agent")"));
    }
    REQUIRE(served.until([&] { return served.left.size() == 1; }));
    CHECK(served.left[0] == served.commands[0].connection);
    CHECK(served.commands.size() == 1);  // half a line is none
    served.server->answer({served.left[0], 9, console::Done{}});
}

// nc, socat and scripts say no more after their last line, and then wait for the answer.
TEST_CASE("control server: the answer comes after the end of the questions", "[host][control]") {
    Served served;
    ControlClient client{served.path};
    const std::vector<console::AgentLine> many(2000, somebody());
    served.reply = [&](const auto& c) { served.server->answer({c.connection, c.id, many}); };
    client.write("{\"id\":1,\"ask\":\"agents\"}\n");
    client.say_no_more();
    for (int i = 0; i < 20; ++i)
        served.io.run_for(1ms);
    REQUIRE(served.lines(client, 1));
    CHECK(client.lines[0].size() > 300'000);
    CHECK(served.closes(client));
}

TEST_CASE("control server: a watcher who does not read is dropped", "[host][control]") {
    Served served;
    ControlClient slow{served.path};
    ControlClient other{served.path};
    slow.write("{\"id\":1,\"ask\":\"watch\"}\n");
    REQUIRE(served.until([&] { return served.commands.size() == 1; }));
    const console::AlarmLine big{"id", std::string(100'000, 'x'), "error"};
    // From within an input, as the engine does it.
    served.reply = [&](const auto& c) {
        for (int i = 0; i < 60; ++i)
            served.server->tell({served.commands[0].connection, big});
        CHECK(served.left.empty());  // not in the middle of it
        served.server->answer({c.connection, c.id, console::Done{}});
    };
    other.write(ask_1);
    REQUIRE(served.lines(other, 1));
    REQUIRE(served.until([&] { return !served.left.empty(); }));
    CHECK(served.server->figures().dropped == 1);
    CHECK(served.server->figures().lost_lines >= 40);
    CHECK(served.server->connections() == 1);
    CHECK(served.closes(slow));
}

TEST_CASE("control server: who does not read his answers may ask no more", "[host][control]") {
    Served served;
    ControlClient client{served.path};
    const std::vector<console::AgentLine> many(1000, somebody());
    served.reply = [&](const auto& c) { served.server->answer({c.connection, c.id, many}); };
    std::string asks;
    for (int i = 0; i < 100; ++i)
        asks += "{\"ask\":\"agents\"}\n";
    client.write(asks);
    for (int i = 0; i < 50; ++i)
        served.io.run_for(1ms);
    CHECK(served.commands.size() < 20);
    REQUIRE(served.lines(client, 100));
    CHECK(served.commands.size() == 100);
    CHECK(served.server->figures().dropped == 0);
}

TEST_CASE("control server: no more connections than it can care for", "[host][control]") {
    Served served;
    std::vector<std::unique_ptr<ControlClient>> clients;
    for (std::size_t i = 0; i < most_control_connections; ++i) {
        clients.push_back(std::make_unique<ControlClient>(served.path));
        REQUIRE(served.until([&] { return served.server->connections() == clients.size(); }));
    }
    ControlClient late{served.path};
    REQUIRE(served.lines(late, 1));
    CHECK(late.lines[0].find("too many programs are connected") != std::string::npos);
    CHECK(served.closes(late));
    CHECK(served.server->figures().crowded_out == 1);
    clients.pop_back();
    REQUIRE(served.until([&] { return served.server->connections() == clients.size(); }));
    ControlClient next{served.path};
    next.write(ask_1);
    REQUIRE(served.lines(next, 1));
    CHECK(next.lines[0] == done_1);
}

TEST_CASE("control server: a stale socket is replaced, a served one is not", "[host][control]") {
    Served served;
    struct stat found{};
    REQUIRE(::stat(served.path.c_str(), &found) == 0);
    CHECK((found.st_mode & 0777) == 0660);
    const auto nothing = [](const engine::Input&, Instant) {};
    const auto second = ControlServer::open(served.io, served.path, nothing);
    REQUIRE_FALSE(second);
    CHECK(second.error() == "another holdfastd serves " + served.path + " already: stop it first");
    served.server.reset();
    CHECK(ControlServer::open(served.io, served.path, nothing));
    std::ofstream{served.folder / "file"} << "precious";
    CHECK_FALSE(ControlServer::open(served.io, served.folder / "file", nothing));
}

TEST_CASE("control server: goes while programs are connected", "[host][control]") {
    Served served;
    ControlClient client{served.path};
    client.write(ask_1);
    REQUIRE(served.lines(client, 1));
    served.server.reset();
    CHECK(served.closes(client));
    CHECK(served.left.empty());
}

// A group that the mode of a folder or an inherited descriptor let through is still nobody.
TEST_CASE("control server: other users are refused", "[host][control]") {
    if (::geteuid() != 0) return;  // only root can become somebody else
    Served served;
    REQUIRE(::chmod(served.folder.path.c_str(), 0777) == 0);
    REQUIRE(::chmod(served.path.c_str(), 0666) == 0);
    const auto member = GENERATE(false, true);
    const pid_t child = ::fork();
    if (child == 0) {
        const gid_t ours = ::getegid();
        const bool changed =
            ::setgroups(member ? 1 : 0, &ours) == 0 && ::setgid(65534) == 0 && ::setuid(65534) == 0;
        auto socket = connect_unix(served.path, SOCK_STREAM);
        if (!changed || !socket) ::_exit(9);
        static_cast<void>(::send(socket->get(), ask_1.data(), ask_1.size(), MSG_NOSIGNAL));
        ::_exit(0);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(status == 0);
    REQUIRE(served.until(
        [&] { return served.server->figures().strangers + served.commands.size() > 0; }));
    CHECK(served.server->figures().strangers == (member ? 0 : 1));
    CHECK(served.commands.size() == (member ? 1 : 0));
}
