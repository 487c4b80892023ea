// media/media_server.hpp: all endpoints and sources of the process, as one object without sockets,
// clock or thread: orders, packets and time go in, packets and reports go out through the Wire.
#pragma once
#include "base/address.hpp"
#include "base/deadline_heap.hpp"
#include "base/ids.hpp"
#include "base/limits.hpp"
#include "base/random.hpp"
#include "media/conference.hpp"
#include "media/ntp.hpp"
#include "media/orders.hpp"
#include "media/rtp_endpoint.hpp"
#include "media/source_shelf.hpp"
#include "media/wire.hpp"

#include <array>
#include <expected>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

namespace holdfast::media {

class MediaServer {
public:
    /// `wire` outlives the server. Large: to be made on the heap.
    MediaServer(const Seed& seed, const WallAnchor& anchor, Wire& wire);
    MediaServer(const MediaServer&) = delete;
    MediaServer& operator=(const MediaServer&) = delete;

    enum class Refusal : std::uint8_t { too_many, open_already };
    /// The endpoint, once both its ports are bound.
    std::expected<Slot, Refusal> open(MediaId media, std::uint16_t port);
    std::optional<Slot> find(MediaId media) const;

    // Orders. False: there is no such endpoint, or too many digits wait.
    bool take(const Configure& order, Instant now);
    bool take(const Hear& order, Instant now);
    bool take(const SendDigit& order, Instant now);
    bool take(const Say& order, Instant now);
    bool take(const MaskDigits& order, Instant now);
    /// Reports Closed.
    void take(const Close& order, Instant now);
    void take(const List& order);

    /// Whether the source is to be made; a report has said why where not.
    bool expect_source(SourceId id);
    /// What came of it.
    void take(SourceId id, LoadedSource loaded, Instant now);

    /// A datagram from the socket of `channel`, which the kernel had at `received_at`.
    void receive(Slot slot,
                 Channel channel,
                 const Endpoint& from,
                 Bytes datagram,
                 Instant received_at,
                 Instant now);
    /// Everything that is due at `now`.
    void advance(Instant now);
    Instant next_deadline() const;

    /// The part of the health that is known here.
    Health health() const;

private:
    static constexpr std::size_t kinds = enum_count<Deadline>;
    struct Key {
        Slot slot = 0;
        Deadline kind{};
    };
    struct Seat {
        std::unique_ptr<RtpEndpoint> endpoint;
        std::array<Timer, kinds> timers{};
        std::array<Instant, kinds> armed{};
        ConferenceId conference;
    };

    Slot free_slot();
    void settle(Slot slot);
    void forget_audience(MediaId heard, Slot slot, Instant now);
    std::shared_ptr<Conference> join_conference(Seat& seat, ConferenceId wanted);
    void leave_conference(Seat& seat);
    void stop_unheard(Slot slot, Instant now);
    void hear_source(const Hear& order, Outbound& outbound, Instant now);
    void act(RtpEndpoint& endpoint, Deadline kind, Instant now);
    void tick(RtpEndpoint& endpoint, Instant now);

    Wire& wire_;
    Random random_;
    NtpClock ntp_;
    SourceShelf shelf_;
    std::vector<Seat> seats_;
    std::vector<Slot> free_;
    std::unordered_map<MediaId, Slot> slots_;
    /// Who hears an endpoint, whether or not that endpoint is open.
    std::unordered_map<MediaId, std::vector<Slot>> audiences_;
    std::unordered_map<ConferenceId, std::shared_ptr<Conference>> conferences_;
    DeadlineHeap<Key, limits::media_deadlines> deadlines_;
    Health health_;
};

}  // namespace holdfast::media
