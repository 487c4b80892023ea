// host/store/nightly_backup.hpp: a copy of the ledger each night, on a thread of its own that has
// the disk and the processor when nobody else wants them.
#pragma once
#include "base/time.hpp"

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace holdfast::host {

struct BackupOptions {
    std::string ledger_path, folder;
    int hour = 3;  ///< Local time. A copy that was missed is made when the daemon is there again.
    std::size_t kept = 2;  ///< Of the nights before, with the last; 0: none is made.
};

/// The file that should be there by now and is not.
std::optional<std::string> due_backup(const BackupOptions& options, WallInstant now);
/// Removes the oldest copies, until so many as shall be kept are there.
void drop_old_backups(const BackupOptions& options);

class NightlyBackup {
public:
    /// After a failure, which the log tells.
    static constexpr Micros again_after = 1h;

    explicit NightlyBackup(BackupOptions options);
    /// Ends a copy that is being made.
    ~NightlyBackup();
    NightlyBackup(const NightlyBackup&) = delete;
    NightlyBackup& operator=(const NightlyBackup&) = delete;

private:
    void run();
    bool back_up(const std::string& path);
    bool goes_on();
    /// False where it shall end.
    bool sleep(Micros span);

    BackupOptions options_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace holdfast::host
