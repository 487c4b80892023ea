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

std::optional<ledger::Fault> seal(ledger::Ledger& ledger, WallInstant at, Answer& answer) {
    auto seal = ledger.seal(at);
    if (seal)
        answer.seal = *seal;
    else if (seal.error().kind == ledger::Fault::Kind::key)
        answer.seal_fault = std::move(seal.error().text);
    else
        return std::move(seal.error());
    return std::nullopt;
}

/// Without the key nothing goes, because nothing could be sealed.
std::optional<ledger::Fault> expire(ledger::Ledger& ledger,
                                    const LedgerWorker::Task& task,
                                    Answer& answer) {
    auto expired = ledger.expire(*task.retention, task.now);
    if (expired)
        answer.expired = *expired;
    else if (expired.error().kind == ledger::Fault::Kind::key)
        answer.seal_fault = std::move(expired.error().text);
    else
        return std::move(expired.error());
    return std::nullopt;
}

/// After a fault nothing in the ledger is as it was, and a failed fsync above all must not be
/// repeated: it is closed then, and opened anew the next time.
std::optional<ledger::Fault> do_once(const std::string& path,
                                     std::optional<ledger::Ledger>& ledger,
                                     const LedgerWorker::Task& task,
                                     Answer& answer) {
    if (!ledger) {
        auto opened = ledger::Ledger::open(path);
        if (!opened) return std::move(opened.error());
        ledger = *std::move(opened);
    }
    std::optional<ledger::Fault> fault;
    // Without rows it is a trial whether the ledger works, or a seal, which is one too.
    if (!task.rows.empty() || !(task.seal_at || task.retention))
        if (auto written = ledger->write(task.rows); !written) fault = std::move(written.error());
    if (!fault && task.seal_at) fault = seal(*ledger, *task.seal_at, answer);
    if (!fault && task.retention) fault = expire(*ledger, task, answer);
    if (fault)
        ledger.reset();
    else
        answer.last_row = ledger->last_row();
    return fault;
}

Answer perform(const std::string& path,
               std::optional<ledger::Ledger>& ledger,
               const LedgerWorker::Task& task) {
    Answer answer;
    answer.fault = do_once(path, ledger, task, answer);
    if (!answer.fault || answer.fault->kind != ledger::Fault::Kind::damaged) return answer;
    if (auto aside = set_ledger_aside(path)) {
        answer.set_aside = *std::move(aside);
        answer.fault = do_once(path, ledger, task, answer);
    } else {
        answer.fault->text += "; " + aside.error();
    }
    return answer;
}

}  // namespace

struct LedgerWorker::State {
    std::string path;
    std::optional<ledger::Ledger> ledger;  // of the thread alone
    std::function<void()> answered;

    std::mutex mutex;
    std::condition_variable changed;
    std::optional<Task> task;
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
        const auto task = std::exchange(state->task, std::nullopt);
        if (!task) break;
        lock.unlock();
        auto answer = perform(state->path, state->ledger, *task);
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

void LedgerWorker::write(Task task) {
    {
        const std::lock_guard lock{state_->mutex};
        ensure(!state_->busy && !state_->stopping, "two tasks for one ledger");
        state_->task = std::move(task);
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
