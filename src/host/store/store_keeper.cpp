#include "host/store/store_keeper.hpp"

#include "base/codec.hpp"
#include "host/io/clocks.hpp"
#include "host/io/log.hpp"

#include <algorithm>
#include <fcntl.h>
#include <filesystem>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace holdfast::host {
namespace {

constexpr std::size_t most_at_once = SpillFile::most_rows;
/// A row that the ledger will not take, for its content, is given to it so often alone.
constexpr int most_attempts = 3;
/// Of the rows that are left out; more would be a fault in every row.
constexpr off_t most_left_out_bytes = 1'000'000;

std::vector<acd::LedgerRow> first_of(const std::deque<acd::LedgerRow>& rows, std::size_t most) {
    const auto count = static_cast<std::ptrdiff_t>(std::min(rows.size(), most));
    return {rows.begin(), rows.begin() + count};
}

/// Keeps a row that the ledger will not take where somebody can look at it.
bool keep_left_out(const std::string& path, const acd::LedgerRow& row) {
    const Fd file{::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)};
    if (!file || ::lseek(file.get(), 0, SEEK_END) > most_left_out_bytes) return false;
    std::string bytes;
    encode(row, bytes);
    return ::write(file.get(), bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) &&
           ::fdatasync(file.get()) == 0;
}

}  // namespace

StoreKeeper::StoreKeeper(std::shared_ptr<StoreDesk> desk, KeeperStart start)
    : desk_{std::move(desk)},
      ledger_path_{start.ledger_path},
      spill_{std::move(start.spill)},
      group_{start.group},
      seal_every_{start.seal_every},
      keep_persons_{start.keep_persons},
      keep_rows_{start.keep_rows},
      worker_{std::move(start.ledger_path), std::move(start.ledger), [d = desk_] { d->wake(); }},
      replay_at_once_{most_at_once} {
    sample();
    seal_at_ = now_;
    if (keep_persons_.count() > 0 || keep_rows_.count() > 0) expire_at_ = now_ + first_expiry;
    if (start.ledger_fault.empty())
        tell_works();
    else
        ledger_failed(start.ledger_fault);
    if (spill_ && !spill_->empty()) direct_ = false;  // what is there goes first
}

void StoreKeeper::run() {
    for (;;) {
        sample();
        if (end_at_ == never && desk_->closing()) end_at_ = now_ + longest_close;
        take_rows();
        take_answer();
        watch_ledger();
        if (direct_) {
            give_to_ledger();
        } else {
            spill_rows();
            replay();
        }
        if (may_end()) break;
        desk_->wait(next_wake(), waiting_.empty());
    }
    if (!waiting_.empty())
        log(LogLevel::error,
            std::to_string(waiting_.size()) +
                " rows of the ledger could not be written; the journal keeps them");
    worker_.stop(longest_close);
}

void StoreKeeper::sample() {
    const auto clocks = sample_clocks();
    now_ = clocks.now;
    wall_ = clocks.wall;
}

void StoreKeeper::take_rows() {
    auto rows = desk_->take_rows();
    if (waiting_.empty()) group_due_ = now_ + (direct_ ? group_ : spill_group);
    if (end_at_ != never) group_due_ = now_;
    std::ranges::move(rows, std::back_inserter(waiting_));
}

void StoreKeeper::give_to_ledger() {
    if (worker_.busy()) return;
    const bool group_is_due = !waiting_.empty() && now_ >= group_due_;
    if (group_is_due || seal_is_due() || expiry_is_due())
        ask_ledger(first_of(waiting_, most_at_once));
}

bool StoreKeeper::seal_is_due() const {
    return direct_ && now_ >= seal_at_;
}

bool StoreKeeper::expiry_is_due() const {
    return direct_ && now_ >= expire_at_;
}

ledger::Retention StoreKeeper::retention() const {
    ledger::Retention retention;
    if (keep_persons_.count() > 0) retention.persons_before = wall_ - keep_persons_;
    if (keep_rows_.count() > 0) retention.rows_before = wall_ - keep_rows_;
    return retention;
}

