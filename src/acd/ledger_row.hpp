// acd/ledger_row.hpp: what the floor gives to the ledger. A row is plain, complete and never
// changed; it belongs to the engine until the store reports it committed. Names stand in it as
// text, so that it means the same after the settings have changed.
#pragma once
#include "base/time.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace holdfast::acd {

/// Time-ordered (RFC 9562 version 7): names a caller's journey or an agent's shift for ever.
using Uuid = std::array<std::uint8_t, 16>;

enum class LaneKind : std::uint8_t { caller, agent };

/// The instant as people read it: UTC, and how far local time was ahead of it then.
struct Stamp {
    WallInstant utc{};
    std::int32_t utc_offset_s = 0;
};

/// A caller's journey began. The person's number and name stand here only.
struct JourneyOpened {
    Uuid journey{};
    std::string caller_number, caller_name;
    std::string dialled;  ///< The number the caller asked for, or that we called.
    std::string trunk;
    bool outbound = false;
    Instant began{};
    Stamp stamp;
};

/// An agent logged in. `phone` is where.
struct ShiftOpened {
    Uuid shift{};
    std::string agent_number, agent_name, phone;
    Instant began{};
    Stamp stamp;
};

/// How a caller's lane ended. `none` on every segment but the last.
enum class Outcome : std::uint8_t {
    none,
    completed,
    abandoned,
    short_abandoned,
    abandoned_on_hold,
    refused,
    diverted,
    ended
};

/// One closed segment of one lane: [began, ended), the next begins exactly where it ended.
struct SegmentClosed {
    LaneKind lane_kind{};
    Uuid lane{};               ///< The journey or the shift.
    std::uint32_t number = 0;  ///< In its lane, from 1, without gaps.
    std::string kind;          ///< State of the lane's machine: "queued", "talking", "wrapping"...
    std::string ended_by;  ///< The event or timer that cut it: "agent_answered", "wrap_limit"...
    Uuid journey{};        ///< Agent's lane: the caller's journey it was spent on, zero where none.
    std::string agent;     ///< Agent's number; caller's lane: who had the caller.
    std::string queue;
    std::string reason;  ///< Why not ready: "rona", "rejected", "3"...
    Instant began{}, ended{};
    Stamp stamp;                   ///< Of `began`.
    std::uint16_t sip_status = 0;  ///< Of the response or request that cut it, where one did.
    Outcome outcome{};             ///< The lane ends with this segment where not `none`.
};

/// A range inside a lane that does not split its segments: the caller held us, nobody spoke.
struct MarkClosed {
    Uuid lane{};
    /// "held_by_caller", "degraded", "soundless", "dropped_after_crashes"; "voice_measured", and in
    /// it "dead_air", "customer_working", "muted" and "mute_unseen"; "digits_masked".
    std::string kind;
    Instant began{}, ended{};
    std::optional<std::uint32_t> digits{};  ///< Of "digits_masked": how many; never which.
};

struct LedgerRow {
    std::uint64_t row = 0;  ///< Global, from 1, without gaps.
    std::variant<JourneyOpened, ShiftOpened, SegmentClosed, MarkClosed> what;
};

}  // namespace holdfast::acd
