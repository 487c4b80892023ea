#include "host/store/ledger_worker.hpp"

#include "base/ensure.hpp"
#include "host/io/clocks.hpp"

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace holdfast::host {
namespace {

/// Databases that may lie beside the ledger, set aside; more would fill the disk.
constexpr int most_set_aside = 8;

int count_set_aside(const std::filesystem::path& path) {
    int count = 0;
    std::error_code error;
    const std::string start = path.filename().string() + ".damaged-";
    for (const auto& entry : std::filesystem::directory_iterator{path.parent_path(), error}) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with(start) && !name.ends_with("-wal") && !name.ends_with("-shm")) ++count;
    }
    return count;
}

using Answer = LedgerWorker::Answer;

/// After a fault nothing in the ledger is as it was, and a failed fsync above all must not be
/// repeated: it is closed then, and opened anew the next time.
std::expected<std::uint64_t, ledger::Fault> write_once(const std::string& path,
                                                       std::optional<ledger::Ledger>& ledger,
                                                       const std::vector<acd::LedgerRow>& rows) {
    if (!ledger) {
        auto opened = ledger::Ledger::open(path);
        if (!opened) return std::unexpected{std::move(opened.error())};
        ledger = *std::move(opened);
    }
    if (auto written = ledger->write(rows); !written) {
        ledger.reset();
        return std::unexpected{std::move(written.error())};
    }
    return ledger->last_row();
}

Answer write_rows(const std::string& path,
                  std::optional<ledger::Ledger>& ledger,
                  const std::vector<acd::LedgerRow>& rows) {
    Answer answer;
    auto last_row = write_once(path, ledger, rows);
    if (!last_row && last_row.error().kind == ledger::Fault::Kind::damaged) {
        if (auto aside = set_ledger_aside(path)) {
            answer.set_aside = *std::move(aside);
            last_row = write_once(path, ledger, rows);
        } else {
            last_row.error().text += "; " + aside.error();
        }
    }
    if (last_row)
        answer.last_row = *last_row;
    else
        answer.fault = std::move(last_row.error());
    return answer;
}

}  // namespace

struct LedgerWorker::State {
    std::string path;
    std::optional<ledger::Ledger> ledger;  // of the thread alone
    std::function<void()> answered;

    std::mutex mutex;
    std::condition_variable changed;
    std::optional<std::vector<acd::LedgerRow>> task;
    std::optional<Answer> answer;
    bool busy = false, stopping = false, ended = false;
};

LedgerWorker::LedgerWorker(std::string path,
                           std::optional<ledger::Ledger> ledger,
                           std::function<void()> answered)
    : state_{std::make_shared<State>()} {
    state_->path = std::move(path);
    state_->ledger = std::move(ledger);
    state_->answered = std::move(answered);
    std::thread{[state = state_] { run(state); }}.detach();
}

LedgerWorker::~LedgerWorker() {
    stop({});
}

void LedgerWorker::run(const std::shared_ptr<State>& state) {
    std::unique_lock lock{state->mutex};
    for (;;) {
        state->changed.wait(lock, [&] { return state->task || state->stopping; });
        const auto rows = std::exchange(state->task, std::nullopt);
        if (!rows) break;
        lock.unlock();
        auto answer = write_rows(state->path, state->ledger, *rows);
        lock.lock();
        state->answer = std::move(answer);
        lock.unlock();
        state->answered();
        lock.lock();
    }
    lock.unlock();
    state->ledger.reset();
    state->answered = {};
    lock.lock();
    state->ended = true;
    state->changed.notify_all();
}

bool LedgerWorker::busy() const {
    const std::lock_guard lock{state_->mutex};
    return state_->busy;
}

void LedgerWorker::write(std::vector<acd::LedgerRow> rows) {
    {
        const std::lock_guard lock{state_->mutex};
        ensure(!state_->busy && !state_->stopping, "two tasks for one ledger");
        state_->task = std::move(rows);
        state_->busy = true;
    }
    state_->changed.notify_all();
}

std::optional<Answer> LedgerWorker::take_answer() {
    const std::lock_guard lock{state_->mutex};
    if (state_->answer) state_->busy = false;
    return std::exchange(state_->answer, std::nullopt);
}

bool LedgerWorker::stop(Micros within) {
    std::unique_lock lock{state_->mutex};
    state_->stopping = true;
    state_->changed.notify_all();
    return state_->changed.wait_for(lock, within, [&] { return state_->ended; });
}

std::expected<std::string, std::string> set_ledger_aside(const std::string& path) {
    const auto absolute = std::filesystem::absolute(path);
    if (count_set_aside(absolute) >= most_set_aside)
        return std::unexpected{std::to_string(most_set_aside) +
                               " damaged databases lie beside it already: move them away"};
    const auto wall = sample_clocks().wall.time_since_epoch();
    const auto name =
        path + ".damaged-" +
        std::to_string(std::chrono::duration_cast<std::chrono::seconds>(wall).count());
    std::error_code error;
    std::string aside = name;
    for (int n = 2; std::filesystem::exists(aside, error); ++n)
        aside = name + "-" + std::to_string(n);
    for (const char* end : {"-wal", "-shm", ""}) {
        if (*end != '\0' && !std::filesystem::exists(path + end, error)) continue;
        std::filesystem::rename(path + end, aside + end, error);
        if (error) return std::unexpected{"it cannot be set aside: " + error.message()};
    }
    return "the ledger " + path + " was damaged and is kept as " + aside +
           "; a new one was started: restore the last backup beside it for reports on the past";
}

}  // namespace holdfast::host
