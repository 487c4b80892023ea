#include "host/media/source_loader.hpp"

#include "base/ensure.hpp"
#include "base/limits.hpp"
#include "media/recording.hpp"

#include <cerrno>
#include <cstring>
#include <exception>
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace holdfast::host {
namespace {

constexpr int below_the_calls = 10;  // nice: encoding takes what the calls leave

/// A file that ends where it is, or when the process is to stop.
class FileBytes final : public media::ByteSource {
public:
    FileBytes(const Fd& file, std::int64_t size, const std::stop_token& stop)
        : file_{file}, size_{size}, stop_{stop} {}
    std::int64_t size() const override { return size_; }
    std::size_t read_at(std::int64_t offset, std::span<std::byte> out) override {
        std::size_t read = 0;
        while (read < out.size() && !stop_.stop_requested()) {
            const auto got = ::pread(file_.get(),
                                     out.data() + read,
                                     out.size() - read,
                                     offset + static_cast<std::int64_t>(read));
            if (got < 0 && errno == EINTR) continue;
            if (got <= 0) break;
            read += static_cast<std::size_t>(got);
        }
        return read;
    }

private:
    const Fd& file_;
    std::int64_t size_;
    const std::stop_token& stop_;
};

media::LoadedSource cannot_read(const std::string& path) {
    const int error = errno;
    std::string text = path + " cannot be read: ";
    text += std::strerror(error);  // NOLINT(concurrency-mt-unsafe): glibc's is thread-safe
    if (error == ENOENT) text += "; put the file there or correct the path";
    if (error == EACCES) text += "; let the user of holdfast-media read it";
    return std::unexpected{std::move(text)};
}

media::LoadedSource make(const media::LoadSource& order, const std::stop_token& stop) {
    const Fd file{::open(order.path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (!file) return cannot_read(order.path);
    struct stat found{};
    if (::fstat(file.get(), &found) != 0) return cannot_read(order.path);
    if (!S_ISREG(found.st_mode))
        return std::unexpected{order.path + " is not a file: give the path of a WAV file"};
    FileBytes bytes{file, found.st_size, stop};
    return media::load_recording(bytes, order.path);
}

media::LoadedSource make(const media::LoadTone& order, const std::stop_token&) {
    return media::make_tone(order);
}

/// A file too large for the memory there is must not end the calls.
SourceLoader::Result result_of(const SourceLoader::Task& task, const std::stop_token& stop) {
    const SourceId id = std::visit([](const auto& order) { return order.source; }, task);
    try {
        return {id, std::visit([&](const auto& order) { return make(order, stop); }, task)};
    } catch (const std::exception& fault) {
        return {id,
                std::unexpected{"source " + std::to_string(id.value) +
                                " could not be made: " + fault.what()}};
    }
}

}  // namespace

SourceLoader::SourceLoader()
    : event_{eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)},
      thread_{[this](const std::stop_token& stop) { run(stop); }} {
    ensure(static_cast<bool>(event_), "no event descriptor");
}

SourceLoader::~SourceLoader() = default;

bool SourceLoader::load(Task task) {
    {
        const std::lock_guard lock{mutex_};
        if (tasks_.size() >= limits::media_sources) return false;
        tasks_.push_back(std::move(task));
    }
    wake_.notify_one();
    return true;
}

std::optional<SourceLoader::Result> SourceLoader::take_result() {
    const std::lock_guard lock{mutex_};
    if (results_.empty()) {
        eventfd_t count = 0;
        eventfd_read(event_.get(), &count);
        return std::nullopt;
    }
    Result result = std::move(results_.front());
    results_.pop_front();
    return result;
}

void SourceLoader::run(const std::stop_token& stop) {
    static_cast<void>(::nice(below_the_calls));  // on Linux, of this thread alone
    std::unique_lock lock{mutex_};
    while (wake_.wait(lock, stop, [this] { return !tasks_.empty(); }) && !stop.stop_requested()) {
        const Task task = std::move(tasks_.front());
        tasks_.pop_front();
        lock.unlock();
        Result result = result_of(task, stop);
        lock.lock();
        results_.push_back(std::move(result));
        eventfd_write(event_.get(), 1);
    }
}

}  // namespace holdfast::host
