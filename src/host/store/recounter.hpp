// host/store/recounter.hpp: counts a day of the ledger on a thread of its own, for a daemon that
// has lost its journal, or whose clock was set to that day. Who asks goes on meanwhile.
#pragma once
#include "acd/state.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace holdfast::host {

struct RecountOptions {
    std::string ledger_path;
    WallInstant from{}, until{};
    std::uint64_t up_to_row = 0;  ///< Some of them may be in the spill file still.
    std::vector<std::pair<std::string, Micros>> queues;  ///< Names and targets, by QueueId.
    std::vector<std::string> agents;                     ///< Numbers, by AgentId.
};

/// Whom the settings do not name any more is left out.
struct Recounted {
    std::vector<std::pair<QueueId, acd::QueueToday>> queues;
    std::vector<std::pair<AgentId, acd::AgentToday>> agents;
};

class Recounter {
public:
    /// Then what is there is counted, and the log tells that some is missing.
    static constexpr Micros longest_wait = 10min;

    /// `done` is called on the thread, once, where the ledger can be read.
    Recounter(RecountOptions options, std::function<void(Recounted)> done);
    /// Ends a wait for rows, not a count.
    ~Recounter();
    Recounter(const Recounter&) = delete;
    Recounter& operator=(const Recounter&) = delete;

private:
    void run();
    bool rows_are_there();

    RecountOptions options_;
    std::function<void(Recounted)> done_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace holdfast::host
