// What the real media process costs: CPU for relayed calls and for listeners to music, the latency
// it adds, and the time to encode a recording. Run it from a release build on a quiet machine.
#include "e2e/media_daemon.hpp"
#include "host/io/udp_socket.hpp"
#include "media/rtp.hpp"
#include "support/need.hpp"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <thread>
#include <time.h>

using namespace holdfast;
using namespace holdfast::test;

namespace {

const IpAddress loopback = IpAddress::v4(127, 0, 0, 1);
constexpr std::int64_t packet_ns = 20'000'000;

std::int64_t now_ns() {
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1'000'000'000 + time.tv_nsec;
}

void print_conditions() {
    utsname system{};
    uname(&system);
    std::ifstream cpus{"/proc/cpuinfo"};
    std::string model{"unknown"};
    for (std::string line; std::getline(cpus, line);)
        if (line.starts_with("model name")) model = line.substr(line.find(':') + 2);
    std::string load;
    std::getline(std::ifstream{"/proc/loadavg"}, load);
    std::printf("%s, %u processors, Linux %s, load %s\n",
                model.c_str(),
                std::thread::hardware_concurrency(),
                system.release,
                load.c_str());
    std::printf("loopback, this program sends and receives on the same machine\n");
}

/// Sockets that send 50 packets a second each, spread over the 20 ms, each with its time of sending
/// in the payload; and a thread that receives and notes how long they took.
class Traffic {
public:
    explicit Traffic(std::size_t phones) : targets_(phones), epoll_{epoll_create1(0)} {
        for (std::size_t i = 0; i < phones; ++i) {
            auto socket = host::bind_udp({loopback, 0}, host::ServiceClass::best_effort);
            need(socket.has_value(), "a socket");
            epoll_event event{};
            event.events = EPOLLIN;
            event.data.fd = socket->get();
            epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, socket->get(), &event);
            sockets_.push_back(*std::move(socket));
        }
    }
    Endpoint address(std::size_t phone) const { return host::bound_to(sockets_[phone].get()); }
    void aim(std::size_t phone, const Endpoint& target) { targets_[phone] = target; }

    /// Latencies in microseconds, sorted.
    std::vector<double> run(int seconds) {
        std::atomic<bool> stop{false};
        std::vector<double> latencies;
        latencies.reserve(static_cast<std::size_t>(seconds) * 50 * sockets_.size());
        std::jthread receiver{[&] { receive(stop, latencies); }};
        send(seconds);
        usleep(200'000);
        stop = true;
        receiver.join();
        std::sort(latencies.begin(), latencies.end());
        return latencies;
    }

private:
    void send(int seconds) {
        const std::int64_t start = now_ns() + packet_ns;
        const auto count = static_cast<std::int64_t>(sockets_.size());
        std::vector<std::uint8_t> payload(160);
        std::vector<std::uint8_t> packet(media::rtp_header_bytes + payload.size());
        for (std::int64_t round = 0; round < seconds * 50; ++round)
            for (std::int64_t i = 0; i < count; ++i) {
                const std::int64_t due = start + round * packet_ns + i * packet_ns / count;
                timespec until{due / 1'000'000'000, due % 1'000'000'000};
                clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr);
                const std::int64_t sent = now_ns();
                std::memcpy(payload.data(), &sent, sizeof sent);
                media::print_rtp({.payload_type = 8,
                                  .marker = false,
                                  .sequence = static_cast<std::uint16_t>(round),
                                  .timestamp = static_cast<std::uint32_t>(160 * round),
                                  .ssrc = static_cast<std::uint32_t>(i)},
                                 payload,
                                 packet);
                const auto phone = static_cast<std::size_t>(i);
                host::send_datagram(sockets_[phone].get(), targets_[phone], packet);
            }
    }
    void receive(const std::atomic<bool>& stop, std::vector<double>& latencies) {
        std::array<epoll_event, 64> events;
        std::array<std::uint8_t, 2048> buffer;
        while (!stop) {
            const int ready = epoll_wait(epoll_.get(), events.data(), events.size(), 50);
            for (int i = 0; i < ready; ++i) {
                const int socket = events[static_cast<std::size_t>(i)].data.fd;
                const auto size = recv(socket, buffer.data(), buffer.size(), MSG_DONTWAIT);
                if (size != 172) continue;
                std::int64_t sent = 0;
                std::memcpy(&sent, buffer.data() + media::rtp_header_bytes, sizeof sent);
                latencies.push_back(static_cast<double>(now_ns() - sent) / 1000);
            }
        }
    }

    std::vector<host::Fd> sockets_;
    std::vector<Endpoint> targets_;
    host::Fd epoll_;
};

media::Configure party(MediaId media, const Endpoint& remote) {
    media::Configure order;
    order.media = media;
    order.remote_rtp = remote;
    order.codecs = {{8, AudioCodec::pcma}};
    return order;
}

