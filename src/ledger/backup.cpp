#include "ledger/backup.hpp"

#include "ledger/database.hpp"

#include <SQLiteCpp/Backup.h>
#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <optional>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace holdfast::ledger {
namespace {

/// 4 MB, each 80 ms.
constexpr int pages_at_once = 1024;
constexpr std::chrono::milliseconds pause{80};
/// A disk that backups have filled cannot take the rows of calls any more.
constexpr double room_left = 1.1;

Fault other(std::string text) {
    return {Fault::Kind::other, std::move(text)};
}

/// Why the copy cannot be begun.
std::optional<Fault> obstacle(const std::string& from, const std::string& to) {
    std::error_code error;
    if (std::filesystem::exists(to, error))
        return other(fmt::format("{}: is there already: name another file", to));
    const auto bytes = std::filesystem::file_size(from, error);
    if (error)
        return other(fmt::format("{}: {}: name the ledger's database", from, error.message()));
    const auto folder = std::filesystem::absolute(to).parent_path();
    const auto space = std::filesystem::space(folder, error);
    if (error)
        return other(fmt::format("{}: {}: make the folder", folder.string(), error.message()));
    if (static_cast<double>(space.available) < room_left * static_cast<double>(bytes))
        return Fault{Fault::Kind::full,
                     fmt::format("{}: {} MB are free, and a copy of {} takes {}: free some, or "
                                 "name another disk",
                                 folder.string(),
                                 space.available / 1'000'000,
                                 from,
                                 bytes / 1'000'000)};
    return std::nullopt;
}

/// All pages as of the snapshot that `source` holds: others write on beside it. False where it was
/// ended.
bool copy_pages(SQLite::Database& source,
                const std::string& path,
                const std::function<bool()>& goes_on) {
    SQLite::Database copy{path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
    std::error_code ignored;  // then it can be read by whoever may read the ledger
    using enum std::filesystem::perms;
    std::filesystem::permissions(path, owner_read | owner_write, ignored);
    {
        SQLite::Backup backup{copy, source};
        for (;;) {
            if (goes_on && !goes_on()) return false;
            backup.executeStep(pages_at_once);
            if (backup.getRemainingPageCount() == 0) break;
            std::this_thread::sleep_for(pause);
        }
    }
    // A file alone: it is read where nobody may write too.
    copy.exec("PRAGMA journal_mode = DELETE");
    return true;
}

bool sync(const std::string& path, int flags) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | flags);
    if (file < 0) return false;
    const bool synced = ::fsync(file) == 0;
    ::close(file);
    return synced;
}

/// Gives the whole copy its name, where a power cut leaves it.
bool publish(const std::string& made, const std::string& to) {
    const auto folder = std::filesystem::absolute(to).parent_path();
    return sync(made, 0) && std::rename(made.c_str(), to.c_str()) == 0 && sync(folder, O_DIRECTORY);
}

std::expected<BackedUp, Fault> copy(const std::string& from,
                                    const std::string& to,
                                    const std::string& made,
                                    const std::function<bool()>& goes_on) {
    SQLite::Database source{from, SQLite::OPEN_READONLY, busy_ms};
    if (auto fault = other_version(source, from)) return std::unexpected{*std::move(fault)};
    SQLite::Transaction snapshot{source};
    BackedUp done;
    SQLite::Statement head{source, "SELECT row, rows_hash FROM head"};
    if (head.executeStep())
        done.head = {static_cast<std::uint64_t>(head.getColumn(0).getInt64()),
                     hash_of(head.getColumn(1).getString())};
    head.reset();
    if (!copy_pages(source, made, goes_on))
        return std::unexpected{other(fmt::format("{}: the copy was not finished", to))};
    if (!publish(made, to))
        return std::unexpected{
            Fault{Fault::Kind::io, fmt::format("{}: the copy cannot be brought to disk", to)}};
    std::error_code ignored;
    done.bytes = std::filesystem::file_size(to, ignored);
    return done;
}

}  // namespace

std::expected<BackedUp, Fault> back_up(const std::string& from,
                                       const std::string& to,
                                       const std::function<bool()>& goes_on) {
    if (auto fault = obstacle(from, to)) return std::unexpected{*std::move(fault)};
    const std::string made = to + ".new";
    std::error_code ignored;
    std::filesystem::remove(made, ignored);  // of a copy that was cut off
    auto done = [&]() -> std::expected<BackedUp, Fault> {
        try {
            return copy(from, to, made, goes_on);
        } catch (const SQLite::Exception& e) {
            return std::unexpected{fault_of(e, to)};
        }
    }();
    if (!done) std::filesystem::remove(made, ignored);
    return done;
}

}  // namespace holdfast::ledger
