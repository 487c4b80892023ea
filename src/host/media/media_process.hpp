// host/media/media_process.hpp: joins the packet logic with its sockets, its clock and its daemon.
// One thread and one loop, but for the reading of recordings.
#pragma once
#include "host/io/clocks.hpp"
#include "host/io/datagram_reader.hpp"
#include "host/io/deadline_timer.hpp"
#include "host/io/log.hpp"
#include "host/io/readiness.hpp"
#include "host/media/daemon_link.hpp"
#include "host/media/endpoint_sockets.hpp"
#include "host/media/source_loader.hpp"
#include "media/media_server.hpp"
#include "media/wire.hpp"

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>

#include <memory>
#include <vector>

namespace holdfast::host {

class MediaProcess final : public media::Wire, public OrderTaker {
public:
    /// `listener`: where the daemon connects.
    MediaProcess(asio::io_context& io, Fd listener);

    // What the packet logic asks.
    void send(media::Slot from,
              media::Channel channel,
              const Endpoint& to,
              media::Bytes packet) override;
    void report(const media::Report& report) override;

    // What the daemon orders.
    void take(media::Order order, std::vector<Fd> sockets) override;
    std::vector<int> sockets_of(MediaId media) override;

private:
    enum class Fault : std::uint8_t { order, open, source, send, foreign };

    void serve_packets();
    void receive(const EndpointSockets::Ready& ready, const ClockSample& clocks);
    void take_results();
    void report_health();
    void rearm();

    void carry_out(const media::Greet& order, std::vector<Fd>& sockets);
    void carry_out(const media::Open& order, std::vector<Fd>& sockets);
    void carry_out(const media::Close& order, std::vector<Fd>& sockets);
    void carry_out(const media::LoadSource& order, std::vector<Fd>& sockets);
    void carry_out(const media::LoadTone& order, std::vector<Fd>& sockets);
    void carry_out(const media::List& order, std::vector<Fd>& sockets);
    template <class OfAnEndpoint>
    void carry_out(const OfAnEndpoint& order, std::vector<Fd>& sockets);

    void open(const media::Open& order, SocketPair pair);
    template <class Task>
    void load(const Task& order);
    void note(Fault fault, LogLevel level, std::string_view line);

    Instant now_;  // of this wake-up
    std::uint64_t boot_;
    FaultLog faults_;
    std::unique_ptr<media::MediaServer> server_;
    DatagramReader reader_;
    DeadlineTimer timer_;
    EndpointSockets sockets_;
    SourceLoader loader_;
    Readiness packets_;
    Readiness results_;
    asio::steady_timer health_timer_;
    DaemonLink link_;
};

}  // namespace holdfast::host
