// host/store/store_keeper.hpp: decides where rows go: into the ledger while it answers, into the
// spill file while it does not, and from there into the ledger when it does again. Runs on a thread
// of its own, beside the ledger's.
#pragma once
#include "acd/ledger_row.hpp"
#include "base/time.hpp"
#include "host/store/ledger_worker.hpp"
#include "host/store/spill_file.hpp"
#include "host/store/store_desk.hpp"

#include <cstdint>
#include <deque>
#include <expected>
#include <memory>
#include <optional>
#include <string>

namespace holdfast::host {

struct KeeperStart {
    std::string ledger_path;
    std::optional<ledger::Ledger> ledger;
    std::string ledger_fault;  ///< Why there is none.
    std::expected<SpillFile, std::string> spill;
    Micros group{}, seal_every{};
    std::chrono::days keep_persons{0}, keep_rows{0};
};

class StoreKeeper {
public:
    /// A group in the spill file costs a sector at least and a fdatasync: there it may be larger.
    static constexpr Micros spill_group = 50ms;
    /// The ledger has not answered: rows go into the spill file.
    static constexpr Micros stall = 1s;
    static constexpr Micros first_pause = 1s, longest_pause = 30s;  ///< Before the ledger is tried.
    static constexpr Micros spill_pause = 1s;  ///< Before the spill file is tried again.
    /// What is older than it is kept is looked for, and goes little by little: 20,000 rows a
    /// second.
    static constexpr Micros first_expiry = 1min, expiry_every = 1h, expiry_pause = 100ms;
    static constexpr Micros longest_close = 3s;  ///< For what waits when it is to end.

    StoreKeeper(std::shared_ptr<StoreDesk> desk, KeeperStart start);
    /// Until the desk is closed.
    void run();

private:
    enum class Trouble : std::uint8_t { none, spilling, refusing };

    void sample();
    void take_rows();
    void take_answer();
    void give_to_ledger();
    void watch_ledger();
    void spill_rows();
    void replay();
    void ask_ledger(std::vector<acd::LedgerRow> rows);
    bool seal_is_due() const;
    bool expiry_is_due() const;
    ledger::Retention retention() const;
    void expired(const ledger::Expired& expired);
    void sealed(const LedgerWorker::Answer& answer);
    void ledger_failed(const std::string& why);
    void refused(const ledger::Fault& fault);
    void leave_out(const std::string& why);
    void spill_is_read();
    void tell_works();
    void lose_spill(const std::string& why);
    void acknowledge(std::uint64_t row);
    void tell(Trouble trouble, std::string sentence);
    bool may_end() const;
    Instant next_wake() const;

    std::shared_ptr<StoreDesk> desk_;
    std::string ledger_path_;
    std::expected<SpillFile, std::string> spill_;
    Micros group_, seal_every_;
    std::chrono::days keep_persons_, keep_rows_;
    LedgerWorker worker_;

    Instant now_;
    WallInstant wall_;
    std::deque<acd::LedgerRow> waiting_;   // not on disk
    Instant group_due_ = never;            // of the first of them
    std::deque<acd::LedgerRow> replayed_;  // from the spill file, not in the ledger
    std::size_t replay_at_once_;
    int attempts_ = 0;            // at the one row that is replayed alone
    bool direct_ = true;          // rows go into the ledger
    bool works_ = true;           // the ledger's last answer was good
    std::size_t asked_rows_ = 0;  // in the ledger's hands
    Instant asked_at_ = never;
    Micros pause_ = first_pause;
    Instant ask_again_at_;
    Instant spill_again_at_;
    Instant seal_at_;  // what the last life has not sealed is sealed at once
    Instant expire_at_ = never;
    ledger::Expired expired_;  // since nothing was left to do
    std::string seal_fault_;
    Instant end_at_ = never;
    Trouble trouble_ = Trouble::none;
    std::string why_;  // the ledger does not work
};

}  // namespace holdfast::host