void StoreKeeper::expired(const ledger::Expired& some) {
    expired_.persons += some.persons;
    expired_.rows += some.rows;
    if (some.more) {
        expire_at_ = now_ + expiry_pause;
    } else if (const auto all = std::exchange(expired_, {}); all.persons + all.rows > 0) {
        log(LogLevel::info,
            "the ledger has kept for as long as the settings say: " + std::to_string(all.persons) +
                " persons, erased, and " + std::to_string(all.rows) + " rows, deleted");
    }
}

void StoreKeeper::ask_ledger(std::vector<acd::LedgerRow> rows) {
    asked_rows_ = rows.size();
    asked_at_ = now_;
    LedgerWorker::Task task{std::move(rows)};
    if (seal_is_due()) {
        task.seal_at = wall_;
        seal_at_ = now_ + seal_every_;
    }
    if (expiry_is_due()) {
        task.retention = retention();
        task.now = wall_;
        expire_at_ = now_ + expiry_every;
    }
    worker_.write(std::move(task));
}

/// The log takes the head elsewhere: to the journal, to syslog, to another machine.
void StoreKeeper::sealed(const LedgerWorker::Answer& answer) {
    if (const auto& seal = answer.seal)
        log(LogLevel::info,
            "the ledger " + ledger_path_ + " is sealed: head " + ledger::text_of(seal->head) +
                ", seal " + std::to_string(seal->number) + ", key " +
                ledger::key_text_of(seal->public_key));
    if (!answer.seal_fault.empty() && answer.seal_fault != seal_fault_)
        log(LogLevel::error, answer.seal_fault);
    if (answer.seal || !answer.seal_fault.empty()) seal_fault_ = answer.seal_fault;
}

void StoreKeeper::take_answer() {
    auto answer = worker_.take_answer();
    if (!answer) return;
    asked_at_ = never;
    sealed(*answer);
    if (answer->expired) expired(*answer->expired);
    if (!answer->set_aside.empty()) {
        log(LogLevel::error, answer->set_aside);
        tell(Trouble::spilling, answer->set_aside);
        direct_ = false;  // the alarm ends when the new one has shown that it works
    }
    if (answer->fault) return refused(*answer->fault);
    works_ = true;
    pause_ = first_pause;
    ask_again_at_ = now_;
    if (!replayed_.empty()) {
        const auto count = std::min(asked_rows_, replayed_.size());
        replayed_.erase(replayed_.begin(), replayed_.begin() + static_cast<std::ptrdiff_t>(count));
        attempts_ = 0;
    }
    acknowledge(answer->last_row);
}

void StoreKeeper::refused(const ledger::Fault& fault) {
    ledger_failed(fault.text);
    ask_again_at_ = now_ + pause_;
    pause_ = std::min(2 * pause_, longest_pause);
    if (fault.kind != ledger::Fault::Kind::other || replayed_.empty()) return;
    // Perhaps it is one of the rows: then that one alone must not stop all others.
    ask_again_at_ = now_ + first_pause;
    if (std::exchange(replay_at_once_, 1) == 1 && ++attempts_ >= most_attempts)
        leave_out(fault.text);
}

void StoreKeeper::leave_out(const std::string& why) {
    const auto& row = replayed_.front();
    const std::string path = spill_->path() + ".refused";
    attempts_ = 0;
    if (!keep_left_out(path, row)) return;
    log(LogLevel::error,
        "row " + std::to_string(row.row) + " is left out of the ledger, which will not take it (" +
            why + "); it is kept in " + path + ": report this");
    replayed_.pop_front();
    ask_again_at_ = now_;
}

void StoreKeeper::ledger_failed(const std::string& why) {
    direct_ = works_ = false;
    why_ = why;
    if (trouble_ == Trouble::refusing) return;
    if (spill_)
        tell(Trouble::spilling,
             why + "; rows are kept in " + spill_->path() + " until it works again");
    else
        tell(Trouble::refusing, why + "; " + spill_.error());
}

