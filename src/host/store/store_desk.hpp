// host/store/store_desk.hpp: what lies between the caller, who must never wait, and the thread that
// writes: rows one way, results the other.
#pragma once
#include "acd/ledger_row.hpp"
#include "base/time.hpp"
#include "host/io/fd.hpp"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <variant>
#include <vector>

namespace holdfast::host {

/// Every row up to this one is on disk.
struct Committed {
    std::uint64_t row = 0;
};
struct Troubled {
    std::string what;           ///< A sentence; empty: it works again.
    bool refuse_calls = false;  ///< The spill file cannot take rows either.
};
using StoreResult = std::variant<Committed, Troubled>;

// A row takes about 400 bytes: 40 MB. When neither ledger nor spill file takes rows, new calls are
// refused, and the 1,000 calls of rated load end with 12 rows each: eight times as many may wait.
inline constexpr std::size_t most_waiting_rows = 100'000;

class StoreDesk {
public:
    explicit StoreDesk(std::uint64_t last_row, std::size_t most_waiting = most_waiting_rows);

    // The caller's side.
    void add(acd::LedgerRow row);
    int descriptor() const { return event_.get(); }
    std::vector<StoreResult> take_results();
    std::size_t waiting() const;
    std::uint64_t turned_away() const;
    /// Asks the thread to end. False where it has not, after `within`.
    bool close(Micros within);

    // The thread's side.
    /// Sleeps until `until`, or until it is woken; with `for_rows`, also until rows come.
    void wait(Instant until, bool for_rows);
    void wake();
    bool closing() const;
    std::deque<acd::LedgerRow> take_rows();
    void committed(std::uint64_t row, std::size_t rows);
    void troubled(Troubled trouble);
    void ended();

private:
    void tell(StoreResult result);

    Fd event_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<acd::LedgerRow> rows_;
    std::vector<StoreResult> results_;
    std::size_t most_waiting_;
    std::size_t waiting_ = 0;          // here and with the thread
    std::uint64_t added_, committed_;  // the last row of each
    std::uint64_t turned_away_ = 0;
    bool woken_ = false, closing_ = false, ended_ = false;
    bool wants_rows_ = false;  // to wake a thread that waits for something else costs two switches
};

}  // namespace holdfast::host
