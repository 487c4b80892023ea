#include "host/daemon/supervisor.hpp"

#include "support/folder.hpp"
#include "support/need.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

using holdfast::host::Program;
using holdfast::test::Folder;
using holdfast::test::need;

namespace {

constexpr std::chrono::seconds child_patience{20};

/// A shell that writes a line into `log` when it starts, and then does `what`.
Program shell(const std::string& name, const std::string& log, const std::string& what) {
    return {name, {"/bin/sh", "-c", "echo " + name + " >> " + log + "; " + what}, false};
}
Program leading(Program program) {
    program.leads = true;
    return program;
}

/// A supervisor in a process of its own.
class Supervised {
public:
    explicit Supervised(const std::vector<Program>& programs) : pid_{::fork()} {
        if (pid_ == 0) ::_exit(holdfast::host::supervise(programs));
        need(pid_ > 0, "a process");
    }
    ~Supervised() {
        if (pid_ > 0) ::kill(pid_, SIGTERM);
        if (pid_ > 0) ::waitpid(pid_, nullptr, 0);
    }
    Supervised(const Supervised&) = delete;
    Supervised& operator=(const Supervised&) = delete;

    void signal(int number) const { ::kill(pid_, number); }
    /// Its exit code.
    int ended() {
        int status = 0;
        const auto until = std::chrono::steady_clock::now() + child_patience;
        while (::waitpid(pid_, &status, WNOHANG) == 0) {
            need(std::chrono::steady_clock::now() < until, "the supervisor's end");
            std::this_thread::sleep_for(std::chrono::milliseconds{5});
        }
        pid_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

private:
    pid_t pid_;
};

std::size_t count(const std::string& path, const std::string& line) {
    std::ifstream file{path};
    std::size_t lines = 0;
    for (std::string read; std::getline(file, read);)
        lines += read == line ? 1 : 0;
    return lines;
}
void wait_for(const std::string& path, const std::string& line, std::size_t times = 1) {
    const auto until = std::chrono::steady_clock::now() + child_patience;
    while (count(path, line) < times) {
        need(std::chrono::steady_clock::now() < until, line.c_str());
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
}

}  // namespace

TEST_CASE("supervisor: who dies is started again, and the other one is left alone", "[host]") {
    const Folder folder;
    const std::string log = folder / "log";
    Supervised both{
        {shell("media", log, "exec sleep 60"), leading(shell("daemon", log, "kill -9 $$"))}};
    wait_for(log, "daemon", 3);
    CHECK(count(log, "media") == 1);
    both.signal(SIGTERM);
    CHECK(both.ended() == 0);
}

TEST_CASE("supervisor: both are told to stop, and waited for", "[host]") {
    const Folder folder;
    const std::string log = folder / "log";
    const std::string stops = "trap 'echo stopped >> " + log + "; exit 0' TERM; echo up >> " + log +
                              "; while :; do sleep 0.01; done";
    Supervised both{{shell("media", log, stops), leading(shell("daemon", log, stops))}};
    wait_for(log, "up", 2);
    both.signal(SIGTERM);
    CHECK(both.ended() == 0);
    CHECK(count(log, "stopped") == 2);
}

TEST_CASE("supervisor: wrong settings end everything with their code", "[host]") {
    const Folder folder;
    const std::string log = folder / "log";
    Supervised both{{shell("media", log, "exec sleep 60"),
                     leading(shell("daemon", log, "sleep 0.1; exit 78"))}};
    CHECK(both.ended() == 78);
    CHECK(count(log, "daemon") == 1);
}

TEST_CASE("supervisor: what is missing at the first start ends everything, later it is waited for",
          "[host]") {
    const Folder folder;
    const std::string log = folder / "log";
    SECTION("the first start") {
        Supervised both{{leading(shell("daemon", log, "exit 69"))}};
        CHECK(both.ended() == 69);
    }
    SECTION("a later one") {
        Supervised both{{leading(
            shell("daemon", log, "[ $(grep -c daemon " + log + ") = 1 ] && kill -9 $$; exit 69"))}};
        wait_for(log, "daemon", 3);
        both.signal(SIGTERM);
        CHECK(both.ended() == 0);
    }
}

TEST_CASE("supervisor: the sign to read anew goes to the daemon alone", "[host]") {
    const Folder folder;
    const std::string log = folder / "log";
    const std::string hears = "trap 'echo again >> " + log + "' HUP; echo up >> " + log +
                              "; while :; do sleep 0.01; done";
    Supervised both{{shell("media", log, "echo up >> " + log + "; exec sleep 60"),
                     leading(shell("daemon", log, hears))}};
    wait_for(log, "up", 2);
    both.signal(SIGHUP);
    wait_for(log, "again");
    CHECK(count(log, "media") == 1);
    CHECK(count(log, "daemon") == 1);
}
