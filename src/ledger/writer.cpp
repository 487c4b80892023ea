#include "ledger/writer.hpp"

#include "base/ensure.hpp"
#include "base/enum_text.hpp"
#include "ledger/binder.hpp"

#include <openssl/rand.h>

#include <cstring>
#include <variant>

namespace holdfast::ledger {
namespace {

constexpr char insert_journey_sql[] = R"sql(
    INSERT INTO journey VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10))sql";
constexpr char insert_shift_sql[] = R"sql(
    INSERT INTO shift VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9))sql";
constexpr char insert_segment_sql[] = R"sql(
    INSERT INTO segment VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,
                                ?16, ?17, ?18))sql";
constexpr char insert_mark_sql[] = R"sql(
    INSERT INTO mark (row, previous, lane, kind, began_us, ended_us, digits, hash)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8))sql";
constexpr char insert_left_out_sql[] = "INSERT INTO left_out VALUES (?1, ?2, ?3)";
constexpr char insert_person_sql[] = "INSERT INTO person VALUES (?1, ?2, ?3, ?4, ?5)";
constexpr char move_head_sql[] = "UPDATE head SET first_row = ?1, row = ?2, rows_hash = ?3";

/// With 16 bytes of salt nobody finds a number by trying all numbers.
constexpr std::size_t salt_bytes = 16;
constexpr std::size_t salts_at_once = 64;

End read_end(SQLite::Database& db) {
    SQLite::Statement head{db, "SELECT first_row, row, rows_hash FROM head"};
    End end;
    if (!head.executeStep()) return end;
    end.first_row = static_cast<std::uint64_t>(head.getColumn(0).getInt64());
    end.row = static_cast<std::uint64_t>(head.getColumn(1).getInt64());
    const auto hash = head.getColumn(2);
    if (static_cast<std::size_t>(hash.getBytes()) == end.rows_hash.size())
        std::memcpy(end.rows_hash.data(), hash.getBlob(), end.rows_hash.size());
    return end;
}

}  // namespace

Writer::Writer(SQLite::Database& db)
    : journey_{db, insert_journey_sql},
      shift_{db, insert_shift_sql},
      segment_{db, insert_segment_sql},
      mark_{db, insert_mark_sql},
      left_out_{db, insert_left_out_sql},
      person_{db, insert_person_sql},
      head_{db, move_head_sql},
      lanes_{db},
      end_{read_end(db)} {}

void Writer::add(const acd::LedgerRow& row) {
    if (end_.first_row == 0)
        end_.first_row = row.row;
    else if (row.row > end_.row + 1)
        leave_out(end_.row + 1, row.row - 1);
    std::visit([&](const auto& what) { add(row.row, what); }, row.what);
}

template <class... Values>
Hash Writer::put(SQLite::Statement& statement,
                 std::string_view table,
                 const Hash& before,
                 const Values&... values) {
    content_.begin(table);
    Binder binder{statement, content_};
    (binder.bind(values), ...);
    const Hash hash = sha256_.of({bytes_of(before), content_.bytes()});
    binder.bind_hash(hash);
    statement.exec();
    statement.reset();
    return hash;
}

void Writer::add(std::uint64_t row, const acd::JourneyOpened& j) {
    static const std::string nothing;
    const auto& own = j.outbound ? nothing : j.dialled;
    const auto person =
        add_person(row, j.caller_number, j.caller_name, j.outbound ? j.dialled : nothing);
    const auto hash = put(journey_,
                          "journey",
                          Hash{},
                          row,
                          j.journey,
                          Blob{person ? bytes_of(*person) : ""},
                          own,
                          j.trunk,
                          std::int64_t{j.outbound},
                          j.began,
                          j.stamp);
    lanes_.move(j.journey, {row, hash}, false);
    count(row, hash);
}

void Writer::add(std::uint64_t row, const acd::ShiftOpened& s) {
    const auto person = add_person(row, {}, s.agent_name, {});
    const auto hash = put(shift_,
                          "shift",
                          Hash{},
                          row,
                          s.shift,
                          Blob{person ? bytes_of(*person) : ""},
                          s.agent_number,
                          s.phone,
                          s.began,
                          s.stamp);
    lanes_.move(s.shift, {row, hash}, false);
    count(row, hash);
}

void Writer::add(std::uint64_t row, const acd::SegmentClosed& s) {
    const bool ended = s.outcome != acd::Outcome::none;
    const auto before = lanes_.of(s.lane);
    const auto hash = put(segment_,
                          "segment",
                          before.hash,
                          row,
                          before.row,
                          text(s.lane_kind),
                          s.lane,
                          std::int64_t{s.number},
                          s.kind,
                          s.ended_by,
                          s.journey,
                          s.agent,
                          s.queue,
                          s.reason,
                          s.began,
                          s.ended,
                          s.stamp,
                          std::int64_t{s.sip_status},
                          ended ? text(s.outcome) : std::string_view{});
    lanes_.move(s.lane, {row, hash}, ended);
    count(row, hash);
}

void Writer::add(std::uint64_t row, const acd::MarkClosed& m) {
    const auto before = lanes_.of(m.lane);
    const auto hash = put(
        mark_, "mark", before.hash, row, before.row, m.lane, m.kind, m.began, m.ended, m.digits);
    lanes_.move(m.lane, {row, hash}, false);
    count(row, hash);
}

void Writer::leave_out(std::uint64_t row, std::uint64_t last_row) {
    count(last_row, put(left_out_, "left_out", Hash{}, row, last_row));
}

/// None where nothing is known of the person.
std::optional<Hash> Writer::add_person(std::uint64_t row,
                                       const std::string& number,
                                       const std::string& name,
                                       const std::string& dialled) {
    if (number.empty() && name.empty() && dialled.empty()) return std::nullopt;
    content_.begin("person");
    Binder binder{person_, content_};
    binder.bind(row);
    binder.bind(Blob{new_salt()});
    binder.bind(number);
    binder.bind(name);
    binder.bind(dialled);
    person_.exec();
    person_.reset();
    return sha256_.of({bytes_of(Hash{}), content_.bytes()});
}

std::string_view Writer::new_salt() {
    if (salts_used_ == salts_.size()) {
        salts_.resize(salts_at_once * salt_bytes);
        const int drawn = RAND_bytes(reinterpret_cast<unsigned char*>(salts_.data()),
                                     static_cast<int>(salts_.size()));
        ensure(drawn == 1, "OpenSSL has no random numbers");
        salts_used_ = 0;
    }
    salts_used_ += salt_bytes;
    return std::string_view{salts_}.substr(salts_used_ - salt_bytes, salt_bytes);
}

void Writer::count(std::uint64_t row, const Hash& hash) {
    end_.row = row;
    end_.rows_hash = sha256_.of({bytes_of(end_.rows_hash), bytes_of(hash)});
}

void Writer::finish() {
    head_.bind(1, static_cast<std::int64_t>(end_.first_row));
    head_.bind(2, static_cast<std::int64_t>(end_.row));
    head_.bindNoCopy(3, end_.rows_hash.data(), static_cast<int>(end_.rows_hash.size()));
    head_.exec();
    head_.reset();
    if (end_.row - lanes_.kept_at() >= OpenLanes::most_since) keep_lanes();
}

}  // namespace holdfast::ledger
