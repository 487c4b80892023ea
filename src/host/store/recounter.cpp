#include "host/store/recounter.hpp"

#include "host/io/log.hpp"
#include "ledger/ledger.hpp"
#include "report/today.hpp"

#include <algorithm>
#include <chrono>

namespace holdfast::host {
namespace {

constexpr Micros looks_for_rows_every = 500ms;

acd::QueueToday counted(const report::QueueCounts& c) {
    return {.offered = c.offered,
            .answered = c.answered,
            .answered_in_target = c.answered_in_target,
            .abandoned = c.abandoned,
            .short_abandoned = c.short_abandoned,
            .refused = c.refused,
            .abandoned_on_hold = c.abandoned_on_hold,
            .diverted_out = c.diverted_out,
            .diverted_in = c.diverted_in,
            .missed_offers = c.missed_offers,
            .wait_of_answered = c.wait_of_answered,
            .longest_wait = c.longest_wait,
            .talk_measured = c.talk_measured,
            .dead_air = c.dead_air};
}

acd::AgentToday counted(const report::AgentCounts& c) {
    return {.handled = c.handled,
            .missed = c.missed,
            .rejected = c.rejected,
            .holds = c.holds,
            .holds_unexplained = c.holds_unexplained,
            .talk = c.talk,
            .hold = c.hold,
            .wrap = c.wrap,
            .talk_measured = c.talk_measured,
            .dead_air = c.dead_air};
}

Recounted named(const report::Today& today, const RecountOptions& options) {
    Recounted all;
    for (std::uint32_t i = 0; i < options.queues.size(); ++i)
        if (const auto it = today.queues.find(options.queues[i].first); it != today.queues.end())
            all.queues.emplace_back(QueueId{i + 1}, counted(it->second));
    for (std::uint32_t i = 0; i < options.agents.size(); ++i)
        if (const auto it = today.agents.find(options.agents[i]); it != today.agents.end())
            all.agents.emplace_back(AgentId{i + 1}, counted(it->second));
    return all;
}

}  // namespace

Recounter::Recounter(RecountOptions options, std::function<void(Recounted)> done)
    : options_{std::move(options)}, done_{std::move(done)}, thread_{[this] { run(); }} {}

Recounter::~Recounter() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

/// False where it shall end.
bool Recounter::rows_are_there() {
    const auto give_up = std::chrono::steady_clock::now() + longest_wait;
    for (;;) {
        const auto head = ledger::Ledger::read_head(options_.ledger_path);
        if (head && head->row >= options_.up_to_row) return true;
        if (std::chrono::steady_clock::now() > give_up) {
            log(LogLevel::warning,
                "the ledger has not got all rows of earlier lives yet: today's figures leave some "
                "of them out");
            return true;
        }
        std::unique_lock lock{mutex_};
        if (changed_.wait_for(lock, looks_for_rows_every, [this] { return stopping_; }))
            return false;
    }
}

void Recounter::run() {
    if (!rows_are_there()) return;
    const auto target_of = [this](const std::string& name) {
        const auto it =
            std::ranges::find(options_.queues, name, &std::pair<std::string, Micros>::first);
        return it == options_.queues.end() ? Micros{} : it->second;
    };
    const auto today =
        report::count_today(options_.ledger_path, {options_.from, options_.until}, target_of);
    if (today) return done_(named(*today, options_));
    log(LogLevel::error, "today's figures begin at zero: " + today.error());
}

}  // namespace holdfast::host
