// ledger/report_indexes.hpp: what reports read the ledger by. They grow at their end, because rows
// come in the order of time, so they cost the writer little; whoever has the ledger open for
// writing may run this at any time.
#pragma once

namespace holdfast::ledger {

/// `segment_by_time` finds a day. `segment_long_by_end` finds the segments of an hour or more that
/// reach into it: an agent who was not ready all weekend has no row that begins there.
/// `mark_degraded` finds the few marks of that kind among all: other marks are found by the rows of
/// the segments that they lie in, and cost nothing here.
inline constexpr char report_indexes_sql[] = R"sql(
    CREATE INDEX IF NOT EXISTS segment_by_time ON segment (began_utc_us);
    CREATE INDEX IF NOT EXISTS segment_long_by_end
        ON segment (began_utc_us + (ended_us - began_us))
        WHERE ended_us - began_us >= 3600000000;
    CREATE INDEX IF NOT EXISTS mark_degraded ON mark (began_us) WHERE kind = 'degraded';
    )sql";

}  // namespace holdfast::ledger
