// What waiting for RTP costs, by epoll as the media process does it and by io_uring: the same relay
// of small datagrams between pairs of sockets, in turns, so that both see the same machine. Built
// where liburing-dev is installed. Result: CPU time of the relay's thread for a packet.
#include "host/io/datagram_reader.hpp"
#include "host/io/fd.hpp"
#include "host/io/poller.hpp"
#include "host/io/udp_socket.hpp"
#include "support/need.hpp"

#include <liburing.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <thread>
#include <time.h>
#include <vector>

using namespace holdfast;
using namespace holdfast::test;

namespace {

constexpr std::size_t pairs = 100;  // calls: each has two sockets, 50 packets/s each way
constexpr std::size_t packet_bytes = 172;
constexpr int seconds = 4;
constexpr int rounds = 5;

std::int64_t ns_of(clockid_t clock) {
    timespec time{};
    clock_gettime(clock, &time);
    return time.tv_sec * 1'000'000'000 + time.tv_nsec;
}

/// `at` is where phones send to; what comes is sent on from the other socket of its pair.
struct Line {
    host::Fd phone, at;
    sockaddr_in phone_address{}, address{};
};

sockaddr_in address_of(int socket) {
    sockaddr_in address{};
    socklen_t length = sizeof address;
    getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length);
    return address;
}

std::vector<Line> lines() {
    std::vector<Line> all(2 * pairs);
    for (auto& line : all) {
        for (auto* socket : {&line.phone, &line.at}) {
            auto bound =
                host::bind_udp({IpAddress::v4(127, 0, 0, 1), 0}, host::ServiceClass::best_effort);
            need(bound.has_value(), "a socket on loopback");
            *socket = std::move(*bound);
        }
        line.phone_address = address_of(line.phone.get());
        line.address = address_of(line.at.get());
    }
    return all;
}

/// Phones that send 50 packets a second each, spread over the 20 ms, until `over`.
void send_packets(const std::vector<Line>& all, const std::atomic<bool>& over) {
    const std::array<char, packet_bytes> packet{};
    const auto gap = 20'000'000 / static_cast<std::int64_t>(all.size());
    for (auto next = ns_of(CLOCK_MONOTONIC); !over;)
        for (const auto& line : all) {
            const timespec at{next / 1'000'000'000, next % 1'000'000'000};
            clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, nullptr);
            sendto(line.phone.get(),
                   packet.data(),
                   packet.size(),
                   MSG_DONTWAIT,
                   reinterpret_cast<const sockaddr*>(&line.address),
                   sizeof line.address);
            next += gap;
        }
}

struct Result {
    std::uint64_t packets = 0;
    double ns = 0;  ///< CPU of the relay's thread.
};

Result by_epoll(const std::vector<Line>& all, std::int64_t until) {
    host::Poller poller;
    host::DatagramReader reader{8, 2048};
    for (std::size_t i = 0; i < all.size(); ++i)
        need(poller.add(all[i].at.get(), i), "epoll takes the socket");
    Result result;
    const auto before = ns_of(CLOCK_THREAD_CPUTIME_ID);
    while (ns_of(CLOCK_MONOTONIC) < until) {
        pollfd waits{poller.descriptor(), POLLIN, 0};
        poll(&waits, 1, 100);
        const auto clocks = host::sample_clocks();
        for (const auto token : poller.wait()) {
            const Line& other = all[token ^ 1];
            for (const auto& datagram : reader.read(all[token].at.get(), clocks)) {
                sendto(other.at.get(),
                       datagram.bytes.data(),
                       datagram.bytes.size(),
                       MSG_DONTWAIT,
                       reinterpret_cast<const sockaddr*>(&other.phone_address),
                       sizeof other.phone_address);
                ++result.packets;
            }
        }
    }
    result.ns = static_cast<double>(ns_of(CLOCK_THREAD_CPUTIME_ID) - before);
    return result;
}

/// Receives with one standing order a socket into buffers that the kernel picks, sends by the same
/// ring, and waits in the call that hands over what is to be sent.
class UringRelay {
public:
    explicit UringRelay(const std::vector<Line>& all) : lines_{all} {
        need(io_uring_queue_init(
                 4096, &ring_, IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_COOP_TASKRUN) == 0,
             "an io_uring");
        constexpr std::uintptr_t page = 4096;
        const auto aligned =
            (reinterpret_cast<std::uintptr_t>(table_.data()) + page - 1) & ~(page - 1);
        buffers_ = reinterpret_cast<io_uring_buf_ring*>(aligned);
        io_uring_buf_reg registered{};
        registered.ring_addr = aligned;
        registered.ring_entries = most;
        need(io_uring_register_buf_ring(&ring_, &registered, 0) == 0, "a ring of buffers");
        io_uring_buf_ring_init(buffers_);
        for (unsigned id = 0; id < most; ++id)
            give_back(id);
        for (std::size_t i = 0; i < lines_.size(); ++i)
            receive(i);
    }
    ~UringRelay() { io_uring_queue_exit(&ring_); }
    UringRelay(const UringRelay&) = delete;
    UringRelay& operator=(const UringRelay&) = delete;

