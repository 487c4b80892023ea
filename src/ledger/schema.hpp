// ledger/schema.hpp: the tables, and the way from each released version to the next. Version n is
// what `steps[0..n)` make; a database knows its own by PRAGMA user_version.
#pragma once
#include <array>
#include <string_view>

namespace holdfast::ledger {

inline constexpr std::array<const char*, 1> steps{
    R"sql(
    CREATE TABLE journey (
        journey       BLOB    PRIMARY KEY,  -- RFC 9562 version 7: in order of time
        row           INTEGER NOT NULL,
        caller_number TEXT    NOT NULL,     -- empty where withheld or erased
        caller_name   TEXT    NOT NULL,
        dialled       TEXT    NOT NULL,
        trunk         TEXT    NOT NULL,
        outbound      INTEGER NOT NULL,
        began_us      INTEGER NOT NULL,     -- CLOCK_BOOTTIME: for durations
        began_utc_us  INTEGER NOT NULL,     -- for people
        utc_offset_s  INTEGER NOT NULL
    ) WITHOUT ROWID;

    CREATE TABLE shift (
        shift         BLOB    PRIMARY KEY,
        row           INTEGER NOT NULL,
        agent         TEXT    NOT NULL,
        agent_name    TEXT    NOT NULL,
        phone         TEXT    NOT NULL,
        began_us      INTEGER NOT NULL,
        began_utc_us  INTEGER NOT NULL,
        utc_offset_s  INTEGER NOT NULL
    ) WITHOUT ROWID;

    CREATE TABLE segment (
        row           INTEGER PRIMARY KEY,  -- one sequence over all tables, without gaps
        lane_kind     TEXT    NOT NULL CHECK (lane_kind IN ('caller', 'agent')),
        lane          BLOB    NOT NULL,     -- the journey, or the shift
        number        INTEGER NOT NULL,     -- in its lane, from 1
        kind          TEXT    NOT NULL,     -- queued, talking, wrapping...
        ended_by      TEXT    NOT NULL,     -- the event that cut it: agent_answered, wrap_limit...
        journey       BLOB    NOT NULL,     -- agent's lane: whose call it was; empty where none
        agent         TEXT    NOT NULL,
        queue         TEXT    NOT NULL,
        reason        TEXT    NOT NULL,     -- of not_ready
        began_us      INTEGER NOT NULL,
        ended_us      INTEGER NOT NULL CHECK (ended_us >= began_us),
        began_utc_us  INTEGER NOT NULL,
        utc_offset_s  INTEGER NOT NULL,
        sip_status    INTEGER NOT NULL,
        outcome       TEXT    NOT NULL      -- of the lane, on its last segment; else empty
    );

    CREATE TABLE mark (
        row           INTEGER PRIMARY KEY,
        lane          BLOB    NOT NULL,
        kind          TEXT    NOT NULL,     -- held_by_caller
        began_us      INTEGER NOT NULL,
        ended_us      INTEGER NOT NULL CHECK (ended_us >= began_us)
    );

    CREATE TRIGGER segment_never_changes BEFORE UPDATE ON segment
        BEGIN SELECT RAISE(ABORT, 'segments are append-only'); END;
    CREATE TRIGGER segment_never_goes BEFORE DELETE ON segment
        BEGIN SELECT RAISE(ABORT, 'segments are append-only'); END;
    CREATE TRIGGER mark_never_changes BEFORE UPDATE ON mark
        BEGIN SELECT RAISE(ABORT, 'marks are append-only'); END;
    CREATE TRIGGER mark_never_goes BEFORE DELETE ON mark
        BEGIN SELECT RAISE(ABORT, 'marks are append-only'); END;

    CREATE VIEW segment_for_people AS
        SELECT row, lane_kind, hex(lane) AS lane, number, kind, agent, queue, reason,
               strftime('%Y-%m-%d %H:%M:%f', began_utc_us / 1e6 + utc_offset_s, 'unixepoch')
                   AS began_local,
               (ended_us - began_us) / 1e6 AS seconds, ended_by, outcome
        FROM segment;
    )sql"};

inline constexpr int schema_version = static_cast<int>(steps.size());

}  // namespace holdfast::ledger
