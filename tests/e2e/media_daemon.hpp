// tests/e2e/media_daemon.hpp: the real holdfast-media, and the daemon's side of its socket.
#pragma once
#include "host/io/fd.hpp"
#include "host/io/seqpacket.hpp"
#include "media/orders.hpp"
#include "support/need.hpp"

#include <chrono>
#include <deque>
#include <fcntl.h>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <poll.h>
#include <signal.h>
#include <string>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <vector>

namespace holdfast::test {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

/// Long enough for a loaded machine; reached only when something is broken.
inline constexpr auto patience = 20s;

/// A directory of its own under /tmp, gone at the end. Anybody may write there.
struct Folder {
    std::string path{"/tmp/holdfast-media-XXXXXX"};
    Folder() {
        need(mkdtemp(path.data()) != nullptr, "a folder");
        need(chmod(path.c_str(), 0777) == 0, "a folder for all");
    }
    ~Folder() { std::filesystem::remove_all(path); }
    std::string operator/(const std::string& name) const { return path + "/" + name; }
};

/// A child process; killed at the latest when this goes.
class Child {
public:
    explicit Child(const std::function<void()>& run) : pid_{fork()} {
        need(pid_ >= 0, "a process");
        if (pid_ != 0) return;
        run();
        _exit(127);
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child() { kill(SIGKILL); }

    /// Ends it and waits; its exit status as waitpid tells it.
    int kill(int signal) {
        int status = 0;
        if (pid_ > 0) {
            ::kill(pid_, signal);
            waitpid(pid_, &status, 0);
        }
        pid_ = 0;
        return status;
    }
    /// CPU time it has used so far.
    std::int64_t cpu_ns() const {
        clockid_t clock{};
        timespec time{};
        need(clock_getcpuclockid(pid_, &clock) == 0 && clock_gettime(clock, &time) == 0,
             "a clock of the process");
        return time.tv_sec * 1'000'000'000 + time.tv_nsec;
    }
    bool runs() const { return pid_ > 0 && waitpid(pid_, nullptr, WNOHANG) == 0; }

private:
    pid_t pid_;
};

/// holdfast-media, without root's rights where the test has them.
struct MediaProgram {
    Child child;
    explicit MediaProgram(const std::string& socket)
        : child{[&socket] {
              const int log = open((socket + ".log").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666);
              dup2(log, STDERR_FILENO);
              constexpr uid_t nobody = 65534;
              if (geteuid() == 0 && (setgid(nobody) != 0 || setuid(nobody) != 0)) _exit(126);
              execl(HOLDFAST_MEDIA, "holdfast-media", "--socket", socket.c_str(), nullptr);
          }} {}
};

/// The daemon's end: orders out, reports in.
class Daemon {
public:
    explicit Daemon(const std::string& path) {
        const auto until = Clock::now() + patience;
        while (!socket_ && Clock::now() < until) {
            if (auto connected = host::connect_seqpacket(path))
                socket_ = *std::move(connected);
            else
                usleep(10'000);
        }
        need(static_cast<bool>(socket_), "a connection to the media process");
        order(media::Greet{1});
        boot = expect<media::Greeted>().media_boot;
    }

    template <class Message>
    void order(const Message& message, const std::vector<int>& descriptors = {}) {
        need(send(media::to_bytes(media::Order{message}), descriptors), "an order that is taken");
    }
    bool send(const std::string& bytes, const std::vector<int>& descriptors = {}) {
        for (int i = 0; i < 1000; ++i) {
            const auto outcome = host::send_message(socket_.get(), bytes, descriptors);
            if (outcome != host::SendOutcome::full) return outcome == host::SendOutcome::sent;
            usleep(1000);
        }
        return false;
    }

    /// Reads what waits, for at most `wait`.
    void read(std::chrono::milliseconds wait = 0ms) {
        pollfd ready{socket_.get(), POLLIN, 0};
        poll(&ready, 1, static_cast<int>(wait.count()));
        while (auto message = receiver_.receive(socket_.get())) {
            auto report = media::read_report(message->bytes);
            need(report.has_value(), "a report that can be read");
            keep_sockets(*report, std::move(message->descriptors));
            reports.push_back(*std::move(report));
        }
    }
    /// The next report of a kind; those before it of other kinds stay.
    template <class R>
    std::optional<R> next(std::chrono::milliseconds wait = patience) {
        const auto until = Clock::now() + wait;
        do {
            for (auto at = reports.begin(); at != reports.end(); ++at)
                if (auto* found = std::get_if<R>(&*at)) {
                    R report = std::move(*found);
                    reports.erase(at);
                    return report;
                }
            read(20ms);
        } while (Clock::now() < until);
        return std::nullopt;
    }
    template <class R>
    R expect() {
        auto report = next<R>();
        need(report.has_value(), "a report that did not come");
        return *std::move(report);
    }

    /// Opens an endpoint on some free port.
    std::uint16_t open(MediaId media, const IpAddress& bind) {
        static std::uint16_t next_port = static_cast<std::uint16_t>(20'000 + getpid() % 9000 * 4);
        for (int i = 0; i < 200; ++i) {
            next_port = static_cast<std::uint16_t>(next_port >= 60'000 ? 20'000 : next_port + 2);
            order(media::Open{media, bind, next_port, false});
            const auto until = Clock::now() + patience;
            while (Clock::now() < until) {
                if (next<media::Opened>(0ms)) return next_port;
                if (next<media::OpenFailed>(0ms)) break;
                read(20ms);
            }
        }
        need(false, "no free port");
        return 0;
    }

    std::uint64_t boot = 0;
    std::deque<media::Report> reports;
    /// RTP and RTCP of each endpoint, as they came with the reports.
    std::map<MediaId, std::vector<host::Fd>> sockets;

private:
    void keep_sockets(const media::Report& report, std::vector<host::Fd> descriptors) {
        MediaId media;
        if (const auto* opened = std::get_if<media::Opened>(&report)) media = opened->media;
        if (const auto* listed = std::get_if<media::Listed>(&report)) media = listed->media;
        if (media) {
            need(descriptors.size() == 2, "two sockets with the report");
            sockets[media] = std::move(descriptors);
        }
    }
    host::Fd socket_;
    host::MessageReceiver receiver_{media::most_message_bytes};
};

}  // namespace holdfast::test