    /// Packets that were sent on.
    std::uint64_t run_once() {
        __kernel_timespec patience{0, 100'000'000};
        io_uring_cqe* first = nullptr;
        io_uring_submit_and_wait_timeout(&ring_, &first, 1, &patience, nullptr);
        unsigned head = 0, seen = 0;
        std::uint64_t passed = 0;
        io_uring_cqe* done = nullptr;
        io_uring_for_each_cqe(&ring_, head, done) {
            ++seen;
            passed += take(*done);
        }
        io_uring_cq_advance(&ring_, seen);
        return passed;
    }

private:
    static constexpr unsigned most = 1024;
    static constexpr std::size_t room = 2048;
    static constexpr std::uint64_t sent = std::uint64_t{1} << 32;
    struct Sending {
        iovec part{};
        msghdr header{};
    };

    char* buffer(unsigned id) { return bytes_.data() + id * room; }
    void give_back(unsigned id) {
        io_uring_buf_ring_add(
            buffers_, buffer(id), room, static_cast<unsigned short>(id), most - 1, 0);
        io_uring_buf_ring_advance(buffers_, 1);
    }
    void receive(std::size_t i) {
        auto* const order = io_uring_get_sqe(&ring_);
        io_uring_prep_recv_multishot(order, lines_[i].at.get(), nullptr, 0, 0);
        order->flags |= IOSQE_BUFFER_SELECT;
        order->buf_group = 0;
        io_uring_sqe_set_data64(order, i);
    }
    void send(const Line& to, unsigned id, std::size_t bytes) {
        auto& sending = sendings_[id];
        sending.part = {buffer(id), bytes};
        sending.header.msg_name = const_cast<sockaddr_in*>(&to.phone_address);
        sending.header.msg_namelen = sizeof(sockaddr_in);
        sending.header.msg_iov = &sending.part;
        sending.header.msg_iovlen = 1;
        auto* const order = io_uring_get_sqe(&ring_);
        io_uring_prep_sendmsg(order, to.at.get(), &sending.header, MSG_DONTWAIT);
        io_uring_sqe_set_data64(order, sent + id);
    }
    std::uint64_t take(const io_uring_cqe& done) {
        if (done.user_data >= sent) {
            give_back(static_cast<unsigned>(done.user_data - sent));
            return 0;
        }
        const bool came = done.res >= 0 && (done.flags & IORING_CQE_F_BUFFER) != 0;
        if (came)
            send(lines_[done.user_data ^ 1],
                 done.flags >> IORING_CQE_BUFFER_SHIFT,
                 static_cast<std::size_t>(done.res));
        if ((done.flags & IORING_CQE_F_MORE) == 0) receive(done.user_data);
        return came ? 1 : 0;
    }

    const std::vector<Line>& lines_;
    io_uring ring_{};
    io_uring_buf_ring* buffers_ = nullptr;
    std::vector<char> bytes_ = std::vector<char>(most * room);
    std::vector<Sending> sendings_ = std::vector<Sending>(most);
    std::vector<io_uring_buf> table_ =
        std::vector<io_uring_buf>(most + 4096 / sizeof(io_uring_buf));
};

Result by_io_uring(const std::vector<Line>& all, std::int64_t until) {
    UringRelay relay{all};
    Result result;
    const auto before = ns_of(CLOCK_THREAD_CPUTIME_ID);
    while (ns_of(CLOCK_MONOTONIC) < until)
        result.packets += relay.run_once();
    result.ns = static_cast<double>(ns_of(CLOCK_THREAD_CPUTIME_ID) - before);
    return result;
}

}  // namespace

int main() {
    std::printf("%zu calls, %zu packets/s of %zu bytes on loopback; %d rounds of %d s in turns\n",
                pairs,
                2 * pairs * 50,
                packet_bytes,
                rounds,
                seconds);
    std::array<std::vector<double>, 2> costs;
    for (int round = 0; round <= rounds; ++round)
        for (int way = 0; way < 2; ++way) {
            const auto all = lines();
            std::atomic<bool> over = false;
            std::thread phones{[&] { send_packets(all, over); }};
            const auto until = ns_of(CLOCK_MONOTONIC) + seconds * std::int64_t{1'000'000'000};
            const Result r = way == 0 ? by_epoll(all, until) : by_io_uring(all, until);
            over = true;
            phones.join();
            const double each = r.ns / static_cast<double>(std::max<std::uint64_t>(1, r.packets));
            if (round == 0) continue;  // warm-up
            costs[static_cast<std::size_t>(way)].push_back(each);
            std::printf("%-8s %7llu packets %8.0f ns of CPU each\n",
                        way == 0 ? "epoll" : "io_uring",
                        static_cast<unsigned long long>(r.packets),
                        each);
        }
    for (auto& c : costs)
        std::ranges::sort(c);
    std::printf("median: epoll %.0f ns, io_uring %.0f ns, ratio %.2f\n",
                costs[0][rounds / 2],
                costs[1][rounds / 2],
                costs[1][rounds / 2] / costs[0][rounds / 2]);
}
