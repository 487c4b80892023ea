// host/media/source_loader.hpp: reads and encodes sources on a thread of its own. A disk may take
// its time, and half an hour of music takes seconds to encode; calls must not wait for either.
#pragma once
#include "host/io/fd.hpp"
#include "media/orders.hpp"
#include "media/source.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <variant>

namespace holdfast::host {

class SourceLoader {
public:
    using Task = std::variant<media::LoadSource, media::LoadTone>;
    struct Result {
        SourceId source;
        media::LoadedSource loaded;
    };

    SourceLoader();
    ~SourceLoader();
    SourceLoader(const SourceLoader&) = delete;
    SourceLoader& operator=(const SourceLoader&) = delete;

    /// False where as many wait already as there may be sources.
    bool load(Task task);
    /// Readable while results wait.
    int descriptor() const { return event_.get(); }
    std::optional<Result> take_result();

private:
    void run(const std::stop_token& stop);

    Fd event_;
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::deque<Task> tasks_;
    std::deque<Result> results_;
    std::jthread thread_;  // last: it ends before what it uses
};

}  // namespace holdfast::host
