#include "host/io/poller.hpp"

#include "base/ensure.hpp"

#include <algorithm>
#include <array>
#include <sys/epoll.h>

namespace holdfast::host {
namespace {

constexpr std::size_t most_events = 256;

}  // namespace

Poller::Poller() : epoll_{epoll_create1(EPOLL_CLOEXEC)}, tokens_(most_events) {
    ensure(static_cast<bool>(epoll_), "no epoll descriptor");
}

bool Poller::add(int socket, std::uint64_t token) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = token;
    return epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, socket, &event) == 0;
}

void Poller::remove(int socket) {
    epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, socket, nullptr);
}

std::span<const std::uint64_t> Poller::wait() {
    std::array<epoll_event, most_events> events;
    const int count = epoll_wait(epoll_.get(), events.data(), static_cast<int>(tokens_.size()), 0);
    if (count <= 0) return {};
    std::transform(events.begin(), events.begin() + count, tokens_.begin(), [](const auto& event) {
        return event.data.u64;
    });
    return std::span{tokens_}.first(static_cast<std::size_t>(count));
}

}  // namespace holdfast::host
