#include "host/black_box/spool.hpp"

#include "host/io/log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <mutex>
#include <numeric>
#include <span>
#include <sys/mman.h>
#include <sys/stat.h>
#include <system_error>
#include <thread>
#include <utility>

namespace holdfast::host {
namespace spool {

using namespace std::chrono_literals;

constexpr std::uint64_t ring_magic = 0x31306c6f6f707368;  // "hspool01"
constexpr std::size_t head_bytes = 4096;
/// Writing behind may take so long before somebody who kills the machine loses more than that.
constexpr auto write_every = 200ms;
constexpr auto longest_wait = 2s;

/// At the beginning of the ring. The byte at `position` of the stream stands at `position` of the
/// file, and at `position % size` of the ring: writing twice what was written does no harm.
struct Head {
    std::uint64_t magic = 0, device = 0, inode = 0, size = 0;
    std::uint64_t appended = 0, written = 0;  // positions; the process may end between any two
};
static_assert(sizeof(Head) <= head_bytes);

void publish(std::uint64_t& position, std::uint64_t value) {
    std::atomic_ref{position}.store(value, std::memory_order_release);
}

class Mapping {
public:
    Mapping(int file, std::size_t bytes) : bytes_{bytes} {
        at_ = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    }
    Mapping(const Mapping&) = delete;
    Mapping& operator=(const Mapping&) = delete;
    ~Mapping() {
        if (*this) ::munmap(at_, bytes_);
    }
    explicit operator bool() const { return at_ != MAP_FAILED; }
    Head& head() const { return *static_cast<Head*>(at_); }
    std::span<char> ring() const {
        return {static_cast<char*>(at_) + head_bytes, bytes_ - head_bytes};
    }

private:
    void* at_;
    std::size_t bytes_;
};

/// Where `position` stands in the ring, and what follows it there without a break.
std::span<char> piece(std::span<char> ring, std::uint64_t position, std::uint64_t until) {
    const auto at = static_cast<std::size_t>(position % ring.size());
    const auto most = std::min<std::uint64_t>(ring.size() - at, until - position);
    return ring.subspan(at, static_cast<std::size_t>(most));
}

/// Writes where the file stands. Zero, or the error that ended it.
int write_out(int file, std::span<char> ring, std::uint64_t from, std::uint64_t until) {
    while (from < until) {
        const auto bytes = piece(ring, from, until);
        const auto count = ::write(file, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return count < 0 ? errno : ENOSPC;
        from += static_cast<std::uint64_t>(count);
    }
    return 0;
}

}  // namespace spool

using namespace spool;

struct Spool::State {
    using Until = std::chrono::steady_clock::time_point;

    State(Fd to, int ring_file, std::size_t bytes) : file{std::move(to)}, map{ring_file, bytes} {}

    std::size_t room() const {
        return map.ring().size() - static_cast<std::size_t>(head().appended - head().written);
    }
    bool pass(std::string_view bytes, std::unique_lock<std::mutex>& lock, Until until);
    void take(std::string_view bytes);
    void run();

    Head& head() const { return map.head(); }

