// host/store/store.hpp: the ledger, for a caller who must never wait. Rows are handed over and come
// back as committed when they are on disk: in the ledger, or, while that does not work, in a spill
// file that is played into it later.
#pragma once
#include "acd/ledger_row.hpp"
#include "base/time.hpp"
#include "host/store/store_desk.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <vector>

namespace holdfast::host {

// Four hours at rated load are 20 * 14,400 = 288,000 calls. A call is about 12 rows (one journey,
// five segments of the caller's lane, six of the agent's and marks) of 136 bytes: 470 MB. A frame
// each 50 ms wastes half a sector: 74 MB.
inline constexpr std::size_t store_spill_bytes = std::size_t{544} * 1000 * 1000;

struct StoreOptions {
    std::string ledger_path, spill_path;
    std::size_t spill_bytes = store_spill_bytes;
    Micros group = 10ms;  ///< Rows that come within this go in one transaction.
    std::size_t most_waiting = most_waiting_rows;
    std::chrono::days keep_persons{0}, keep_rows{0};  ///< Then they go; 0: never.
    Micros seal_every = 5min;                         ///< Signed, and its head told in the log.
};

class Store {
public:
    /// What close() takes at the very most, with a disk that does not answer.
    static constexpr Micros longest_close = 8s;

    /// Opens or makes the ledger and the spill file. A damaged one is set aside and a new one
    /// started, see notes(); while a disk is full or read-only, the spill file alone will do. May
    /// block. A sentence where the numbers of new rows cannot be known, or none could be kept.
    static std::expected<std::unique_ptr<Store>, std::string> open(const StoreOptions& options);
    ~Store() { close(); }
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    /// What opening found amiss, sentences for the log.
    const std::vector<std::string>& notes() const { return notes_; }
    /// The last row on disk when it was opened: in the ledger or the spill file.
    std::uint64_t last_row() const { return last_row_; }

    /// Never waits. Rows come in order; one that is on disk already is reported again at once.
    void write(acd::LedgerRow row) { desk_->add(std::move(row)); }
    /// Readable while results wait.
    int descriptor() const { return desk_->descriptor(); }
    std::vector<StoreResult> take_results() { return desk_->take_results(); }
    /// Rows that are not on disk yet.
    std::size_t waiting() const { return desk_->waiting(); }
    /// Rows for which there was no room even in memory; the journal has to keep them.
    std::uint64_t turned_away() const { return desk_->turned_away(); }

    /// Writes what it has, and ends. Results can be taken still.
    void close();

private:
    Store(std::shared_ptr<StoreDesk> desk, std::uint64_t last_row, std::vector<std::string> notes)
        : desk_{std::move(desk)}, last_row_{last_row}, notes_{std::move(notes)} {}

    std::shared_ptr<StoreDesk> desk_;
    std::uint64_t last_row_;
    std::vector<std::string> notes_;
    bool closed_ = false;
};

}  // namespace holdfast::host
