// host/tool/options.hpp: the command line of holdfast.
#pragma once
#include "console/requests.hpp"
#include "host/tool/ledger_commands.hpp"
#include "host/tool/update_board.hpp"
#include "report/report.hpp"

#include <cstdint>
#include <expected>
#include <string>
#include <variant>

namespace holdfast::tool {

/// One question to the daemon, one answer.
struct Ask {
    console::Request request;
};
struct WatchEvents {};
struct Top {
    std::uint64_t frames = 0;  ///< Ends after that many; 0: when told to.
    std::size_t rows = 0;      ///< Of the terminal, from above; 0: all.
};
struct CheckSettings {
    std::string file;
};
/// Of a settings file.
struct ShowPrivacy {
    std::string file;
};
/// Of a black box.
struct ReplayInputs {
    std::string file;
};
enum class ReportForm : std::uint8_t { text, csv, json };
struct ReportLedger {
    std::string file;
    report::Question question;
    ReportForm form = ReportForm::text;
};
using Command = std::variant<Ask,
                             WatchEvents,
                             Top,
                             CheckSettings,
                             ShowPrivacy,
                             VerifyLedger,
                             ShowHead,
                             BackUpLedger,
                             CorrectLedger,
                             EraseFromLedger,
                             ReplayInputs,
                             ReportLedger,
                             UpdateFirmware>;

struct Options {
    std::string socket = "/run/holdfast/control";
    bool json = false;
    Command command;
};

/// What to print instead of doing anything, and the exit code: 0 for help, 64 for a wrong line.
struct Usage {
    std::string text;
    int exit_code = 0;
};

std::expected<Options, Usage> read_options(int argc, const char* const* argv);

}  // namespace holdfast::tool
