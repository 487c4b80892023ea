// A ledger made row by row, with the clock of Berlin in 2026.
#pragma once
#include "ledger/ledger.hpp"
#include "ledger/report_indexes.hpp"
#include "report/figures.hpp"
#include "report/report.hpp"
#include "support/folder.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <catch2/catch.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace holdfast::test {

using namespace std::chrono;

/// UTC.
inline WallInstant utc(int month, int day, int hour = 0, int minute = 0, int second = 0) {
    const sys_days date{year{2026} / month / day};
    return WallInstant{date.time_since_epoch()} + hours{hour} + minutes{minute} + seconds{second};
}

/// Summer time from 29 March to 25 October 2026, 01:00 UTC.
inline seconds berlin(WallInstant at) {
    return at >= utc(3, 29, 1) && at < utc(10, 25, 1) ? hours{2} : hours{1};
}

inline report::Day local_day(int month, int day_of_month) {
    return report::Day{year{2026} / month / day_of_month};
}

class LedgerFile;

/// One caller or one agent, whose segments follow each other.
class LaneWriter {
public:
    LaneWriter(LedgerFile& file, acd::LaneKind kind, acd::Uuid id, WallInstant began)
        : file_{file}, kind_{kind}, id_{id}, now_{began} {}

    std::string queue, agent, reason;

    LaneWriter& stay(const char* state,
                     Micros length,
                     const char* ended_by,
                     acd::Outcome outcome = acd::Outcome::none);
    LaneWriter& at(std::string who) {
        agent = std::move(who);
        return *this;
    }
    LaneWriter& in(std::string where) {
        queue = std::move(where);
        return *this;
    }
    LaneWriter& because(std::string why) {
        reason = std::move(why);
        return *this;
    }
    WallInstant now() const { return now_; }
    acd::Uuid id() const { return id_; }

private:
    LedgerFile& file_;
    acd::LaneKind kind_;
    acd::Uuid id_;
    WallInstant now_;
    std::uint32_t number_ = 0;
};

class LedgerFile {
public:
    LaneWriter caller(WallInstant at, std::string queue, std::string number = "030123") {
        acd::JourneyOpened row;
        row.journey = new_id(at);
        row.caller_number = std::move(number);
        row.stamp = stamp(at);
        add(row);
        LaneWriter lane{*this, acd::LaneKind::caller, row.journey, at};
        lane.queue = std::move(queue);
        return lane;
    }
    /// Came into the queue at that instant and waited for `wait` there.
    LaneWriter waited(WallInstant at, Micros wait, const char* ended_by, acd::Outcome outcome) {
        auto lane = caller(at, "support");
        lane.stay("setup", 0s, "queue_entered").stay("queued", wait, ended_by, outcome);
        return lane;
    }
    LaneWriter answered(WallInstant at, Micros wait, Micros talk) {
        auto lane = waited(at, wait, "offer_made", acd::Outcome::none);
        lane.at("101").stay("ringing", 0s, "agent_answered");
        lane.stay("talking", talk, "caller_left", acd::Outcome::completed);
        return lane;
    }
    LaneWriter abandoned(WallInstant at, Micros wait) {
        return waited(at, wait, "caller_left", acd::Outcome::abandoned);
    }
    LaneWriter outbound(WallInstant at, std::string agent) {
        acd::JourneyOpened row;
        row.journey = new_id(at);
        row.outbound = true;
        row.stamp = stamp(at);
        add(row);
        LaneWriter lane{*this, acd::LaneKind::caller, row.journey, at};
        lane.agent = std::move(agent);
        return lane;
    }
    LaneWriter shift(WallInstant at, std::string agent) {
        acd::ShiftOpened row;
        row.shift = new_id(at);
        row.agent_number = agent;
        row.stamp = stamp(at);
        add(row);
        LaneWriter lane{*this, acd::LaneKind::agent, row.shift, at};
        lane.agent = std::move(agent);
        return lane;
    }
    template <class What>
    void add(What what) {
        rows_.push_back({rows_.size() + 1, std::move(what)});
    }
    static acd::Stamp stamp(WallInstant at) {
        return {at, static_cast<std::int32_t>(berlin(at).count())};
    }

    /// Writes what was added; with the reports' indexes unless told otherwise.
    void save(bool indexes = true) {
        auto ledger = ledger::Ledger::open(path());
        REQUIRE(ledger);
        REQUIRE(ledger->write(rows_));
        if (indexes)
            SQLite::Database{path(), SQLite::OPEN_READWRITE}.exec(ledger::report_indexes_sql);
    }
    std::string path() const { return folder_ / "ledger.db"; }

    report::Report report(const report::Question& question = {}) const {
        auto report = report::make_report(path(), question);
        INFO((report ? "" : report.error()));
        REQUIRE(report);
        return *std::move(report);
    }
    report::Report report(report::Day from, report::Day to, minutes every = hours{24}) const {
        report::Question question;
        question.from = from;
        question.to = to;
        question.every = every;
        return report(question);
    }

private:
    /// RFC 9562 version 7, but for the randomness.
    acd::Uuid new_id(WallInstant at) {
        const auto ms = static_cast<std::uint64_t>(at.time_since_epoch().count() / 1000);
        acd::Uuid id{};
        for (std::size_t i = 0; i < 6; ++i)
            id[i] = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
        id[6] = 0x70;
        ++ids_;
        for (std::size_t i = 0; i < 4; ++i)
            id[12 + i] = static_cast<std::uint8_t>(ids_ >> (24 - 8 * i));
        return id;
    }

    Folder folder_;
    std::vector<acd::LedgerRow> rows_;
    std::uint32_t ids_ = 0;
};

inline LaneWriter& LaneWriter::stay(const char* state,
                                    Micros length,
                                    const char* ended_by,
                                    acd::Outcome outcome) {
    acd::SegmentClosed row;
    row.lane_kind = kind_;
    row.lane = id_;
    row.number = ++number_;
    row.kind = state;
    row.ended_by = ended_by;
    row.agent = agent;
    row.queue = queue;
    row.reason = reason;
    row.began = Instant{now_.time_since_epoch()};
    row.ended = row.began + length;
    row.stamp = LedgerFile::stamp(now_);
    row.outcome = outcome;
    now_ += length;
    file_.add(row);
    return *this;
}

inline const report::Subject& subject(const report::Report& report,
                                      report::Subject::Kind kind,
                                      const std::string& name = "") {
    for (const auto& subject : report.subjects)
        if (subject.kind == kind && subject.name == name) return subject;
    throw std::runtime_error{"no such subject: " + name};
}

/// The figure as programs get it: "0.700000", "-", "not measured".
inline std::string figure(const report::Report& report,
                          const std::string& id,
                          report::Subject::Kind kind = report::Subject::Kind::all,
                          const std::string& name = "") {
    for (const auto& f : report::figures())
        if (f.id == id)
            return exact_text(
                f.unit, value_of(f, report, kind, subject(report, kind, name).total, hours{24}));
    throw std::runtime_error{"no such figure: " + id};
}

}  // namespace holdfast::test
