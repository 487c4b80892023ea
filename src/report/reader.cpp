#include "report/reader.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace holdfast::report {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

#define HOLDFAST_ROW_COLUMNS                                                                \
    "SELECT lane, number, lane_kind, kind, ended_by, outcome, agent, queue, reason, "       \
    "began_utc_us, ended_us - began_us, row, CASE WHEN kind = 'setup' AND queue = '' THEN " \
    "(SELECT outbound FROM journey WHERE journey.journey = segment.lane) END, began_us "    \
    "FROM segment "

/// Rows are found by number, so they come in the order in which they were written.
constexpr char day_sql[] = HOLDFAST_ROW_COLUMNS R"sql(
    WHERE row IN (
        SELECT row FROM segment WHERE began_utc_us >= ?1 AND began_utc_us < ?2
        UNION
        SELECT row FROM segment WHERE ended_us - began_us >= 3600000000
            AND began_utc_us + (ended_us - began_us) >= ?3 AND began_utc_us < ?1))sql";
constexpr char stretch_sql[] = HOLDFAST_ROW_COLUMNS R"sql(
    WHERE row IN (SELECT row FROM segment WHERE began_utc_us >= ?1 AND began_utc_us < ?2))sql";

// A mark is written before the segment that it lies in, and after the one before it in its lane.
constexpr char marks_sql[] = R"sql(
    SELECT lane, kind, began_us, ended_us - began_us FROM mark
    WHERE row BETWEEN ?1 AND ?2 AND kind IN ('voice_measured', 'dead_air', 'customer_working',
                                             'muted', 'mute_unseen')
    ORDER BY row)sql";

constexpr char last_segment_sql[] = R"sql(
    SELECT began_utc_us + (ended_us - began_us) FROM segment ORDER BY row DESC LIMIT 1)sql";

constexpr char last_segment_before_sql[] = R"sql(
    SELECT began_utc_us, utc_offset_s FROM segment WHERE began_utc_us <= ?1
    ORDER BY began_utc_us DESC LIMIT 1)sql";
constexpr char first_segment_from_sql[] = R"sql(
    SELECT began_utc_us, utc_offset_s FROM segment WHERE began_utc_us >= ?1
    ORDER BY began_utc_us LIMIT 1)sql";
// Without the index: journeys, whose ids are in the order of time.
constexpr char last_journey_before_sql[] = R"sql(
    SELECT began_utc_us, utc_offset_s FROM journey WHERE journey < ?1
    ORDER BY journey DESC LIMIT 1)sql";
constexpr char first_journey_from_sql[] = R"sql(
    SELECT began_utc_us, utc_offset_s FROM journey WHERE journey >= ?1
    ORDER BY journey LIMIT 1)sql";

// Erased persons are missing in their table; in ledgers without it they have an empty number.
constexpr char arrivals_with_persons_sql[] = R"sql(
    SELECT journey, number, began_utc_us FROM journey JOIN person USING (row)
    WHERE journey >= ?1 AND journey < ?2 AND outbound = 0 AND number <> ''
    ORDER BY journey)sql";
constexpr char arrivals_alone_sql[] = R"sql(
    SELECT journey, caller_number, began_utc_us FROM journey
    WHERE journey >= ?1 AND journey < ?2 AND outbound = 0 AND caller_number <> ''
    ORDER BY journey)sql";

/// Only segments of an hour are looked for further back: by their end.
constexpr hours near{1};
/// How far from the interval a caller's other segments are looked for, step by step. A call of more
/// than a day is cut there.
constexpr std::array<hours, 4> reach{near, hours{4}, hours{12}, hours{24}};

/// RFC 9562 5.7: 48 bits of Unix milliseconds come first.
Uuid least_id_from(WallInstant at) {
    const auto ms =
        static_cast<std::uint64_t>(std::max<std::int64_t>(0, at.time_since_epoch().count() / 1000));
    Uuid id{};
    for (std::size_t i = 0; i < 6; ++i)
        id[i] = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
    return id;
}

void put(SQLite::Statement& statement, int at, WallInstant wall) {
    statement.bind(at, wall.time_since_epoch().count());
}

void put(SQLite::Statement& statement, int at, const Uuid& id) {
    statement.bind(at, id.data(), static_cast<int>(id.size()));
}

Uuid uuid_of(const SQLite::Column& column) {
    Uuid id{};
    const auto bytes = static_cast<std::size_t>(column.getBytes());
    if (bytes > 0) std::memcpy(id.data(), column.getBlob(), std::min(bytes, id.size()));
    return id;
}

std::string_view text_of(const SQLite::Column& column) {
    const char* const text = column.getText();
    return {text, static_cast<std::size_t>(column.getBytes())};
}

Outcome outcome_of(std::string_view word) {
    return word.empty() ? Outcome::none : word_of<Outcome>(word);
}

