// The built program against a real control server that answers with the example floor.
#pragma once
#include "host/control/control_server.hpp"
#include "support/folder.hpp"
#include "unit/host/tool/example_floor.hpp"

#include <asio/executor_work_guard.hpp>

#include <array>
#include <fcntl.h>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <spawn.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace holdfast::test {

/// A program that runs; its output goes to files, or to `terminal`.
class Program {
public:
    Program(std::vector<std::string> words, const Folder& folder, int terminal = -1)
        : out_{folder / "out"}, err_{folder / "err"} {
        words.insert(words.begin(), HOLDFAST_TOOL);
        std::vector<char*> pointers;
        for (auto& word : words)
            pointers.push_back(word.data());
        pointers.push_back(nullptr);
        posix_spawn_file_actions_t actions{};
        posix_spawn_file_actions_init(&actions);
        if (terminal >= 0) {
            posix_spawn_file_actions_adddup2(&actions, terminal, STDIN_FILENO);
            posix_spawn_file_actions_adddup2(&actions, terminal, STDOUT_FILENO);
        } else {
            open(actions, STDOUT_FILENO, out_);
        }
        open(actions, STDERR_FILENO, err_);
        need(posix_spawn(&pid_, HOLDFAST_TOOL, &actions, nullptr, pointers.data(), environ) == 0,
             "the program");
        posix_spawn_file_actions_destroy(&actions);
    }
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;
    ~Program() {
        if (!ended()) ::kill(pid_, SIGKILL), ::waitpid(pid_, nullptr, 0);
    }

    bool ended() {
        int status = 0;
        if (!ended_ && ::waitpid(pid_, &status, WNOHANG) == pid_) {
            ended_ = true;
            code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        }
        return ended_;
    }
    std::string out() const { return content(out_); }
    std::string err() const { return content(err_); }
    void signal(int number) const { ::kill(pid_, number); }

    int code = -1;

private:
    static void open(posix_spawn_file_actions_t& actions, int descriptor, const std::string& path) {
        posix_spawn_file_actions_addopen(
            &actions, descriptor, path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    }
    static std::string content(const std::string& path) {
        std::ifstream in{path};
        return {std::istreambuf_iterator<char>{in}, {}};
    }
    std::string out_, err_;
    pid_t pid_ = 0;
    bool ended_ = false;
};

class ServedProgram {
    asio::io_context io_{1};  // what stands below uses it, and goes before it

public:
    ServedProgram() { serve(); }

    void serve() {
        auto opened = host::ControlServer::open(
            io_, path, [this](engine::Input input, Instant) { take(std::move(input)); });
        need(opened.has_value(), "a control server");
        server = *std::move(opened);
    }

    /// Runs the loop until `done`; false where that takes too long.
    bool until(const std::function<bool()>& done) {
        const auto work = asio::make_work_guard(io_);  // it takes its time without any too
        for (int i = 0; i < 20'000; ++i) {
            io_.restart();
            io_.run_for(1ms);
            if (done()) return true;
        }
        return false;
    }
    /// Starts the program with these words, and serves it until it ends.
    std::unique_ptr<Program> run(std::vector<std::string> words) {
        words.insert(words.end(), {"--socket", path});
        auto program = std::make_unique<Program>(std::move(words), folder);
        need(until([&] { return program->ended(); }), "an end");
        return program;
    }

    Folder folder;
    std::string path = folder / "control";
    std::vector<console::Request> requests;
    tool::Floor floor = example_floor();
    /// Instead of the example's answers, where set.
    std::function<console::Answer(const console::Request&)> answer;
    std::uint64_t watcher = 0;
    std::unique_ptr<host::ControlServer> server;

private:
    void take(engine::Input input) {
        const auto* const command = std::get_if<engine::Commanded>(&input);
        if (command == nullptr) return;
        requests.push_back(command->request);
        if (std::holds_alternative<console::Watch>(command->request)) watcher = command->connection;
        server->answer({command->connection,
                        command->id,
                        answer ? answer(command->request) : usual(command->request)});
    }
    console::Answer usual(const console::Request& request) const {
        if (std::holds_alternative<console::ShowStatus>(request)) return floor.status;
        if (std::holds_alternative<console::ShowQueues>(request)) return floor.queues;
        if (std::holds_alternative<console::ShowAgents>(request)) return floor.agents;
        if (std::holds_alternative<console::ShowCalls>(request)) return floor.calls;
        if (std::holds_alternative<console::ShowAlarms>(request)) return floor.alarms;
        if (std::holds_alternative<console::ShowState>(request))
            return console::StateAnswer{"a1b2"};
        if (std::holds_alternative<console::ShowPhones>(request))
            return std::vector<console::PhoneLine>{};
        if (std::holds_alternative<console::ShowTrunks>(request))
            return std::vector{console::TrunkLine{"carrier", "up", "sip:carrier.example", 3}};
        return console::Done{};
    }
};

}  // namespace holdfast::test
