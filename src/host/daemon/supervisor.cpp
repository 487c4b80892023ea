#include "host/daemon/supervisor.hpp"

#include "host/io/exit_codes.hpp"
#include "host/io/log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <optional>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace holdfast::host {
namespace {

using Seconds = double;

// The first restart is at once: calls wait. One that dies again and again is given time.
constexpr std::array<Seconds, 6> pauses{0, 0.2, 1, 2, 5, 10};
/// Who ran that long was healthy.
constexpr Seconds healthy_after = 30;
/// Then it is killed.
constexpr Seconds stops_within = 10;
constexpr Seconds looks_every = 0.05;

Seconds now() {
    return std::chrono::duration<Seconds>{std::chrono::steady_clock::now().time_since_epoch()}
        .count();
}

class Child {
public:
    explicit Child(const Program& program) : program_{program} {}

    void start() {
        began_ = now();
        pid_ = ::fork();
        if (pid_ == 0) run();
        if (pid_ < 0) log(LogLevel::error, "cannot start " + program_.name + ": no process left");
    }
    bool runs() const { return pid_ > 0; }
    pid_t pid() const { return pid_; }
    bool leads() const { return program_.leads; }
    void signal(int number) const {
        if (runs()) ::kill(pid_, number);
    }
    bool due() const { return !runs() && now() >= start_at_; }

    /// Notes how it ended, and when it shall start again, if `again`.
    void ended(int status, bool again) {
        pid_ = -1;
        if (now() - began_ >= healthy_after) failures_ = 0;
        start_at_ = now() + pauses.at(std::min(failures_, pauses.size() - 1));
        ++failures_;
        const auto how = WIFSIGNALED(status)
                             ? fmt::format("was ended by signal {}", WTERMSIG(status))
                             : fmt::format("ended with code {}", WEXITSTATUS(status));
        log(LogLevel::error,
            fmt::format("{} {}; {}",
                        program_.name,
                        how,
                        again ? "starting it again" : "stopping everything"));
    }

private:
    [[noreturn]] void run() const {
        // Nobody stays behind when the supervisor is killed.
        ::prctl(PR_SET_PDEATHSIG, SIGTERM);
        sigset_t none;
        sigemptyset(&none);
        ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
        std::vector<char*> arguments;
        arguments.reserve(program_.arguments.size() + 1);
        for (const auto& argument : program_.arguments)
            arguments.push_back(const_cast<char*>(argument.c_str()));
        arguments.push_back(nullptr);
        ::execv(arguments.front(), arguments.data());
        log(LogLevel::error,
            fmt::format("cannot start {}: is it built and installed?", arguments.front()));
        ::_exit(exit_codes::unavailable);
    }

    const Program& program_;
    pid_t pid_ = -1;
    Seconds began_ = 0, start_at_ = 0;
    std::size_t failures_ = 0;
};

/// Waits for one of the signals, at most until the next look.
int next_signal(const sigset_t& signals) {
    timespec wait{};
    wait.tv_nsec = static_cast<long>(looks_every * 1e9);
    return ::sigtimedwait(&signals, nullptr, &wait);
}

void stop_all(std::vector<Child>& children) {
    const auto until = now() + stops_within;
    for (auto& child : children)
        child.signal(SIGTERM);
    for (auto& child : children) {
        while (child.runs() && ::waitpid(child.pid(), nullptr, WNOHANG) == 0 && now() < until)
            std::this_thread::sleep_for(std::chrono::milliseconds{10});
        child.signal(SIGKILL);
        if (child.runs()) ::waitpid(child.pid(), nullptr, 0);
    }
}

void tell_leader(const std::vector<Child>& children, int signal) {
    for (const auto& child : children)
        if (child.leads()) child.signal(signal);
}

/// The code to end with, where the ended child says that starting again does not help.
std::optional<int> verdict(const Child& child, int status, bool first) {
    if (!child.leads() || !WIFEXITED(status)) return std::nullopt;
    const int code = WEXITSTATUS(status);
    if (code == exit_codes::configuration || (code == exit_codes::unavailable && first))
        return code;
    return std::nullopt;
}

/// Notes who has ended; a code where that ends everything. `first`: the leader's first start.
std::optional<int> bury_dead(std::vector<Child>& children, bool& first) {
    for (auto& child : children) {
        int status = 0;
        if (!child.runs() || ::waitpid(child.pid(), &status, WNOHANG) <= 0) continue;
        const auto code = verdict(child, status, first);
        child.ended(status, !code);
        first = first && !child.leads();
        if (code) return code;
    }
    return std::nullopt;
}

sigset_t blocked_signals() {
    sigset_t signals{};
    sigemptyset(&signals);
    for (const int number : {SIGTERM, SIGINT, SIGCHLD, SIGHUP})
        sigaddset(&signals, number);
    static_cast<void>(::pthread_sigmask(SIG_BLOCK, &signals, nullptr));
    return signals;
}

}  // namespace

int supervise(const std::vector<Program>& programs) {
    const sigset_t signals = blocked_signals();
    std::vector<Child> children{programs.begin(), programs.end()};
    for (auto& child : children)
        child.start();
    bool first = true;
    for (;;) {
        const int signal = next_signal(signals);
        if (signal == SIGTERM || signal == SIGINT) break;
        if (signal == SIGHUP) tell_leader(children, SIGHUP);
        if (const auto code = bury_dead(children, first)) {
            stop_all(children);
            return *code;
        }
        for (auto& child : children)
            if (child.due()) child.start();
    }
    stop_all(children);
    return 0;
}

}  // namespace holdfast::host
