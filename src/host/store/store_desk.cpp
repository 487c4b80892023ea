#include "host/store/store_desk.hpp"

#include "base/ensure.hpp"
#include "host/io/clocks.hpp"

#include <algorithm>
#include <sys/eventfd.h>
#include <utility>

namespace holdfast::host {

StoreDesk::StoreDesk(std::uint64_t last_row, std::size_t most_waiting)
    : event_{eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)},
      most_waiting_{most_waiting},
      added_{last_row},
      committed_{last_row} {
    ensure(static_cast<bool>(event_), "no event descriptor");
}

void StoreDesk::add(acd::LedgerRow row) {
    const std::lock_guard lock{mutex_};
    if (row.row <= committed_) return tell(Committed{committed_});
    if (row.row <= added_ || closing_) return;  // on its way; or the journal keeps it
    // The ledger takes rows in order: after one that was turned away it could not take a later one.
    if (waiting_ >= most_waiting_ || turned_away_ > 0) {
        if (turned_away_++ == 0)
            tell(Troubled{"neither the ledger nor its spill file takes rows, and " +
                              std::to_string(waiting_) + " wait in memory: rows from " +
                              std::to_string(row.row) +
                              " on wait in the journal; free disk space, then restart holdfastd",
                          true});
        return;
    }
    added_ = row.row;
    ++waiting_;
    rows_.push_back(std::move(row));
    if (wants_rows_ && rows_.size() == 1) changed_.notify_all();
}

std::vector<StoreResult> StoreDesk::take_results() {
    const std::lock_guard lock{mutex_};
    eventfd_t count = 0;
    eventfd_read(event_.get(), &count);
    return std::exchange(results_, {});
}

std::size_t StoreDesk::waiting() const {
    const std::lock_guard lock{mutex_};
    return waiting_;
}

std::uint64_t StoreDesk::turned_away() const {
    const std::lock_guard lock{mutex_};
    return turned_away_;
}

bool StoreDesk::close(Micros within) {
    std::unique_lock lock{mutex_};
    closing_ = woken_ = true;
    changed_.notify_all();
    return changed_.wait_for(lock, within, [this] { return ended_; });
}

void StoreDesk::wait(Instant until, bool for_rows) {
    std::unique_lock lock{mutex_};
    const Micros most = std::clamp(until - sample_clocks().now, Micros{0}, Micros{1h});
    wants_rows_ = for_rows;
    changed_.wait_for(lock, most, [&] { return woken_ || (for_rows && !rows_.empty()); });
    wants_rows_ = woken_ = false;
}

void StoreDesk::wake() {
    const std::lock_guard lock{mutex_};
    woken_ = true;
    changed_.notify_all();
}

bool StoreDesk::closing() const {
    const std::lock_guard lock{mutex_};
    return closing_;
}

std::deque<acd::LedgerRow> StoreDesk::take_rows() {
    const std::lock_guard lock{mutex_};
    return std::exchange(rows_, {});
}

void StoreDesk::committed(std::uint64_t row, std::size_t rows) {
    const std::lock_guard lock{mutex_};
    waiting_ -= rows;
    committed_ = std::max(committed_, row);
    tell(Committed{committed_});
}

void StoreDesk::troubled(Troubled trouble) {
    const std::lock_guard lock{mutex_};
    if (turned_away_ == 0) tell(std::move(trouble));  // that stays true until the restart
}

void StoreDesk::ended() {
    const std::lock_guard lock{mutex_};
    ended_ = true;
    changed_.notify_all();
}

void StoreDesk::tell(StoreResult result) {
    const bool both_committed =
        !results_.empty() && results_.back().index() == 0 && result.index() == 0;
    if (both_committed)
        results_.back() = std::move(result);
    else
        results_.push_back(std::move(result));
    eventfd_write(event_.get(), 1);
}

}  // namespace holdfast::host
