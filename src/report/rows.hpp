// report/rows.hpp: the ledger's segments as reports read them: words as numbers, times as types.
#pragma once
#include "base/enum_text.hpp"
#include "base/time.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

namespace holdfast::report {

using Uuid = std::array<std::uint8_t, 16>;

// The ledger's words that figures are made of; `other` is each word that they are not. A test holds
// them against the machines that write them.
// clang-format off
enum class Kind : std::uint8_t {
    other,
    setup, announced, queued, ringing, talking, held,                           // caller, and agent
    consult, conference, transferring, parked, outside,
    logged_out, not_ready, ready, reserved, wrapping, dialing, called, internal, unreachable,
};
enum class Cut : std::uint8_t {
    other,
    announcement_began, queue_changed, call_refused, call_diverted, caller_left, customer_answered,
    phone_rang, agent_answered, agent_lost, agent_left, offer_missed, offer_refused,
    transfer_began, transfer_failed, agent_took_over, sent_to_queue, sent_outside, caller_parked,
};
enum class Outcome : std::uint8_t {
    other, none, completed, abandoned_on_hold, short_abandoned, refused,
};
enum class MarkKind : std::uint8_t {
    other, voice_measured, dead_air, customer_working, muted, mute_unseen,
};
// clang-format on

/// Words that come again and again, as numbers. 0 is the empty one.
class Names {
public:
    Names() { number_of(""); }
    std::uint32_t number_of(std::string_view word);
    const std::string& operator[](std::uint32_t number) const { return words_[number]; }
    std::size_t size() const { return words_.size(); }

private:
    std::deque<std::string> words_;  // its strings stay where they are
    std::unordered_map<std::string_view, std::uint32_t> numbers_;
};

/// A closed segment.
struct Row {
    std::uint32_t lane = 0;  ///< Index in the lanes of its batch.
    std::uint32_t number = 0;
    bool caller = false;
    bool outbound = false;  ///< On the setup of a call of ours.
    Kind kind{};
    Cut cut{};
    Outcome outcome{};
    std::uint32_t agent = 0, queue = 0, reason = 0;  ///< In the names.
    WallInstant began{};                             ///< A label; `length` is measured.
    Micros clock{};                                  ///< When it began, on the clock that measures.
    Micros length{};
    std::int64_t row = 0;  ///< Of the ledger.

    WallInstant ended() const { return began + length; }
    bool waits() const { return kind == Kind::queued || kind == Kind::ringing; }
    bool connected() const {
        return kind == Kind::talking || kind == Kind::held || kind == Kind::consult ||
               kind == Kind::conference;
    }
};

/// Who spoke in a caller's talk, and when the agent was muted. It lies within one segment of its
/// lane.
struct Mark {
    MarkKind kind{};
    Micros clock{}, length{};  ///< As in Row.

    bool within(const Row& row) const {
        return clock >= row.clock && clock + length <= row.clock + row.length;
    }
};

/// A part of a segment that is marked as degraded: the daemon was dead, the call was not.
struct Gap {
    std::uint32_t lane = 0, number = 0;  ///< Of the segment.
    bool caller = false;
    std::uint32_t agent = 0, queue = 0;
    WallInstant began{};
    Micros length{};

    WallInstant ended() const { return began + length; }
    auto place() const { return std::tuple{lane, number, began}; }
};

/// Rows that were read together. Lanes are told apart by the ledger's ids.
struct Batch {
    std::vector<Row> rows;
    std::vector<Gap> gaps;
    std::vector<Uuid> lanes;
    std::unordered_map<std::uint32_t, std::vector<Mark>> marks;  ///< By lane, in order.

    std::uint32_t lane_of(const Uuid& id);
    /// That of a lane that is there.
    std::optional<std::uint32_t> find_lane(const Uuid& id) const;
    /// By lane, and in it by number, each once.
    void sort();

private:
    struct Hash {
        std::size_t operator()(const Uuid& id) const;
    };
    std::unordered_map<Uuid, std::uint32_t, Hash> numbers_;
};

/// The word's number in E; `other` where E does not know it.
template <class E>
E word_of(std::string_view word) {
    for (const E e : every<E>)
        if (text(e) == word) return e;
    return E::other;
}

}  // namespace holdfast::report
