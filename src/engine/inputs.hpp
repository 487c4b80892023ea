// engine/inputs.hpp: everything the engine can be told. Recorded one after the other with their two
// times, they are the whole history: `holdfast replay` needs nothing else.
#pragma once
#include "acd/state.hpp"
#include "base/address.hpp"
#include "base/ids.hpp"
#include "base/random.hpp"
#include "base/time.hpp"
#include "console/requests.hpp"
#include "media/orders.hpp"
#include "sip/dns.hpp"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace holdfast::engine {

/// A datagram on one of our UDP listeners.
struct DatagramReceived {
    ListenerId listener;
    Endpoint from;
    std::string bytes;
};
/// A datagram could not be delivered (ICMP, no route): what is under way to there fails at once.
struct DatagramFailed {
    ListenerId listener;
    Endpoint to;
};
/// A peer connected to a TCP or TLS listener; for TLS the handshake is done.
struct FlowAccepted {
    FlowId flow;
    ListenerId listener;
    Endpoint from;
};
/// The connection asked for by OpenFlow stands, TLS handshake and name check included.
struct FlowOpened {
    FlowId flow;
};
struct FlowBytes {
    FlowId flow;
    std::string bytes;
};
/// Closed, refused or never opened. `why` is a sentence for the log.
struct FlowClosed {
    FlowId flow;
    std::string why;
};
/// What the DNS said to Resolve.
struct Resolved {
    sip::QuestionId question;
    sip::DnsAnswer answer;
};
/// From the media process; `from_boot` tells one life of it from the next.
struct MediaReported {
    media::Report report;
};
struct MediaConnected {};
struct MediaLost {};
/// Every row up to this one is on disk.
struct StoreCommitted {
    std::uint64_t row = 0;
};
struct StoreTroubled {
    std::string what;           ///< Empty: it works again.
    bool refuse_calls = false;  ///< The spill file is full too.
};
struct Commanded {
    std::uint64_t connection = 0, id = 0;
    console::Request request;
};
struct WatcherLeft {
    std::uint64_t connection = 0;
};
struct ClockAnchored {
    WallAnchor anchor;
};
/// One record of the journal, as Persist wrote it.
struct LiveRecord {
    std::uint8_t kind = 0;
    std::uint64_t id = 0;
    std::string bytes;
};
/// What earlier lives were working at when they ended, and how many within the last minute.
struct Suspect {
    std::uint64_t in_hand = 0;  ///< As in in_hand.hpp.
    std::uint32_t lives = 0;    ///< Two at least.
};
/// First input of every life: who we are and what of the last life must go on.
struct Started {
    Seed seed{};
    Seed key_seed{};         ///< For keys of SRTP; apart, as a black box keeps the other.
    std::string secret;      ///< For nonces: persistent, 32 bytes.
    std::uint64_t boot = 0;  ///< Of this life of the daemon.
    WallAnchor anchor;
    std::uint64_t ledger_row = 0;  ///< The last row on disk: new ones go on from there.
    std::vector<LiveRecord> records;
    bool after_crash = false;
    Instant last_alive{};             ///< Of the last life; zero where there was none.
    std::vector<Suspect> suspects{};  ///< Calls to let go of.
};
/// What has changed about a wallboard.
struct BoardReported {
    std::uint32_t board = 0;    ///< 1-based, in the order of the settings.
    bool connected = false;     ///< The line is there.
    std::string what;           ///< What it is, where it says so.
    std::string trouble;        ///< A sentence for a person; empty: none.
    Instant answered_at{};      ///< Zero: it never did.
    std::uint64_t skipped = 0;  ///< Pictures it was not shown, as its line did not take them.
    std::string update;         ///< How its new firmware goes, or went; empty: none.
    bool updating = false;
};
/// The answer to RecountToday: what the ledger knows of queues and agents on that day.
struct QueueRecount {
    QueueId queue;
    acd::QueueToday today;
};
struct AgentRecount {
    AgentId agent;
    acd::AgentToday today;
};
struct TodayRecounted {
    std::int64_t local_day = 0;
    std::vector<QueueRecount> queues;
    std::vector<AgentRecount> agents;
};
/// Nothing happened but time: the next deadline has come.
struct Ticked {};

using Input = std::variant<Started,
                           Ticked,
                           DatagramReceived,
                           DatagramFailed,
                           FlowAccepted,
                           FlowOpened,
                           FlowBytes,
                           FlowClosed,
                           Resolved,
                           MediaReported,
                           MediaConnected,
                           MediaLost,
                           StoreCommitted,
                           StoreTroubled,
                           Commanded,
                           WatcherLeft,
                           ClockAnchored,
                           BoardReported,
                           TodayRecounted>;

}  // namespace holdfast::engine
