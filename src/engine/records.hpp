// engine/records.hpp: the kinds of live records in the journal and what each holds. A record that
// cannot be read (another version wrote it) is dropped with an alarm, never guessed at.
#pragma once
#include "acd/state.hpp"
#include "base/codec.hpp"
#include "engine/dials.hpp"
#include "engine/leg.hpp"
#include "engine/refusals.hpp"
#include "sip/session_record.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace holdfast::engine {

/// Raised when a struct of a record changes: older records are then not read.
inline constexpr std::uint8_t record_version = 9;

enum class RecordKind : std::uint8_t {
    none,
    directory,
    floor,
    call,
    agent,
    queue,
    row,
    session,
    leg,
    dial,
    outside_use,
    binding,
    engine,
    board,
    recount,  ///< RecountToday, until it is answered.
    refusal
};

/// Which number and name each id had when the records were written: settings may have changed
/// since.
struct Directory {
    std::vector<std::string> agents, devices, queues, trunks;
    friend bool operator==(const Directory&, const Directory&) = default;
};

struct AgentRecord {
    acd::Agent agent;
    acd::AgentToday today;
};

struct EngineRecord {
    std::uint32_t next_leg = 1;
};

/// An alarm that is shown until somebody acknowledges it.
struct LatchedAlarm {
    std::string id, text;
    Instant since{};
    std::uint8_t priority = 0;
    friend bool operator==(const LatchedAlarm&, const LatchedAlarm&) = default;
};

/// What supervisors wrote on the wallboards, and what is under way there.
struct BoardRecord {
    std::string message, praise;
    Instant message_until = never;
    std::vector<LatchedAlarm> latched;
    std::vector<std::string> updating{};  ///< Boards that are being given new firmware.
};

struct OutsideUseRecord {
    AgentId agent;
    std::uint32_t today = 0;
};

template <class Record>
std::string write_record(const Record& record) {
    std::string bytes(1, static_cast<char>(record_version));
    encode(record, bytes);
    return bytes;
}

template <class Record>
std::optional<Record> read_record(std::string_view bytes) {
    if (bytes.empty() || static_cast<std::uint8_t>(bytes.front()) != record_version)
        return std::nullopt;
    return decode<Record>(bytes.substr(1));
}

}  // namespace holdfast::engine