WallInstant wall_of(const SQLite::Column& column) {
    return WallInstant{Micros{column.getInt64()}};
}

}  // namespace

Reader::Reader(const std::string& path)
    : db_{path, SQLite::OPEN_READONLY | SQLite::OPEN_NOMUTEX, 2000}, snapshot_{db_} {
    const auto count = [&](const char* sql) { return db_.execAndGet(sql).getInt(); };
    has_index_ = count("SELECT count(*) FROM sqlite_master WHERE name = 'segment_by_time'") > 0;
    if (db_.tableExists("person"))
        arrivals_sql_ = arrivals_with_persons_sql;
    else if (count("SELECT count(*) FROM pragma_table_info('journey') "
                   "WHERE name = 'caller_number'") > 0)
        arrivals_sql_ = arrivals_alone_sql;
    has_marks_ = db_.tableExists("mark");
    if (db_.tableExists("correction")) read_corrections();
    if (db_.tableExists("mark")) read_degraded();
}

/// All of them: there are as many as lanes went on at each death of the daemon.
void Reader::read_degraded() {
    SQLite::Statement statement{
        db_, "SELECT lane, began_us, ended_us FROM mark WHERE kind = 'degraded'"};
    while (statement.executeStep())
        degraded_.emplace(uuid_of(statement.getColumn(0)),
                          Mark{Instant{Micros{statement.getColumn(1).getInt64()}},
                               Instant{Micros{statement.getColumn(2).getInt64()}}});
}

void Reader::read_corrections() {
    SQLite::Statement statement{db_, "SELECT row, field, value FROM correction ORDER BY number"};
    while (statement.executeStep())
        corrections_[statement.getColumn(0).getInt64()].push_back(
            {statement.getColumn(1).getString(), statement.getColumn(2).getString()});
}

/// In the order in which they were made: the last one of a field holds.
void Reader::correct(std::int64_t number, Row& row) {
    const auto found = corrections_.find(number);
    if (found == corrections_.end()) return;
    for (const auto& [field, value] : found->second) {
        if (field == "kind") row.kind = word_of<Kind>(value);
        if (field == "ended_by") row.cut = word_of<Cut>(value);
        if (field == "outcome") row.outcome = outcome_of(value);
        if (field == "agent") row.agent = names.number_of(value);
        if (field == "queue") row.queue = names.number_of(value);
        if (field == "reason") row.reason = names.number_of(value);
    }
    corrected_.insert(number);
}

bool Reader::is_ledger() const {
    return db_.tableExists("segment") && db_.tableExists("journey");
}

std::optional<WallInstant> Reader::last_moment() {
    SQLite::Statement statement{db_, last_segment_sql};
    if (!statement.executeStep()) return std::nullopt;
    return wall_of(statement.getColumn(0));
}

std::optional<Reader::Seen> Reader::seen(const char* sql, WallInstant at) {
    SQLite::Statement statement{db_, sql};
    if (has_index_)
        put(statement, 1, at);
    else
        put(statement, 1, least_id_from(at + std::chrono::milliseconds{1}));
    if (!statement.executeStep()) return std::nullopt;
    return Seen{wall_of(statement.getColumn(0)), seconds{statement.getColumn(1).getInt()}};
}

std::optional<Reader::Seen> Reader::last_before(WallInstant at) {
    return seen(has_index_ ? last_segment_before_sql : last_journey_before_sql, at);
}

std::optional<Reader::Seen> Reader::first_from(WallInstant at) {
    return seen(has_index_ ? first_segment_from_sql : first_journey_from_sql, at);
}

/// Between two rows of different offsets: halves the time between them until no row is left there.
OffsetChange Reader::change_between(Seen before, Seen after) {
    WallInstant low = before.at;
    while (after.at - low > Micros{1}) {
        const WallInstant middle = low + (after.at - low) / 2;
        const auto row = last_before(middle);
        if (!row || row->at <= before.at || row->offset == before.offset) {
            if (row && row->at > before.at) before = *row;
            low = middle;
        } else {
            after = *row;
        }
    }
    return {likely_change(before.at, after.at, before.offset, after.offset), after.offset};
}

Calendar Reader::calendar(WallInstant from, WallInstant to) {
    constexpr hours step{6};  // no zone changes its clock twice in that time
    auto now = last_before(from);
    if (!now) now = first_from(from);
    if (!now) return Calendar{{}};
    std::vector<OffsetChange> changes{{from, now->offset}};
    for (WallInstant at = from; at < to;) {
        at += step;
        const auto row = last_before(at);
        if (!row || row->at <= now->at) continue;
        if (row->offset != now->offset) changes.push_back(change_between(*now, *row));
        now = row;
    }
    return Calendar{std::move(changes)};
}

