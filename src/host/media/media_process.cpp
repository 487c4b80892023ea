#include "host/media/media_process.hpp"

#include "base/enum_text.hpp"
#include "base/limits.hpp"
#include "host/io/service.hpp"

#include <string>
#include <sys/resource.h>
#include <utility>

namespace holdfast::host {
namespace {

constexpr std::size_t datagrams_at_once = 8;
constexpr std::size_t most_stale_datagrams = 4096;
constexpr Micros health_interval = 10s;

WallAnchor anchor_of(const ClockSample& clocks) {
    return {.at = clocks.now, .wall = clocks.wall};
}

std::uint64_t cpu_us() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto us = [](const timeval& time) {
        return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000 +
               static_cast<std::uint64_t>(time.tv_usec);
    };
    return us(usage.ru_utime) + us(usage.ru_stime);
}

media::OpenFault fault_of(SocketFault fault) {
    switch (fault) {
        case SocketFault::port_in_use:
            return media::OpenFault::port_in_use;
        case SocketFault::no_descriptor_left:
            return media::OpenFault::too_many;
        case SocketFault::not_our_address:
        case SocketFault::not_permitted:
        case SocketFault::wrong_kind:
        case SocketFault::other:
            return media::OpenFault::cannot_bind;
    }
    return media::OpenFault::cannot_bind;
}

std::string name_of(MediaId media) {
    return "endpoint " + std::to_string(media.value);
}

}  // namespace

MediaProcess::MediaProcess(asio::io_context& io, Fd listener)
    : now_{sample_clocks().now},
      boot_{Random{kernel_seed()}.u64()},
      faults_{enum_count<Fault>},
      server_{
          std::make_unique<media::MediaServer>(kernel_seed(), anchor_of(sample_clocks()), *this)},
      reader_{datagrams_at_once, media::most_packet_bytes},
      sockets_{timer_.descriptor()},
      packets_{io, sockets_.descriptor()},
      results_{io, loader_.descriptor()},
      health_timer_{io},
      link_{io, std::move(listener), *this} {
    packets_.on_readable([this] { serve_packets(); });
    results_.on_readable([this] { take_results(); });
    report_health();
}

void MediaProcess::serve_packets() {
    const ClockSample clocks = sample_clocks();
    now_ = clocks.now;
    sockets_.each_ready([&](const EndpointSockets::Ready& ready) {
        if (ready.other)
            timer_.clear();
        else
            receive(ready, clocks);
    });
    server_->advance(now_);
    rearm();
}

void MediaProcess::receive(const EndpointSockets::Ready& ready, const ClockSample& clocks) {
    for (const Datagram& datagram :
         reader_.read(sockets_.socket(ready.slot, ready.channel), clocks)) {
        // One that was cut is no packet any more: the parser refuses and counts it.
        const media::Bytes bytes = datagram.truncated ? media::Bytes{} : datagram.bytes;
        server_->receive(
            ready.slot, ready.channel, datagram.from, bytes, datagram.received_at, now_);
    }
}

void MediaProcess::rearm() {
    timer_.arm(server_->next_deadline());
}

void MediaProcess::send(media::Slot from,
                        media::Channel channel,
                        const Endpoint& to,
                        media::Bytes packet) {
    if (!send_datagram(sockets_.socket(from, channel), to, packet))
        note(Fault::send, LogLevel::warning, "a packet could not be sent: no route, or no room");
}

void MediaProcess::report(const media::Report& report) {
    if (const auto* const closed = std::get_if<media::Closed>(&report)) {
        const auto foreign = closed->statistics.foreign_packets;
        if (foreign > 0)
            note(Fault::foreign,
                 LogLevel::warning,
                 name_of(closed->media) + ": " + std::to_string(foreign) +
                     " packets from elsewhere than its party were dropped");
    }
    if (const auto* const failed = std::get_if<media::SourceFailed>(&report))
        note(Fault::source, LogLevel::error, failed->text);
    link_.report(report);
}

void MediaProcess::take(media::Order order, std::vector<Fd> sockets) {
    now_ = sample_clocks().now;
    std::visit([&](const auto& known) { carry_out(known, sockets); }, order);
    rearm();
}

