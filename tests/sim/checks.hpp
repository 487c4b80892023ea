// tests/sim/checks.hpp: what must hold after every step, over a crash, and when all is over, and
// what the ledger must look like. A broken promise is an exception with a sentence; who runs the
// world adds seed and step. tests/sim/planted has bugs that each of these finds.
#pragma once
#include "acd/ledger_row.hpp"
#include "engine/engine.hpp"
#include "sim/tally.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace holdfast::sim {

struct Broken : std::runtime_error {
    using std::runtime_error::runtime_error;
};

template <class... Args>
void must(bool holds, fmt::format_string<Args...> format, Args&&... args) {
    if (!holds) throw Broken{fmt::format(format, std::forward<Args>(args)...)};
}

/// What would be read after a crash, by kind and id.
using Journal = std::map<std::pair<std::uint8_t, std::uint64_t>, std::string>;

/// What may be left when everybody has gone home: what never ends by itself.
struct Remains {
    /// OPTIONS to the trunk, its name, the next midnight, the wallboards' second.
    std::size_t deadlines = 5;
    std::size_t client_transactions = 2;  ///< OPTIONS, the last of which may not be swept yet.
};

/// What one phone shows of the calls that we made to it.
struct PhoneView {
    std::size_t ringing = 0, talking = 0, any = 0;  ///< `any`: also what it has dialled.
};

class Checks {
public:
    explicit Checks(acd::Settings settings)
        : settings_{settings}, tally_{std::move(settings)}, phones_(settings_.devices.size()) {}

    /// Before a step: what the engine is given, and when that was received.
    void begin(const engine::Input& input, Instant received_at) {
        message_ = std::holds_alternative<engine::DatagramReceived>(input);
        ticked_ = std::holds_alternative<engine::Ticked>(input);
        received_at_ = received_at;
    }
    /// After every step of the engine, its effects performed.
    void step(const engine::Engine& engine, Instant now);
    /// After every step: who died now would be taken up again as it is.
    void journal(const engine::Engine& engine, const Journal& journal) const;
    /// Each row as it goes to the store. The same row may come again after a crash, unchanged.
    void row(const acd::LedgerRow& row);
    /// Each order to the media process, as it is carried out: nobody is heard by two.
    void media(const media::Order& order);
    /// Each picture for the wallboards, at the end of its step.
    void figures(const wallboard::Figures& shown,
                 const engine::Engine& engine,
                 const engine::WallboardSettings& settings,
                 Instant now);
    /// The process dies, and is there again with its first step done.
    void died(const engine::Engine& engine, Instant now);
    void rose(const engine::Engine& engine);
    /// The clock may show another day now: counters begin anew, and are not compared any more.
    void days_may_change() { one_day_ = false; }
    /// The next life drops that call.
    void let_go(CallId call) { before_.calls.erase(call); }
    /// Phone and floor may differ while messages are lost and repeated, but not for ever. A phone
    /// that was off may believe anything until it has been on, and idle, for as long.
    void phone(DeviceId device, const PhoneView& view, const engine::Engine& engine, Instant now);
    void phone_is_off(DeviceId device, Instant now) {
        phones_[device.value - 1].trusted = false;
        phones_[device.value - 1].off = now;
    }
    /// When everybody has gone home.
    void over(const engine::Engine& engine, const Journal& journal, const Remains& remains = {});

    struct Lane {
        bool caller = false;
        std::vector<acd::SegmentClosed> segments;
    };
    const std::map<acd::Uuid, Lane>& lanes() const { return lanes_; }
    /// Marks of one kind about who spoke, in order.
    std::vector<acd::MarkClosed> voices(std::string_view kind) const;
    std::uint64_t rows() const { return rows_.size(); }
    std::vector<acd::LedgerRow> all_rows() const;
    std::uint64_t hash() const;
    /// The kinds of the segments of the caller's lane that began n-th.
    std::vector<std::string> caller_kinds(std::size_t n = 0) const;

private:
    struct Phone {
        bool trusted = true;
        std::string differs;  ///< How it differs from the floor, in words.
        Instant since{}, off{};
    };
    /// What must outlive a crash.
    struct Before {
        Instant died{};
        std::map<CallId, acd::Call> calls;
        std::vector<std::vector<CallId>> waiting;  ///< By queue, in order.
    };

    void call(const acd::Call& call, Instant now);
    void overdue(std::string_view what, std::uint32_t id, Instant due, Instant now) const;
    void agents(const engine::Engine& engine, Instant now) const;
    void callers(const acd::Floor& floor) const;
    void places(const acd::Floor& floor) const;
    void caller_holds(const acd::Floor& floor);
    void segment(const acd::SegmentClosed& s);
    void follows(const Lane& lane, const acd::SegmentClosed& s) const;
    void lasts(const Lane& lane, const acd::SegmentClosed& s) const;
    void opened(const acd::Uuid& lane, Instant began);
    void mark(const acd::MarkClosed& mark);
    void silences() const;
    void shared_time() const;
    void counts(const acd::Floor& floor);
    void note_holds(const acd::Floor& floor);
    const acd::QueueSettings* queue(const std::string& name) const;

    acd::Settings settings_;
    Tally tally_;
    bool one_day_ = true;
    bool message_ = false, ticked_ = false;
    Instant received_at_{}, last_boundary_{};
    std::map<std::uint64_t, std::string> rows_;  // by number, encoded
    std::map<acd::Uuid, Lane> lanes_;
    std::map<acd::Uuid, Instant> opened_;
    std::set<acd::Uuid> gaps_;                     // lanes that were told that nobody looked
    std::map<acd::Uuid, Instant> held_by_caller_;  // since when, where no row says until when
    std::map<CallId, Instant> entered_;
    std::map<acd::Uuid, std::vector<acd::MarkClosed>> voices_;           // marks of who spoke
    std::map<std::pair<acd::Uuid, std::string>, Instant> marked_until_;  // by lane and kind
    std::map<MediaId, MediaId> heard_by_;  // whom each endpoint hears, by the one it hears
    std::vector<acd::Uuid> callers_;
    std::map<CallId, Instant> held_since_;  // of callers who hear music in a call
    std::vector<Phone> phones_;
    Instant unopened_since_ = never;  ///< That long some leg waits for its media.
    Before before_;
};

std::string name_of(const acd::Uuid& uuid);

}  // namespace holdfast::sim