Batch Reader::read(Interval interval) {
    Batch batch;
    SQLite::Statement statement{db_, day_sql};
    put(statement, 1, interval.begin - near);
    put(statement, 2, interval.end + near);
    put(statement, 3, interval.begin);
    take_rows(statement, batch, nullptr);
    batch.sort();
    widen(batch, interval);
    if (has_marks_) take_marks(batch);
    return batch;
}

/// Looks further around for the missing segments of callers who were there in the interval.
void Reader::widen(Batch& batch, Interval interval) {
    SQLite::Statement statement{db_, stretch_sql};
    for (std::size_t i = 1; i < reach.size(); ++i) {
        const auto [headless, open] = unfinished(batch, interval);
        if (headless.empty() && open.empty()) return;
        const auto look = [&](const Lanes& lanes, Interval stretch) {
            if (lanes.empty()) return;
            put(statement, 1, stretch.begin);
            put(statement, 2, stretch.end);
            take_rows(statement, batch, &lanes);
            statement.reset();
        };
        look(headless, {interval.begin - reach[i], interval.begin - reach[i - 1]});
        look(open, {interval.end + reach[i - 1], interval.end + reach[i]});
        batch.sort();  // some were found by their end before
    }
}

Reader::Unfinished Reader::unfinished(const Batch& batch, Interval interval) {
    Unfinished lanes;
    for (auto row = batch.rows.begin(); row != batch.rows.end();) {
        const auto next =
            std::find_if(row, batch.rows.end(), [&](const Row& r) { return r.lane != row->lane; });
        const Row& last = *std::prev(next);
        const bool there = row->began < interval.end && last.ended() >= interval.begin;
        if (row->caller && there && row->number != 1) lanes.headless.insert(row->lane);
        if (row->caller && there && last.outcome == Outcome::none) lanes.open.insert(row->lane);
        row = next;
    }
    return lanes;
}

void Reader::take_rows(SQLite::Statement& statement, Batch& batch, const Lanes* only) {
    while (statement.executeStep()) {
        Row row;
        row.lane = batch.lane_of(uuid_of(statement.getColumn(0)));
        if (only != nullptr && !only->contains(row.lane)) continue;
        row.number = statement.getColumn(1).getUInt();
        row.caller = text_of(statement.getColumn(2)) == "caller";
        row.kind = word_of<Kind>(text_of(statement.getColumn(3)));
        row.cut = word_of<Cut>(text_of(statement.getColumn(4)));
        row.outcome = outcome_of(text_of(statement.getColumn(5)));
        row.agent = names.number_of(text_of(statement.getColumn(6)));
        row.queue = names.number_of(text_of(statement.getColumn(7)));
        row.reason = names.number_of(text_of(statement.getColumn(8)));
        row.began = wall_of(statement.getColumn(9));
        row.length = Micros{statement.getColumn(10).getInt64()};
        row.row = statement.getColumn(11).getInt64();
        row.outbound = statement.getColumn(12).getInt() != 0;
        row.clock = Micros{statement.getColumn(13).getInt64()};
        if (!corrections_.empty()) correct(row.row, row);
        batch.rows.push_back(row);
        if (!degraded_.empty()) add_gaps(batch, row, Instant{row.clock});
    }
}

/// Marks know the machine's own clock alone; the segment under them says when that was.
void Reader::add_gaps(Batch& batch, const Row& row, Instant began) const {
    const auto [first, last] = degraded_.equal_range(batch.lanes[row.lane]);
    for (auto mark = first; mark != last; ++mark) {
        const auto from = std::max(mark->second.began, began);
        const auto until = std::min(mark->second.ended, began + row.length);
        if (from < until)
            batch.gaps.push_back({row.lane,
                                  row.number,
                                  row.caller,
                                  row.agent,
                                  row.queue,
                                  row.began + (from - began),
                                  until - from});
    }
}

void Reader::take_marks(Batch& batch) {
    if (batch.rows.empty()) return;
    const auto [first, last] = std::ranges::minmax(batch.rows, {}, &Row::row);
    SQLite::Statement statement{db_, marks_sql};
    statement.bind(1, first.row);
    statement.bind(2, last.row);
    while (statement.executeStep())
        if (const auto lane = batch.find_lane(uuid_of(statement.getColumn(0))))
            batch.marks[*lane].push_back({word_of<MarkKind>(text_of(statement.getColumn(1))),
                                          Micros{statement.getColumn(2).getInt64()},
                                          Micros{statement.getColumn(3).getInt64()}});
}

void Reader::each_arrival(Interval interval, const std::function<void(const Arrival&)>& take) {
    if (!knows_callers()) return;
    SQLite::Statement statement{db_, arrivals_sql_};
    put(statement, 1, least_id_from(interval.begin));
    put(statement, 2, least_id_from(interval.end));
    while (statement.executeStep())
        take({uuid_of(statement.getColumn(0)),
              text_of(statement.getColumn(1)),
              wall_of(statement.getColumn(2))});
}

}  // namespace holdfast::report
