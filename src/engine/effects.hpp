// engine/effects.hpp: everything the engine can ask for. The host performs the effects of one step
// in their order: first what must survive, then what others will see.
#pragma once
#include "acd/ledger_row.hpp"
#include "base/address.hpp"
#include "base/ids.hpp"
#include "console/requests.hpp"
#include "media/orders.hpp"
#include "sip/dns.hpp"
#include "wallboard/figures.hpp"

#include <cstdint>
#include <string>
#include <variant>

namespace holdfast::engine {

/// Write this record into the live-state journal, over the one of the same kind and id.
struct Persist {
    std::uint8_t kind = 0;
    std::uint64_t id = 0;
    std::string bytes;
};
struct Forget {
    std::uint8_t kind = 0;
    std::uint64_t id = 0;
};
struct SendDatagram {
    ListenerId listener;
    Endpoint to;
    std::string bytes;
};
struct SendBytes {
    FlowId flow;
    std::string bytes;
};
struct OpenFlow {
    FlowId flow;
    ListenerId listener;  ///< Whose transport and identity it uses.
    Endpoint to;
    std::string tls_name;
};
struct CloseFlow {
    FlowId flow;
};
/// Ask the DNS; the answer is an input.
struct Resolve {
    sip::DnsQuestion question;
};
struct OrderMedia {
    media::Order order;
};
/// For the ledger, in the order of the rows.
struct StoreRow {
    acd::LedgerRow row;
};
struct AnswerCommand {
    std::uint64_t connection = 0, id = 0;
    console::Answer answer;
};
struct TellWatcher {
    std::uint64_t connection = 0;
    console::Event event;
};
/// For every wallboard: the floor as it is now. Once a second, and at once when an alarm comes
/// or goes.
struct ShowFigures {
    wallboard::Figures figures;
};
/// Nothing is known of this day, as the machine has started, or the clock was set to another day:
/// counts it from the ledger, once that has the rows up to that one. The answer is an input.
struct RecountToday {
    std::int64_t local_day = 0;  ///< Since 1970.
    WallInstant from{}, until{};
    std::uint64_t up_to_row = 0;
};
/// A piece of new firmware for a board of ours; with the last one it begins.
struct UpdateBoard {
    std::uint32_t board = 0;              ///< 1-based, in the order of the settings.
    std::uint32_t image = 0, offset = 0;  ///< Of the images for its slots.
    std::string bytes;
    bool last = false;
};
enum class LogLevel : std::uint8_t { debug, info, warning, error };
/// One line. Never a caller's number or name at info and above.
struct Log {
    LogLevel level{};
    std::string line;
};

using Effect = std::variant<Persist,
                            Forget,
                            SendDatagram,
                            SendBytes,
                            OpenFlow,
                            CloseFlow,
                            Resolve,
                            OrderMedia,
                            StoreRow,
                            AnswerCommand,
                            TellWatcher,
                            Log,
                            ShowFigures,
                            RecountToday,
                            UpdateBoard>;

}  // namespace holdfast::engine