void StoreKeeper::watch_ledger() {
    if (!direct_ || asked_at_ == never || now_ - asked_at_ < stall) return;
    ledger_failed("the ledger " + ledger_path_ +
                  " has not answered for a second: its disk is slow or fails, or another process "
                  "holds it");
}

void StoreKeeper::spill_rows() {
    if (!spill_ || waiting_.empty() || now_ < group_due_ || now_ < spill_again_at_) return;
    const auto rows = first_of(waiting_, most_at_once);
    if (auto written = spill_->append(rows); !written) {
        spill_again_at_ = now_ + spill_pause;
        const auto why = why_.empty() ? "the ledger is being filled up from it" : why_;
        tell(Trouble::refusing, written.error().text + "; " + why);
        return;
    }
    if (trouble_ == Trouble::refusing)
        tell(Trouble::spilling, why_ + "; rows are kept in " + spill_->path() + " again");
    acknowledge(rows.back().row);
}

void StoreKeeper::replay() {
    if (worker_.busy() || now_ < ask_again_at_) return;
    if (spill_ && replayed_.empty()) {
        auto rows = spill_->read_on(most_at_once);
        if (!rows) return lose_spill(rows.error().text);
        std::ranges::move(*rows, std::back_inserter(replayed_));
        if (!rows->empty()) replay_at_once_ = most_at_once;
    }
    if (!replayed_.empty())
        ask_ledger(first_of(replayed_, replay_at_once_));
    else if (works_)
        spill_is_read();
    else
        ask_ledger(first_of(waiting_, most_at_once));
}

/// All that was spilled is in the ledger, which works.
void StoreKeeper::spill_is_read() {
    if (spill_ && !spill_->empty())
        if (auto cleared = spill_->clear(); !cleared) log(LogLevel::error, cleared.error().text);
    direct_ = true;
    why_.clear();
    tell_works();
}

void StoreKeeper::tell_works() {
    if (spill_)
        tell(Trouble::none, {});
    else
        tell(Trouble::spilling, spill_.error() + "; until then a fault of the ledger stops calls");
}

/// What cannot be read back is kept for somebody who can; calls go on.
void StoreKeeper::lose_spill(const std::string& why) {
    const std::string path = spill_->path();
    const std::string aside = path + ".damaged";
    const auto bytes = spill_->bytes();
    std::error_code error;
    std::filesystem::rename(path, aside, error);
    log(LogLevel::error,
        why + "; it is kept as " + aside + ", and rows in it are missing in the ledger");
    auto made = SpillFile::open(path, bytes);
    if (made)
        spill_ = *std::move(made);
    else
        spill_ = std::unexpected{std::move(made.error().text)};
}

void StoreKeeper::acknowledge(std::uint64_t row) {
    std::size_t count = 0;
    for (; !waiting_.empty() && waiting_.front().row <= row; ++count)
        waiting_.pop_front();
    if (count > 0) desk_->committed(row, count);
}

void StoreKeeper::tell(Trouble trouble, std::string sentence) {
    if (trouble == trouble_) return;
    trouble_ = trouble;
    desk_->troubled({std::move(sentence), trouble == Trouble::refusing});
}

bool StoreKeeper::may_end() const {
    if (end_at_ == never) return false;
    return now_ >= end_at_ || waiting_.empty();
}

Instant StoreKeeper::next_wake() const {
    Instant wake = std::min(end_at_, waiting_.empty() ? never : group_due_);
    const bool busy = worker_.busy();
    if (direct_) wake = std::min({wake, seal_at_, expire_at_});
    if (direct_) return busy ? std::min(end_at_, asked_at_ + stall) : wake;
    if (!waiting_.empty() && spill_) wake = std::max(group_due_, spill_again_at_);
    if (!spill_) wake = never;
    if (!busy) wake = std::min(wake, ask_again_at_);
    return std::min(wake, end_at_);
}

}  // namespace holdfast::host
