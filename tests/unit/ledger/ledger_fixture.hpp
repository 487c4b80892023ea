// A database in a folder of its own, and a call.
#pragma once
#include "ledger/ledger.hpp"
#include "support/folder.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace holdfast::ledger {

/// A database of its own for each test.
struct LedgerFile {
    test::Folder folder;
    std::string path = folder / "ledger.db";
    void exec(const std::string& sql) const {
        SQLite::Database{path, SQLite::OPEN_READWRITE}.exec(sql);
    }
    /// As somebody who takes the triggers away and puts them back.
    void damage(const std::string& sql) const {
        SQLite::Database db{path, SQLite::OPEN_READWRITE};
        db.exec("PRAGMA ignore_check_constraints = ON");
        std::vector<std::string> triggers;
        SQLite::Statement found{db, "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"};
        std::string drop;
        while (found.executeStep()) {
            drop += "DROP TRIGGER " + found.getColumn(0).getString() + ";";
            triggers.push_back(found.getColumn(1).getString());
        }
        found.reset();
        db.exec(drop);
        db.exec(sql);
        for (const auto& trigger : triggers)
            db.exec(trigger);
    }
};

inline Instant at(int s) {
    return Instant{std::chrono::seconds{s}};
}

inline acd::LedgerRow segment(std::uint64_t row,
                              acd::LaneKind kind,
                              std::uint8_t lane,
                              std::uint32_t number,
                              const char* state,
                              int began,
                              int ended,
                              bool last = false) {
    acd::SegmentClosed s;
    s.lane_kind = kind;
    s.lane[0] = lane;
    s.journey[0] = 1;
    s.number = number;
    s.kind = state;
    s.ended_by = "caller_left";
    s.agent = "2101";
    s.queue = "support";
    s.began = at(began);
    s.ended = at(ended);
    s.outcome = last ? acd::Outcome::completed : acd::Outcome::none;
    return {row, s};
}

/// A caller's journey of three segments, and the shift of the agent who took it.
inline std::vector<acd::LedgerRow> one_call() {
    using enum acd::LaneKind;
    acd::JourneyOpened journey;
    journey.journey[0] = 1;
    journey.caller_number = "+49300";
    acd::ShiftOpened shift;
    shift.shift[0] = 2;
    return {{1, journey},
            {2, shift},
            segment(3, caller, 1, 1, "queued", 10, 20),
            segment(4, agent, 2, 1, "ready", 5, 20),
            segment(5, caller, 1, 2, "talking", 20, 50),
            segment(6, agent, 2, 2, "talking", 20, 50),
            {7, acd::MarkClosed{{1}, "held_by_caller", at(21), at(22)}},
            segment(8, agent, 2, 3, "held", 50, 60),
            segment(9, caller, 1, 3, "held", 50, 60, true)};
}

}  // namespace holdfast::ledger
