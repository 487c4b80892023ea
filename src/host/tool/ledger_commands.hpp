// host/tool/ledger_commands.hpp: what the operator does with a ledger's database, with or without a
// daemon that writes to it. All return the exit code.
#pragma once
#include "ledger/amendments.hpp"
#include "ledger/verify.hpp"

#include <cstdio>
#include <expected>
#include <optional>
#include <string>

namespace holdfast::tool {

struct VerifyLedger {
    std::string file;
    ledger::Question question;
};
struct ShowHead {
    std::string file;
};
struct BackUpLedger {
    std::string file, to;
};
struct CorrectLedger {
    std::string file;
    ledger::Correction correction;
    std::string author, reason;
};
struct EraseFromLedger {
    std::string file;
    acd::Uuid lane{};  ///< A caller's journey or an agent's shift.
    std::string author, reason;
};

/// Whether the ledger keeps its promises; its first flaws where it does not.
int verify_ledger(const VerifyLedger& command, bool json, std::FILE* out, std::FILE* faults);
/// The last row and the hash over all, to be kept elsewhere.
int show_head(const ShowHead& command, bool json, std::FILE* out, std::FILE* faults);
/// A copy of a ledger that the daemon goes on writing to.
int back_up_ledger(const BackUpLedger& command, bool json, std::FILE* out, std::FILE* faults);
int correct_ledger(const CorrectLedger& command, std::FILE* out, std::FILE* faults);
int erase_from_ledger(const EraseFromLedger& command, std::FILE* out, std::FILE* faults);

/// 32 hexadecimal digits, with or without dashes.
std::optional<acd::Uuid> read_uuid(std::string_view text);
/// "2026-11-23": the instant at which that day begins here; with `days` more, a later one.
std::optional<WallInstant> read_day(const std::string& text, int days = 0);

}  // namespace holdfast::tool