    Fd file;
    Mapping map;
    std::mutex mutex;
    std::condition_variable to_write, has_written;
    int error = 0;
    bool ending = false, ended = false;
};

/// Piece by piece, as room comes.
bool Spool::State::pass(std::string_view bytes, std::unique_lock<std::mutex>& lock, Until until) {
    while (!bytes.empty()) {
        const auto has_room = [this] { return ended || room() > 0; };
        if (!has_room()) to_write.notify_all();
        if (!has_written.wait_until(lock, until, has_room) || ended) return false;
        const auto now = bytes.substr(0, room());
        take(now);
        bytes.remove_prefix(now.size());
    }
    return true;
}

void Spool::State::take(std::string_view bytes) {
    const auto until = head().appended + bytes.size();
    for (auto at = head().appended; !bytes.empty();) {
        const auto to = piece(map.ring(), at, until);
        std::memcpy(to.data(), bytes.data(), to.size());
        bytes.remove_prefix(to.size());
        at += to.size();
    }
    publish(head().appended, until);
}

void Spool::State::run() {
    std::unique_lock lock{mutex};
    for (;;) {
        const bool last = ending;
        const auto from = head().written, until = head().appended;
        lock.unlock();
        const int failed = write_out(file.get(), map.ring(), from, until);
        lock.lock();
        error = failed;
        if (failed == 0) publish(head().written, until);
        has_written.notify_all();
        if (last || failed != 0) break;
        const auto half_full = [this] { return room() < map.ring().size() / 2; };
        to_write.wait_for(lock, write_every, [&] { return ending || half_full(); });
    }
    ended = true;
    has_written.notify_all();
}

std::expected<Spool, std::string> Spool::open(const std::string& ring, Fd file, std::size_t bytes) {
    const auto refused = [&](int error) {
        return std::unexpected{
            fmt::format("cannot make {}: {}", ring, std::generic_category().message(error))};
    };
    struct stat written{};
    if (::fstat(file.get(), &written) != 0) return refused(errno);
    ::unlink(ring.c_str());
    const Fd made{::open(ring.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
    if (!made) return refused(errno);
    // A page that the tmpfs has no room for would kill us when it is touched.
    if (const int error = ::posix_fallocate(made.get(), 0, static_cast<off_t>(head_bytes + bytes)))
        return refused(error);
    auto state = std::make_shared<State>(std::move(file), made.get(), head_bytes + bytes);
    if (!state->map) return refused(errno);
    state->head() =
        Head{.magic = ring_magic, .device = written.st_dev, .inode = written.st_ino, .size = bytes};
    // Not joined: a disk may keep it for longer than we can wait.
    std::thread{[state] { state->run(); }}.detach();
    return Spool{std::move(state)};
}

void Spool::finish(const std::string& ring, const std::string& path) {
    const Fd left{::open(ring.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW)};
    const Fd file{::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW)};
    struct stat in_memory{};
    struct stat on_disk{};
    if (!left || !file || ::fstat(left.get(), &in_memory) != 0 ||
        ::fstat(file.get(), &on_disk) != 0 || in_memory.st_size <= off_t{head_bytes})
        return;
    const Mapping map{left.get(), static_cast<std::size_t>(in_memory.st_size)};
    if (!map) return;
    const Head& head = map.head();
    const bool whole = head.magic == ring_magic && head.size == map.ring().size() &&
                       head.written <= head.appended && head.appended - head.written <= head.size;
    if (!whole || head.device != on_disk.st_dev || head.inode != on_disk.st_ino) return;
    const bool there = ::lseek(file.get(), static_cast<off_t>(head.written), SEEK_SET) >= 0;
    if (const int error =
            there ? write_out(file.get(), map.ring(), head.written, head.appended) : errno)
        log(LogLevel::warning,
            fmt::format("the end of {} is lost: {}", path, std::generic_category().message(error)));
}

Spool::~Spool() {
    if (!state_) return;
    std::unique_lock lock{state_->mutex};
    state_->ending = true;
    state_->to_write.notify_all();
    state_->has_written.wait_for(lock, longest_wait, [this] { return state_->ended; });
}

bool Spool::append(std::initializer_list<std::string_view> parts) {
    auto& s = *state_;
    const auto bytes = std::accumulate(
        parts.begin(), parts.end(), std::size_t{0}, [](std::size_t sum, std::string_view part) {
            return sum + part.size();
        });
    const auto ring = s.map.ring().size();
    std::unique_lock lock{s.mutex};
    const bool waits = bytes > ring / 2;
    if (s.ended || (!waits && bytes > s.room())) return false;
    const auto until = std::chrono::steady_clock::now() + (waits ? longest_wait : 0s);
    for (const std::string_view part : parts)
        if (!s.pass(part, lock, until)) return false;
    if (s.room() < ring / 2) s.to_write.notify_all();
    return true;
}

std::string Spool::trouble() const {
    const std::lock_guard lock{state_->mutex};
    return state_->error == 0 ? "" : std::generic_category().message(state_->error);
}

}  // namespace holdfast::host
