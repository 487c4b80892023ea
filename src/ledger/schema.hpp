// ledger/schema.hpp: the tables, and the way from each released version to the next. Version n is
// what `steps[0..n)` make; a database knows its own by PRAGMA user_version. README.md explains them
// to somebody who asks in SQL.
#pragma once
#include <array>
#include <string_view>

namespace holdfast::ledger {

inline constexpr std::array<const char*, 3> steps{
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

    CREATE INDEX correction_of_row ON correction (row);

    -- Segments as they are corrected: the last correction of a field holds.
    CREATE VIEW segment_corrected AS
        SELECT row, lane_kind, lane, number,
               coalesce((SELECT value FROM correction AS c WHERE c.row = s.row AND field = 'kind'
                         ORDER BY c.number DESC LIMIT 1), kind) AS kind,
               coalesce((SELECT value FROM correction AS c WHERE c.row = s.row
                         AND field = 'ended_by' ORDER BY c.number DESC LIMIT 1), ended_by)
                   AS ended_by,
               journey,
               coalesce((SELECT value FROM correction AS c WHERE c.row = s.row AND field = 'agent'
                         ORDER BY c.number DESC LIMIT 1), agent) AS agent,
               coalesce((SELECT value FROM correction AS c WHERE c.row = s.row AND field = 'queue'
                         ORDER BY c.number DESC LIMIT 1), queue) AS queue,
               coalesce((SELECT value FROM correction AS c WHERE c.row = s.row AND field = 'reason'
                         ORDER BY c.number DESC LIMIT 1), reason) AS reason,
               began_us, ended_us, began_utc_us, utc_offset_s, sip_status,
               coalesce((SELECT value FROM correction AS c WHERE c.row = s.row
                         AND field = 'outcome' ORDER BY c.number DESC LIMIT 1), outcome) AS outcome
        FROM segment AS s;

    CREATE VIEW segment_for_people AS
        SELECT row, lane_kind, lower(hex(lane)) AS lane, number, kind, agent, queue, reason,
               strftime('%Y-%m-%d %H:%M:%f', began_utc_us / 1e6 + utc_offset_s, 'unixepoch')
                   AS began_local,
               (ended_us - began_us) / 1e6 AS seconds, ended_by, outcome
        FROM segment_corrected;

    -- Who logged in, where and when.
    CREATE VIEW agent_shift AS
        SELECT lower(hex(shift)) AS shift, row, agent, coalesce(name, '') AS name, phone,
               strftime('%Y-%m-%d %H:%M:%f', began_utc_us / 1e6 + utc_offset_s, 'unixepoch')
                   AS began_local
        FROM shift LEFT JOIN person USING (row);

    -- Every journey. It has its totals in call_total, which read all segments.
    CREATE VIEW call AS
        SELECT lower(hex(journey)) AS journey, row,
               strftime('%Y-%m-%d %H:%M:%f', began_utc_us / 1e6 + utc_offset_s, 'unixepoch')
                   AS began_local,
               coalesce(number, '') AS caller_number, coalesce(name, '') AS caller_name,
               CASE outbound WHEN 0 THEN j.dialled ELSE coalesce(p.dialled, '') END AS dialled,
               trunk, outbound, person <> x'' AND p.row IS NULL AS erased
        FROM journey AS j LEFT JOIN person AS p USING (row);

    CREATE VIEW call_total AS
        SELECT lower(hex(lane)) AS journey,
               date(min(began_utc_us) / 1e6 + utc_offset_s, 'unixepoch') AS day,
               max(queue) AS queue,
               max(CASE WHEN kind IN ('talking', 'held') THEN agent END) AS agent,
               sum((ended_us - began_us) * (kind IN ('queued', 'ringing', 'announced'))) / 1e6
                   AS waited_s,
               sum((ended_us - began_us) * (kind = 'talking')) / 1e6 AS talked_s,
               sum((ended_us - began_us) * (kind = 'held')) / 1e6 AS held_s,
               sum(ended_us - began_us) / 1e6 AS length_s,
               max(outcome) AS outcome
        FROM segment_corrected WHERE lane_kind = 'caller' GROUP BY lane;

    -- Each stretch of waiting: queue and ringing of one caller, up to the answer or the end.
    CREATE VIEW wait AS
        SELECT lower(hex(lane)) AS journey, queue,
               strftime('%Y-%m-%d %H:%M:%f', began_utc_us / 1e6 + utc_offset_s, 'unixepoch')
                   AS began_local,
               kind, (ended_us - began_us) / 1e6 AS seconds, ended_by, outcome, row
        FROM segment_corrected WHERE lane_kind = 'caller' AND kind IN ('queued', 'ringing');

    CREATE VIEW queue_day AS
        SELECT day, queue, count(*) AS calls, sum(agent IS NOT NULL) AS answered,
               sum(outcome IN ('abandoned', 'short_abandoned') AND agent IS NULL) AS abandoned,
               round(avg(CASE WHEN agent IS NOT NULL THEN waited_s END), 1) AS mean_wait_answered_s,
               max(waited_s) AS longest_wait_s,
               round(avg(CASE WHEN agent IS NOT NULL THEN talked_s + held_s END), 1)
                   AS mean_talk_and_hold_s
        FROM call_total WHERE queue <> '' AND outcome <> '' GROUP BY day, queue;

    -- Segments of calls that began today, by the machine's local time. A seal of the day before
    -- tells at which row to begin, so that years of rows are not read.
    CREATE VIEW segment_today AS
        SELECT * FROM segment_corrected
        WHERE row > coalesce((SELECT last_row FROM seal
                              WHERE sealed_utc_us < 1000000 *
                                  strftime('%s', 'now', 'localtime', 'start of day', 'utc')
                              ORDER BY seal.number DESC LIMIT 1), 0)
          AND date(began_utc_us / 1e6, 'unixepoch', 'localtime') = date('now', 'localtime');

    CREATE VIEW queue_today AS
        SELECT queue, count(*) AS calls, sum(agent IS NOT NULL) AS answered,
               sum(outcome IN ('abandoned', 'short_abandoned') AND agent IS NULL) AS abandoned,
               sum(outcome = '') AS going_on,
               round(avg(CASE WHEN agent IS NOT NULL THEN waited_s END), 1) AS mean_wait_answered_s,
               max(waited_s) AS longest_wait_s
        FROM (SELECT max(queue) AS queue, max(outcome) AS outcome,
                     max(CASE WHEN kind IN ('talking', 'held') THEN agent END) AS agent,
                     sum((ended_us - began_us) * (kind IN ('queued', 'ringing', 'announced'))) / 1e6
                         AS waited_s
              FROM segment_today WHERE lane_kind = 'caller' GROUP BY lane HAVING min(number) = 1)
        WHERE queue <> '' GROUP BY queue;

    CREATE VIEW agent_day AS
        SELECT date(began_utc_us / 1e6 + utc_offset_s, 'unixepoch') AS day, agent,
               count(DISTINCT CASE WHEN kind IN ('talking', 'held') THEN journey END) AS calls,
               sum(ended_us - began_us) / 1e6 AS logged_in_s,
               sum((ended_us - began_us) * (kind = 'ready')) / 1e6 AS ready_s,
               sum((ended_us - began_us) * (kind IN ('reserved', 'ringing'))) / 1e6 AS ringing_s,
               sum((ended_us - began_us) * (kind = 'talking')) / 1e6 AS talking_s,
               sum((ended_us - began_us) * (kind = 'held')) / 1e6 AS held_s,
               sum((ended_us - began_us) * (kind = 'wrapping')) / 1e6 AS wrapping_s,
               sum((ended_us - began_us) * (kind = 'not_ready')) / 1e6 AS not_ready_s
        FROM segment_corrected WHERE lane_kind = 'agent' GROUP BY day, agent;
    )sql",
    // Rows up to `cut` were kept for as long as the settings say: they may be deleted.
    R"sql(
    ALTER TABLE head ADD COLUMN cut INTEGER NOT NULL DEFAULT 0;
    DROP TRIGGER journey_never_goes;
    CREATE TRIGGER journey_never_goes BEFORE DELETE ON journey
        WHEN OLD.row > (SELECT cut FROM head)
        BEGIN SELECT RAISE(ABORT, 'journeys are append-only'); END;
    DROP TRIGGER shift_never_goes;
    CREATE TRIGGER shift_never_goes BEFORE DELETE ON shift
        WHEN OLD.row > (SELECT cut FROM head)
        BEGIN SELECT RAISE(ABORT, 'shifts are append-only'); END;
    DROP TRIGGER segment_never_goes;
    CREATE TRIGGER segment_never_goes BEFORE DELETE ON segment
        WHEN OLD.row > (SELECT cut FROM head)
        BEGIN SELECT RAISE(ABORT, 'segments are append-only'); END;
    DROP TRIGGER mark_never_goes;
    CREATE TRIGGER mark_never_goes BEFORE DELETE ON mark
        WHEN OLD.row > (SELECT cut FROM head)
        BEGIN SELECT RAISE(ABORT, 'marks are append-only'); END;
    DROP TRIGGER left_out_never_goes;
    CREATE TRIGGER left_out_never_goes BEFORE DELETE ON left_out
        WHEN OLD.row > (SELECT cut FROM head)
        BEGIN SELECT RAISE(ABORT, 'left_out is append-only'); END;
    DROP TRIGGER person_goes_by_erasure;
    CREATE TRIGGER person_goes_by_erasure BEFORE DELETE ON person
        WHEN OLD.row > (SELECT cut FROM head)
            AND NOT EXISTS (SELECT 1 FROM correction WHERE row = OLD.row AND field = 'person')
        BEGIN SELECT RAISE(ABORT, 'persons are only erased, by holdfast ledger erase'); END;
    )sql",
    // How many digits of a caller were kept from everybody; NULL on all other marks.
    R"sql(
    ALTER TABLE mark ADD COLUMN digits INTEGER;
    )sql"};

inline constexpr int schema_version = static_cast<int>(steps.size());

}  // namespace holdfast::ledger
