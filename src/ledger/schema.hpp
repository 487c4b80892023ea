// ledger/schema.hpp: the tables, and the way from each released version to the next. Version n is
// what `steps[0..n)` make; a database knows its own by PRAGMA user_version. README.md explains them
// to somebody who asks in SQL.
#pragma once
#include <array>
#include <string_view>

namespace holdfast::ledger {

inline constexpr std::array<const char*, 1> steps{
    R"sql(
    CREATE TABLE journey (
        row           INTEGER PRIMARY KEY,  -- one sequence over all tables of rows, without gaps
        journey       BLOB    NOT NULL UNIQUE,  -- RFC 9562 version 7: in order of time
        person        BLOB    NOT NULL,     -- hash of its line in person; empty: nothing is known
        dialled       TEXT    NOT NULL,     -- what the caller dialled; empty where outbound
        trunk         TEXT    NOT NULL,
        outbound      INTEGER NOT NULL,
        began_us      INTEGER NOT NULL,     -- CLOCK_BOOTTIME: for durations
        began_utc_us  INTEGER NOT NULL,     -- for people
        utc_offset_s  INTEGER NOT NULL,
        hash          BLOB    NOT NULL
    );

    CREATE TABLE shift (
        row           INTEGER PRIMARY KEY,
        shift         BLOB    NOT NULL UNIQUE,
        person        BLOB    NOT NULL,
        agent         TEXT    NOT NULL,     -- the agent's number
        phone         TEXT    NOT NULL,
        began_us      INTEGER NOT NULL,
        began_utc_us  INTEGER NOT NULL,
        utc_offset_s  INTEGER NOT NULL,
        hash          BLOB    NOT NULL
    );

    CREATE TABLE segment (
        row           INTEGER PRIMARY KEY,
        previous      INTEGER NOT NULL,     -- the row before it in its lane; 0 where there is none
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
        outcome       TEXT    NOT NULL,     -- of the lane, on its last segment; else empty
        hash          BLOB    NOT NULL
    );

    CREATE TABLE mark (
        row           INTEGER PRIMARY KEY,
        previous      INTEGER NOT NULL,
        lane          BLOB    NOT NULL,
        kind          TEXT    NOT NULL,     -- held_by_caller
        began_us      INTEGER NOT NULL,
        ended_us      INTEGER NOT NULL CHECK (ended_us >= began_us),
        hash          BLOB    NOT NULL
    );

    CREATE TABLE left_out (                 -- rows that never reached this ledger
        row           INTEGER PRIMARY KEY,
        last_row      INTEGER NOT NULL,
        hash          BLOB    NOT NULL
    );

    CREATE TABLE person (                   -- what an erasure deletes
        row           INTEGER PRIMARY KEY,  -- of the journey or shift
        salt          BLOB    NOT NULL,
        number        TEXT    NOT NULL,     -- of the caller; empty where withheld
        name          TEXT    NOT NULL,     -- of the caller, or the agent
        dialled       TEXT    NOT NULL      -- outbound: whom we called
    );

    CREATE TABLE open_lane (                -- lanes without an end, as of row head.lanes_at
        lane          BLOB    PRIMARY KEY,
        row           INTEGER NOT NULL      -- the last of the lane
    ) WITHOUT ROWID;

    CREATE TABLE head (                     -- one line: where everything ends
        id            INTEGER PRIMARY KEY CHECK (id = 1),
        first_row     INTEGER NOT NULL,     -- of this ledger; 0 where it is empty
        row           INTEGER NOT NULL,
        rows_hash     BLOB    NOT NULL,     -- over the hashes of all rows
        lanes_at      INTEGER NOT NULL,
        correction    INTEGER NOT NULL,     -- the last one; 0 where there is none
        correction_hash BLOB  NOT NULL,     -- its hash
        seal          INTEGER NOT NULL      -- the last one; 0 where there is none
    );
    INSERT INTO head VALUES (1, 0, 0, zeroblob(32), 0, 0, zeroblob(32), 0);

    CREATE TABLE correction (               -- what somebody has said about a row later
        number        INTEGER PRIMARY KEY,  -- from 1, without gaps
        row           INTEGER NOT NULL,
        field         TEXT    NOT NULL,     -- its column; person: it was erased
        value         TEXT    NOT NULL,     -- what holds instead
        author        TEXT    NOT NULL,
        reason        TEXT    NOT NULL,
        made_utc_us   INTEGER NOT NULL,
        hash          BLOB    NOT NULL
    );

    CREATE TABLE seal (
        number        INTEGER PRIMARY KEY,  -- from 1, without gaps
        first_row     INTEGER NOT NULL,     -- last_row + 1 where no row is new
        last_row      INTEGER NOT NULL,
        rows_hash     BLOB    NOT NULL,     -- of all rows up to there, as in head
        correction    INTEGER NOT NULL,     -- the last one then
        correction_hash BLOB  NOT NULL,
        sealed_utc_us INTEGER NOT NULL,
        public_key    BLOB    NOT NULL,     -- Ed25519
        hash          BLOB    NOT NULL,
        signature     BLOB    NOT NULL      -- over the hash
    );

    CREATE TRIGGER journey_never_changes BEFORE UPDATE ON journey
        BEGIN SELECT RAISE(ABORT, 'journeys are append-only'); END;
    CREATE TRIGGER journey_never_goes BEFORE DELETE ON journey
        BEGIN SELECT RAISE(ABORT, 'journeys are append-only'); END;
    CREATE TRIGGER shift_never_changes BEFORE UPDATE ON shift
        BEGIN SELECT RAISE(ABORT, 'shifts are append-only'); END;
    CREATE TRIGGER shift_never_goes BEFORE DELETE ON shift
        BEGIN SELECT RAISE(ABORT, 'shifts are append-only'); END;
    CREATE TRIGGER segment_never_changes BEFORE UPDATE ON segment
        BEGIN SELECT RAISE(ABORT, 'segments are append-only'); END;
    CREATE TRIGGER segment_never_goes BEFORE DELETE ON segment
        BEGIN SELECT RAISE(ABORT, 'segments are append-only'); END;
    CREATE TRIGGER mark_never_changes BEFORE UPDATE ON mark
        BEGIN SELECT RAISE(ABORT, 'marks are append-only'); END;
    CREATE TRIGGER mark_never_goes BEFORE DELETE ON mark
        BEGIN SELECT RAISE(ABORT, 'marks are append-only'); END;
    CREATE TRIGGER left_out_never_changes BEFORE UPDATE ON left_out
        BEGIN SELECT RAISE(ABORT, 'left_out is append-only'); END;
    CREATE TRIGGER left_out_never_goes BEFORE DELETE ON left_out
        BEGIN SELECT RAISE(ABORT, 'left_out is append-only'); END;
    CREATE TRIGGER correction_never_changes BEFORE UPDATE ON correction
        BEGIN SELECT RAISE(ABORT, 'corrections are append-only'); END;
    CREATE TRIGGER correction_never_goes BEFORE DELETE ON correction
        BEGIN SELECT RAISE(ABORT, 'corrections are append-only'); END;
    CREATE TRIGGER seal_never_changes BEFORE UPDATE ON seal
        BEGIN SELECT RAISE(ABORT, 'seals are append-only'); END;
    CREATE TRIGGER seal_never_goes BEFORE DELETE ON seal
        BEGIN SELECT RAISE(ABORT, 'seals are append-only'); END;
    CREATE TRIGGER person_goes_by_erasure BEFORE DELETE ON person
        WHEN NOT EXISTS (SELECT 1 FROM correction WHERE row = OLD.row AND field = 'person')
        BEGIN SELECT RAISE(ABORT, 'persons are only erased, by holdfast ledger erase'); END;
    CREATE TRIGGER person_never_changes BEFORE UPDATE ON person
        BEGIN SELECT RAISE(ABORT, 'persons are only erased, by holdfast ledger erase'); END;

    CREATE VIEW segment_for_people AS
        SELECT row, lane_kind, hex(lane) AS lane, number, kind, agent, queue, reason,
               strftime('%Y-%m-%d %H:%M:%f', began_utc_us / 1e6 + utc_offset_s, 'unixepoch')
                   AS began_local,
               (ended_us - began_us) / 1e6 AS seconds, ended_by, outcome
        FROM segment;
    )sql"};

inline constexpr int schema_version = static_cast<int>(steps.size());

}  // namespace holdfast::ledger
