#include "host/tool/run.hpp"

#include "host/tool/checks.hpp"
#include "host/tool/client.hpp"
#include "host/tool/exit_codes.hpp"
#include "host/tool/privacy.hpp"
#include "host/tool/replay_inputs.hpp"
#include "host/tool/report_ledger.hpp"
#include "host/tool/tables.hpp"
#include "host/tool/top.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cstdio>
#include <ctime>
#include <optional>
#include <utility>

namespace holdfast::tool {
namespace {

constexpr std::chrono::hours long_wait{1};

int unavailable(const std::string& why) {
    fmt::print(stderr, "holdfast: {}\n", why);
    return exit_unavailable;
}

/// Prints the answer; a refusal goes to standard error, but for programs.
int print_answer(const std::string& line, bool json) {
    const auto incoming = read_incoming(line);
    if (!incoming) return unavailable(incoming.error());
    const auto& answer = std::get<Answered>(*incoming).answer;
    const bool refused = std::holds_alternative<console::Refused>(answer);
    if (json)
        fmt::print("{}\n", line);
    else if (refused)
        fmt::print(stderr, "holdfast: {}", text_of(answer));
    else
        fmt::print("{}", text_of(answer));
    return refused ? exit_refused : exit_done;
}

int ask(const Ask& command, const Options& options) {
    auto client = Client::connect(options.socket);
    if (!client) return unavailable(client.error());
    const auto line = client->ask(command.request);
    if (!line) return unavailable(line.error());
    return print_answer(*line, options.json);
}

void print_event(const std::string& line, bool json) {
    const auto incoming = read_incoming(line);
    if (json || !incoming) {
        fmt::print("{}\n", json ? line : incoming.error());
    } else if (const auto* const event = std::get_if<console::Event>(&*incoming)) {
        const std::time_t now = std::time(nullptr);
        fmt::print("{:%H:%M:%S} {}\n", fmt::localtime(now), text_of(*event));
    }
    static_cast<void>(std::fflush(stdout));
}

int watch(const Options& options) {
    auto client = Client::connect(options.socket);
    if (!client) return unavailable(client.error());
    const auto begun = client->ask(console::Watch{});
    if (!begun) return unavailable(begun.error());
    const auto incoming = read_incoming(*begun);
    if (!incoming) return unavailable(incoming.error());
    if (std::holds_alternative<console::Refused>(std::get<Answered>(*incoming).answer))
        return print_answer(*begun, options.json);
    while (true) {
        const auto line = client->receive(long_wait);
        if (!line) return unavailable(line.error());
        const std::optional<std::string>& event = *line;
        if (event) print_event(*event, options.json);
    }
}

int top(const Top& command, const Options& options) {
    auto client = Client::connect(options.socket);
    if (!client) return unavailable(client.error());
    return run_top(*std::move(client), options.socket, command.frames, command.rows);
}

}  // namespace

int run(const Options& options) {
    struct Visit {
        const Options& options;
        int operator()(const Ask& command) const { return ask(command, options); }
        int operator()(const WatchEvents&) const { return watch(options); }
        int operator()(const Top& command) const { return top(command, options); }
        int operator()(const CheckSettings& command) const {
            return check_settings(command.file, options.json, stdout, stderr);
        }
        int operator()(const ShowPrivacy& command) const {
            return show_privacy(command.file, stdout, stderr);
        }
        int operator()(const VerifyLedger& command) const {
            return verify_ledger(command, options.json, stdout, stderr);
        }
        int operator()(const ShowHead& command) const {
            return show_head(command, options.json, stdout, stderr);
        }
        int operator()(const BackUpLedger& command) const {
            return back_up_ledger(command, options.json, stdout, stderr);
        }
        int operator()(const CorrectLedger& command) const {
            return correct_ledger(command, stdout, stderr);
        }
        int operator()(const EraseFromLedger& command) const {
            return erase_from_ledger(command, stdout, stderr);
        }
        int operator()(const ReplayInputs& command) const {
            return replay_inputs(command.file, options.json, stdout, stderr);
        }
        int operator()(const ReportLedger& command) const {
            return report_ledger(command, options.json, stdout, stderr);
        }
        int operator()(const UpdateFirmware& command) const {
            return update_board(command, options.socket);
        }
    };
    return std::visit(Visit{options}, options.command);
}

}  // namespace holdfast::tool