void print_latency(const char* what, const std::vector<double>& us) {
    if (us.empty()) return;
    std::printf("  %-28s p50 %7.0f us   p99 %7.0f us   %zu packets\n",
                what,
                us[us.size() / 2],
                us[us.size() * 99 / 100],
                us.size());
}

/// Percent of one processor that the process used since `before_ns`.
double percent(std::int64_t cpu_ns, std::int64_t wall_ns) {
    return 100.0 * static_cast<double>(cpu_ns) / static_cast<double>(wall_ns);
}

void relay(Daemon& daemon, const MediaProgram& program, std::size_t calls, int seconds) {
    const std::size_t legs = 2 * calls;
    Traffic traffic{legs};
    for (std::size_t i = 0; i < legs; ++i)
        traffic.aim(i, traffic.address(i ^ 1));
    const auto direct = traffic.run(3);
    for (std::size_t i = 0; i < legs; ++i) {
        const MediaId media{static_cast<std::uint32_t>(i + 1)};
        const MediaId other{static_cast<std::uint32_t>((i ^ 1) + 1)};
        traffic.aim(i, {loopback, daemon.open(media, loopback)});
        daemon.order(party(media, traffic.address(i)));
        daemon.order(media::Hear{media, media::HearEndpoint{other}});
    }
    traffic.run(1);
    const std::int64_t cpu = program.child.cpu_ns();
    const std::int64_t wall = now_ns();
    const auto relayed = traffic.run(seconds);
    const double used = percent(program.child.cpu_ns() - cpu, now_ns() - wall);
    const auto sent = static_cast<double>(seconds) * 50 * static_cast<double>(legs);
    std::printf("relay of %zu calls, %zu legs, 50 packets a second each way, PCMA, %d s\n",
                calls,
                legs,
                seconds);
    std::printf("  %.1f %% of one processor, %.1f us a packet\n",
                used,
                used / 100 * static_cast<double>(now_ns() - wall) / 1000 / sent);
    print_latency("straight from phone to phone", direct);
    print_latency("relayed", relayed);
    for (std::size_t i = 0; i < legs; ++i)
        daemon.order(media::Close{{static_cast<std::uint32_t>(i + 1)}});
}

void music(Daemon& daemon, const MediaProgram& program, std::size_t listeners, int seconds) {
    const auto began = now_ns();
    daemon.order(media::LoadTone{{1}, 440, 660, 60'000, 0, 1});
    daemon.expect<media::SourceReady>();
    std::printf("a minute of sound encoded for all codecs in %.0f ms\n",
                static_cast<double>(now_ns() - began) / 1e6);
    auto sink = host::bind_udp({loopback, 0}, host::ServiceClass::best_effort);
    need(sink.has_value(), "a socket");
    for (std::size_t i = 0; i < listeners; ++i) {
        const MediaId media{static_cast<std::uint32_t>(10'001 + i)};
        daemon.open(media, loopback);
        daemon.order(party(media, host::bound_to(sink->get())));
        daemon.order(media::Hear{media, media::HearSource{{1}, true}});
    }
    std::this_thread::sleep_for(1s);
    const std::int64_t cpu = program.child.cpu_ns();
    const std::int64_t wall = now_ns();
    std::this_thread::sleep_for(std::chrono::seconds{seconds});
    const double used = percent(program.child.cpu_ns() - cpu, now_ns() - wall);
    std::uint64_t sent = 0;
    for (std::size_t i = 0; i < listeners; ++i)
        daemon.order(media::Close{{static_cast<std::uint32_t>(10'001 + i)}});
    for (std::size_t i = 0; i < listeners; ++i)
        sent += daemon.expect<media::Closed>().statistics.packets_out;
    std::printf(
        "music for %zu listeners, 50 packets a second each, PCMA, to a socket nobody reads\n",
        listeners);
    std::printf("  %.1f %% of one processor, %llu packets sent\n",
                used,
                static_cast<unsigned long long>(sent));
}

int number(char** arguments, int count, int index, int otherwise) {
    return count > index ? std::atoi(arguments[index]) : otherwise;
}

}  // namespace

/// Arguments: calls, listeners, seconds.
int main(int count, char** arguments) {
    const int calls = number(arguments, count, 1, 100);
    const int listeners = number(arguments, count, 2, 1000);
    const int seconds = number(arguments, count, 3, 10);
    print_conditions();
    Folder folder;
    MediaProgram program{folder / "media"};
    Daemon daemon{folder / "media"};
    relay(daemon, program, static_cast<std::size_t>(calls), seconds);
    for (int i = 0; i < 2 * calls; ++i)
        daemon.expect<media::Closed>();
    music(daemon, program, static_cast<std::size_t>(listeners), seconds);
    daemon.reports.clear();
    std::printf("late ticks %llu\n",
                static_cast<unsigned long long>(daemon.expect<media::Health>().late_ticks));
    return 0;
}
