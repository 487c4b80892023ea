// settings/settings.hpp: the settings file (TOML) read into what engine and host need. Every fault
// of a file is found at once, each with its line, what was found and what would be right.
#pragma once
#include "engine/effects.hpp"
#include "engine/settings.hpp"
#include "wallboard/board_settings.hpp"

#include <expected>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::settings {

/// What only the host needs: places and processes.
struct HostSettings {
    std::string state = "/var/lib/holdfast";  ///< Ledger, spill file, secrets, black box.
    std::string runtime = "/run/holdfast";    ///< Journal, sockets of control and media.
    engine::LogLevel log_level = engine::LogLevel::info;
    bool black_box_redacts = true;  ///< Callers' numbers never enter recorded inputs.
    std::uint64_t black_box_bytes = std::uint64_t{64} * 1024 * 1024;
    /// Rows are kept there while the ledger cannot be written: four hours at rated load.
    std::uint64_t spill_bytes = std::uint64_t{544} * 1000 * 1000;
    std::string backup_folder;      ///< Of copies of the ledger; empty: "backups" in `state`.
    std::uint32_t backup_hour = 3;  ///< Local time.
    std::uint32_t backups_kept = 2;
    std::uint32_t person_days = 0;          ///< Then numbers and names are erased; 0: never.
    std::uint32_t row_days = 0;             ///< Then rows are deleted; 0: never.
    std::vector<std::string> name_servers;  ///< Empty: the system's.
    /// As engine::WallboardSettings::boards, in the same order.
    std::vector<wallboard::BoardSettings> boards;
};

struct Settings {
    engine::Settings engine;
    HostSettings host;
};

struct Fault {
    std::uint32_t line = 0;  ///< 1-based; 0 where the file as a whole is meant.
    std::string what;        ///< A sentence: where, what was found, what would be right.
};

/// "settings.toml:12: ..." one line a fault, in the order of the file.
std::string text_of(const std::vector<Fault>& faults, std::string_view file);

/// Reads a whole file. `readable` tells whether a named file (music, certificate) can be opened;
/// where it is empty, that is not asked.
std::expected<Settings, std::vector<Fault>> read(
    std::string_view toml, const std::function<bool(const std::string&)>& readable = {});

}  // namespace holdfast::settings