std::vector<int> MediaProcess::sockets_of(MediaId media) {
    const auto slot = server_->find(media);
    if (!slot) return {};
    const auto both = sockets_.both(*slot);
    return {both.begin(), both.end()};
}

void MediaProcess::carry_out(const media::Greet&, std::vector<Fd>&) {
    report(media::Greeted{boot_});
}

void MediaProcess::carry_out(const media::Open& order, std::vector<Fd>& sockets) {
    // It was ordered between our first greeting and the answer to it, and now with all the others.
    if (order.recreated && server_->find(order.media)) {
        report(media::Opened{order.media, order.port});
        return;
    }
    auto pair = order.recreated && !sockets.empty() ? adopt_pair(sockets, order.port)
                                                    : bind_pair(order.bind, order.port);
    if (!pair) {
        note(Fault::open, LogLevel::warning, name_of(order.media) + ": " + pair.error().text);
        report(media::OpenFailed{
            order.media, fault_of(pair.error().fault), std::move(pair.error().text)});
        return;
    }
    open(order, *std::move(pair));
}

void MediaProcess::open(const media::Open& order, SocketPair pair) {
    // What waited while nobody listened is no sound of now.
    if (order.recreated) {
        reader_.drain(pair.rtp.get(), most_stale_datagrams);
        reader_.drain(pair.rtcp.get(), most_stale_datagrams);
    }
    const auto slot = server_->open(order.media, order.port);
    if (!slot) {
        const bool full = slot.error() == media::MediaServer::Refusal::too_many;
        const auto text = name_of(order.media) +
                          (full ? " is one more than " + std::to_string(limits::media_endpoints)
                                : std::string{" is open already"});
        note(Fault::open, LogLevel::warning, text);
        report(media::OpenFailed{
            order.media, full ? media::OpenFault::too_many : media::OpenFault::cannot_bind, text});
        return;
    }
    if (sockets_.put(*slot, std::move(pair))) {
        report(media::Opened{order.media, order.port});
        return;
    }
    report(media::OpenFailed{order.media,
                             media::OpenFault::too_many,
                             name_of(order.media) + ": the kernel cannot watch more sockets"});
    std::vector<Fd> none;
    carry_out(media::Close{order.media}, none);
}

void MediaProcess::carry_out(const media::Close& order, std::vector<Fd>&) {
    const auto slot = server_->find(order.media);
    server_->take(order, now_);
    if (slot) sockets_.close(*slot);
}

template <class Task>
void MediaProcess::load(const Task& order) {
    if (!server_->expect_source(order.source) || loader_.load(order)) return;
    server_->take(order.source,
                  std::unexpected{"source " + std::to_string(order.source.value) +
                                  " came while too many others wait: load fewer at once"},
                  now_);
}

void MediaProcess::carry_out(const media::LoadSource& order, std::vector<Fd>&) {
    load(order);
}

void MediaProcess::carry_out(const media::LoadTone& order, std::vector<Fd>&) {
    load(order);
}

void MediaProcess::carry_out(const media::List& order, std::vector<Fd>&) {
    server_->take(order);
}

template <class OfAnEndpoint>
void MediaProcess::carry_out(const OfAnEndpoint& order, std::vector<Fd>&) {
    if (!server_->take(order, now_))
        note(Fault::order,
             LogLevel::warning,
             name_of(order.media) +
                 ": an order could not be carried out: it is not open, or too "
                 "many digits wait");
}

void MediaProcess::take_results() {
    now_ = sample_clocks().now;
    while (auto result = loader_.take_result())
        server_->take(result->source, std::move(result->loaded), now_);
    rearm();
}

void MediaProcess::report_health() {
    media::Health health = server_->health();
    health.unreadable_orders = link_.unreadable_orders();
    health.lost_reports = link_.lost_reports();
    health.implausible_stamps = reader_.implausible_stamps();
    health.cpu_us = cpu_us();
    link_.report(health);
    health_timer_.expires_after(health_interval);
    health_timer_.async_wait([this](const std::error_code& error) {
        if (!error) report_health();
    });
}

void MediaProcess::note(Fault fault, LogLevel level, std::string_view line) {
    faults_.note(static_cast<std::size_t>(fault), level, line, now_);
}

}  // namespace holdfast::host
