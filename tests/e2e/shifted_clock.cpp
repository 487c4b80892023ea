// tests/e2e/shifted_clock.cpp: the wall clock of one process is set, and of no other: a library to
// preload. HOLDFAST_CLOCK names a folder. `shift` in it has 8 bytes: microseconds by which
// CLOCK_REALTIME is ahead of the machine's, and the kernel's stamps of packets with it. `set` is a
// FIFO: 8 bytes written there are what a timer with TFD_TIMER_CANCEL_ON_SET tells when the clock
// was set (timerfd_create(2)). Everything that measures, CLOCK_BOOTTIME above all, is the kernel's.
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <dlfcn.h>
#include <fcntl.h>
#include <string>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <unistd.h>

namespace {

constexpr std::int64_t million = 1'000'000, thousand = 1000;

std::string path_of(const char* name) {
    const char* const folder = std::getenv("HOLDFAST_CLOCK");
    if (folder == nullptr) std::abort();
    return std::string{folder} + "/" + name;
}

const std::atomic<std::int64_t>* mapped() {
    const int file = ::open(path_of("shift").c_str(), O_RDONLY | O_CLOEXEC);
    void* const at = ::mmap(nullptr, sizeof(std::int64_t), PROT_READ, MAP_SHARED, file, 0);
    if (at == MAP_FAILED) std::abort();
    ::close(file);
    return static_cast<const std::atomic<std::int64_t>*>(at);
}

std::int64_t shift_us() {
    static const auto* const shift = mapped();
    return shift->load(std::memory_order_relaxed);
}

void move(timespec& time) {
    const auto us = time.tv_sec * million + time.tv_nsec / thousand + shift_us();
    time.tv_nsec = us % million * thousand + time.tv_nsec % thousand;
    time.tv_sec = us / million;
}

template <class Function>
Function* real(const char* name) {
    auto* const found = reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
    if (found == nullptr) std::abort();
    return found;
}

/// The descriptor that stands for the timer; one a process.
std::atomic<int> told_by{-1};

void move_stamps(msghdr& header) {
    for (auto* c = CMSG_FIRSTHDR(&header); c != nullptr; c = CMSG_NXTHDR(&header, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_TIMESTAMPNS) continue;
        timespec time{};
        std::memcpy(&time, CMSG_DATA(c), sizeof time);
        move(time);
        std::memcpy(CMSG_DATA(c), &time, sizeof time);
    }
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* time) noexcept {
    static auto* const next = real<int(clockid_t, timespec*)>("clock_gettime");
    const int result = next(clock, time);
    if (result == 0 && clock == CLOCK_REALTIME) move(*time);
    return result;
}

time_t time(time_t* at) noexcept {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    if (at != nullptr) *at = now.tv_sec;
    return now.tv_sec;
}

int gettimeofday(timeval* at, void* /*zone*/) noexcept {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    *at = {now.tv_sec, now.tv_nsec / thousand};
    return 0;
}

int timerfd_create(int clock, int flags) noexcept {
    static auto* const next = real<int(int, int)>("timerfd_create");
    if (clock != CLOCK_REALTIME) return next(clock, flags);
    told_by = ::open(path_of("set").c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
    return told_by;
}

int timerfd_settime(int timer, int flags, const itimerspec* to, itimerspec* was) noexcept {
    static auto* const next =
        real<int(int, int, const itimerspec*, itimerspec*)>("timerfd_settime");
    return timer == told_by ? 0 : next(timer, flags, to, was);
}

int recvmmsg(int socket, mmsghdr* headers, unsigned most, int flags, timespec* wait) {
    static auto* const next = real<int(int, mmsghdr*, unsigned, int, timespec*)>("recvmmsg");
    const int count = next(socket, headers, most, flags, wait);
    for (int i = 0; i < count; ++i)
        move_stamps(headers[i].msg_hdr);
    return count;
}

}  // extern "C"
