#include "host/store/nightly_backup.hpp"

#include "host/io/clocks.hpp"
#include "host/io/log.hpp"
#include "ledger/backup.hpp"

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace holdfast::host {
namespace {

constexpr Micros looks_every = 5s;
/// A copy that was missed waits until this life has settled: another one may have just died.
constexpr Micros makes_up_after = 1min;
constexpr std::string_view prefix = "ledger-", suffix = ".db";
constexpr std::size_t day_length = 10;  // 2026-11-23

/// ioprio_set(2): only when nobody else wants the disk. glibc has no names for it.
constexpr int io_of_thread = 1, io_idle = 3 << 13;

void stand_back() {
    ::setpriority(PRIO_PROCESS, 0, 19);
    ::syscall(SYS_ioprio_set, io_of_thread, 0, io_idle);
}

bool is_backup(const std::string& name) {
    return name.size() == prefix.size() + day_length + suffix.size() && name.starts_with(prefix) &&
           name.ends_with(suffix);
}

}  // namespace

std::optional<std::string> due_backup(const BackupOptions& options, WallInstant now) {
    const std::time_t seconds =
        std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    std::tm local{};
    if (options.kept == 0 || ::localtime_r(&seconds, &local) == nullptr) return std::nullopt;
    if (local.tm_hour < options.hour) return std::nullopt;
    std::string day(day_length + 1, '\0');
    day.resize(std::strftime(day.data(), day.size(), "%Y-%m-%d", &local));
    auto path = options.folder + "/" + std::string{prefix} + day + std::string{suffix};
    std::error_code error;
    if (std::filesystem::exists(path, error)) return std::nullopt;
    return path;
}

void drop_old_backups(const BackupOptions& options) {
    std::vector<std::filesystem::path> found;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator{options.folder, error})
        if (is_backup(entry.path().filename())) found.push_back(entry.path());
    std::ranges::sort(found);  // their names are in the order of their days
    while (found.size() > options.kept) {
        std::filesystem::remove(found.front(), error);
        found.erase(found.begin());
    }
}

NightlyBackup::NightlyBackup(BackupOptions options)
    : options_{std::move(options)}, thread_{[this] { run(); }} {}

NightlyBackup::~NightlyBackup() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void NightlyBackup::run() {
    stand_back();
    if (due_backup(options_, sample_clocks().wall) && !sleep(makes_up_after)) return;
    while (sleep(looks_every)) {
        const auto path = due_backup(options_, sample_clocks().wall);
        if (path && !back_up(*path) && !sleep(again_after)) return;
    }
}

bool NightlyBackup::back_up(const std::string& path) {
    std::error_code error;
    std::filesystem::create_directories(options_.folder, error);
    const auto done = ledger::back_up(options_.ledger_path, path, [this] { return goes_on(); });
    if (!done) {
        if (goes_on()) log(LogLevel::error, "no backup tonight: " + done.error().text);
        return false;
    }
    drop_old_backups(options_);
    log(LogLevel::info,
        "the ledger is copied to " + path + ": " + std::to_string(done->bytes / 1'000'000) +
            " MB, head " + ledger::text_of(done->head));
    return true;
}

bool NightlyBackup::goes_on() {
    const std::lock_guard lock{mutex_};
    return !stopping_;
}

bool NightlyBackup::sleep(Micros span) {
    std::unique_lock lock{mutex_};
    return !changed_.wait_for(lock, span, [this] { return stopping_; });
}

}  // namespace holdfast::host
