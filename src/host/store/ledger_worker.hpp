// host/store/ledger_worker.hpp: the thread that the ledger runs on. SQLite may not answer for as
// long as a disk does not; whoever asks sees that no answer comes, and goes on.
#pragma once
#include "acd/ledger_row.hpp"
#include "base/time.hpp"
#include "ledger/ledger.hpp"

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace holdfast::host {

class LedgerWorker {
public:
    struct Task {
        std::vector<acd::LedgerRow> rows;
        std::optional<WallInstant> seal_at{};          ///< Then all is sealed, with that time.
        std::optional<ledger::Retention> retention{};  ///< Then some of what is older goes.
        WallInstant now{};
    };
    struct Answer {
        std::optional<ledger::Fault> fault;
        std::uint64_t last_row = 0;              ///< On disk; where there is no fault.
        std::string set_aside;                   ///< A sentence, where a damaged database was.
        std::optional<ledger::Seal> seal;        ///< Where it was asked for and something was new.
        std::optional<ledger::Expired> expired;  ///< Where it was asked for.
        std::string seal_fault;                  ///< Why it cannot be sealed: the key.
    };

    /// `ledger` may be open already. `answered` is called on the worker's thread after each answer,
    /// and must live as long as that.
    LedgerWorker(std::string path,
                 std::optional<ledger::Ledger> ledger,
                 std::function<void()> answered);
    ~LedgerWorker();
    LedgerWorker(const LedgerWorker&) = delete;
    LedgerWorker& operator=(const LedgerWorker&) = delete;

    /// From write() until its answer was taken.
    bool busy() const;
    /// Writes the rows, opening the ledger before where that is needed. Only while it is not busy.
    void write(Task task);
    std::optional<Answer> take_answer();

    /// Closes the ledger and ends the thread. A thread that does not answer `within` the time is
    /// left behind. Whether it ended.
    bool stop(Micros within);

private:
    struct State;
    static void run(const std::shared_ptr<State>& state);
    std::shared_ptr<State> state_;
};

/// Puts a damaged database and what belongs to it under another name beside it. A sentence for the
/// log, or why that cannot be.
std::expected<std::string, std::string> set_ledger_aside(const std::string& path);

}  // namespace holdfast::host
