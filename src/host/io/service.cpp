#include "host/io/service.hpp"

#include "base/ensure.hpp"

#include <systemd/sd-daemon.h>

#include <sys/random.h>
#include <sys/resource.h>

namespace holdfast::host {

Seed kernel_seed() {
    Seed seed{};
    const auto got = getrandom(seed.data(), sizeof seed, 0);
    ensure(got == static_cast<ssize_t>(sizeof seed), "the kernel gave no random numbers");
    return seed;
}

std::size_t raise_descriptor_limit(std::size_t wanted) {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
    if (limit.rlim_cur >= wanted) return limit.rlim_cur;
    rlimit higher{wanted, limit.rlim_max < wanted ? wanted : limit.rlim_max};
    if (setrlimit(RLIMIT_NOFILE, &higher) == 0) return wanted;  // root may pass the hard limit
    higher = {limit.rlim_max < wanted ? limit.rlim_max : wanted, limit.rlim_max};
    if (setrlimit(RLIMIT_NOFILE, &higher) == 0) return higher.rlim_cur;
    return limit.rlim_cur;
}

void notify_ready() {
    static_cast<void>(sd_notify(0, "READY=1"));
}

void notify_stopping() {
    static_cast<void>(sd_notify(0, "STOPPING=1"));
}

void notify_alive() {
    static_cast<void>(sd_notify(0, "WATCHDOG=1"));
}

Micros watchdog_interval() {
    std::uint64_t us = 0;
    if (sd_watchdog_enabled(0, &us) <= 0) return {};
    return Micros{static_cast<std::int64_t>(us / 2)};
}

}  // namespace holdfast::host
