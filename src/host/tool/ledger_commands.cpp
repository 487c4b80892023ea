#include "host/tool/ledger_commands.hpp"

#include "host/tool/exit_codes.hpp"
#include "host/tool/figures.hpp"
#include "host/tool/json_line.hpp"
#include "ledger/backup.hpp"
#include "ledger/ledger.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <ctime>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace holdfast::tool {
namespace {

using ledger::Fault;
using ledger::Verdict;
using nlohmann::ordered_json;

ordered_json json_of(const std::string& file, const Verdict& v) {
    return {{"file", file},
            {"sound", v.sound()},
            {"rows", v.rows},
            {"caller_lanes", v.caller_lanes},
            {"agent_lanes", v.agent_lanes},
            {"open_lanes", v.open_lanes},
            {"lane_us", v.lane_us},
            {"segment_us", v.segment_us},
            {"first_row", v.first_row},
            {"last_row", v.last_row},
            {"head", v.head},
            {"cut_row", v.cut_row},
            {"seals", v.seals},
            {"sealed_row", v.sealed_row},
            {"keys", v.keys},
            {"corrections", v.corrections},
            {"persons_erased", v.persons_erased},
            {"flaws", v.flaws},
            {"first_bad_row", v.first_bad_row},
            {"sentences", v.sentences}};
}

void print_flaws(const std::string& file, const Verdict& v, std::FILE* faults) {
    for (const auto& sentence : v.sentences)
        fmt::print(faults, "{}: {}\n", file, sentence);
    fmt::print(faults,
               "{}: {} flaw{}, {}: keep the file, and ask for help\n",
               file,
               v.flaws,
               v.flaws == 1 ? "" : "s",
               v.first_bad_row == 0 ? "none of them in a row"
                                    : fmt::format("the first in row {}", v.first_bad_row));
}

void print_sound(const std::string& file, const Verdict& v, std::FILE* out) {
    fmt::print(out,
               "{}: sound. {} segments tile {} callers' and {} agents' lanes ({} open), {} us.\n",
               file,
               count_text(v.rows),
               count_text(v.caller_lanes),
               count_text(v.agent_lanes),
               count_text(v.open_lanes),
               count_text(static_cast<std::uint64_t>(v.segment_us)));
    if (v.cut_row > 0)
        fmt::print(out, "Rows up to {} were deleted, their time being over.\n", v.cut_row);
    if (v.last_row == 0) return;
    fmt::print(
        out,
        "Rows {} to {}, {} seals up to row {}, {} corrections, {} persons erased.\nHead {}\n",
        v.first_row,
        v.last_row,
        v.seals,
        v.sealed_row,
        v.corrections,
        v.persons_erased,
        v.head);
    for (const auto& key : v.keys)
        fmt::print(out, "Key {}\n", key);
    if (v.keys.size() > 1)
        fmt::print(out,
                   "More than one key has sealed it: right where the appliance was replaced or its "
                   "key lost, else somebody else's work.\n");
}

int told(const Fault& fault, std::FILE* faults) {
    fmt::print(faults, "{}\n", fault.text);
    return fault.kind == Fault::Kind::refused ? exit_refused : exit_no_input;
}

WallInstant wall_now() {
    return WallInstant{
        std::chrono::duration_cast<Micros>(std::chrono::system_clock::now().time_since_epoch())};
}

/// Opening a ledger would make one where there is none.
std::expected<ledger::Ledger, Fault> open_existing(const std::string& file) {
    if (::access(file.c_str(), R_OK | W_OK) != 0)
        return std::unexpected{Fault{
            Fault::Kind::other,
            fmt::format("{}: cannot be written: {}: name the ledger's database, and be root or "
                        "the user holdfastd runs as",
                        file,
                        std::generic_category().message(errno))}};
    return ledger::Ledger::open(file);
}

}  // namespace

int verify_ledger(const VerifyLedger& command, bool json, std::FILE* out, std::FILE* faults) {
    const auto verdict = ledger::verify(command.file, command.question);
    if (!verdict) return told(verdict.error(), faults);
    if (json)
        print_json(out, json_of(command.file, *verdict));
    else if (verdict->sound())
        print_sound(command.file, *verdict, out);
    else
        print_flaws(command.file, *verdict, faults);
    return verdict->sound() ? exit_done : exit_refused;
}

int show_head(const ShowHead& command, bool json, std::FILE* out, std::FILE* faults) {
    const auto head = ledger::Ledger::read_head(command.file);
    if (!head) return told(head.error(), faults);
    if (json)
        print_json(out, {{"file", command.file}, {"head", ledger::text_of(*head)}});
    else
        fmt::print(out, "{}\n", ledger::text_of(*head));
    return exit_done;
}

int back_up_ledger(const BackUpLedger& command, bool json, std::FILE* out, std::FILE* faults) {
    const auto done = ledger::back_up(command.file, command.to);
    if (!done) return told(done.error(), faults);
    const auto head = ledger::text_of(done->head);
    if (json)
        print_json(out, {{"file", command.to}, {"bytes", done->bytes}, {"head", head}});
    else
        fmt::print(out,
                   "{}: {} bytes, as of row {}. To check it: holdfast ledger verify {} --head {}\n",
                   command.to,
                   count_text(done->bytes),
                   done->head.row,
                   command.to,
                   head);
    return exit_done;
}

int correct_ledger(const CorrectLedger& command, std::FILE* out, std::FILE* faults) {
    auto ledger = open_existing(command.file);
    if (!ledger) return told(ledger.error(), faults);
    const auto done =
        ledger->correct(command.correction, {command.author, command.reason, wall_now()});
    if (!done) return told(done.error(), faults);
    fmt::print(out,
               "{}: row {}: {} is \"{}\" from now on; the row itself stays.\n",
               command.file,
               command.correction.row,
               command.correction.field,
               command.correction.value);
    return exit_done;
}

int erase_from_ledger(const EraseFromLedger& command, std::FILE* out, std::FILE* faults) {
    auto ledger = open_existing(command.file);
    if (!ledger) return told(ledger.error(), faults);
    const auto erased = ledger->erase(command.lane, {command.author, command.reason, wall_now()});
    if (!erased) return told(erased.error(), faults);
    fmt::print(out,
               "{}: what was known of the person of row {} is gone. Erase it in backups too.\n",
               command.file,
               erased->row);
    if (!erased->log_emptied)
        fmt::print(out,
                   "Another program reads the ledger: the bytes stay in {}-wal until it has ended "
                   "and SQLite has written that file anew.\n",
                   command.file);
    return exit_done;
}

std::optional<acd::Uuid> read_uuid(std::string_view text) {
    std::string digits{text};
    std::erase(digits, '-');
    const auto bytes = ledger::bytes_of_hex(digits);
    acd::Uuid uuid{};
    if (bytes.size() != uuid.size()) return std::nullopt;
    std::ranges::copy(bytes, uuid.begin());
    return uuid;
}

std::optional<WallInstant> read_day(const std::string& text, int days) {
    std::tm day{};
    const char* const end = ::strptime(text.c_str(), "%Y-%m-%d", &day);
    if (end == nullptr || *end != '\0' || text.size() != 10) return std::nullopt;
    auto as_made = day;
    as_made.tm_isdst = -1;
    // A day that the month does not have becomes one of the next month.
    if (std::mktime(&as_made) == -1 || as_made.tm_mday != day.tm_mday) return std::nullopt;
    day.tm_mday += days;
    day.tm_isdst = -1;
    return WallInstant{std::chrono::seconds{std::mktime(&day)}};
}

}  // namespace holdfast::tool
