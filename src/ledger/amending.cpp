#include "ledger/amending.hpp"

#include "acd/agent_lane.hpp"
#include "acd/caller_lane.hpp"
#include "base/enum_text.hpp"
#include "ledger/binder.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <vector>

namespace holdfast::ledger {
namespace {

/// What may be said otherwise. Instants and lengths were measured and are no matter of opinion.
struct Correctable {
    const char* table;
    std::vector<std::string_view> fields;
};
const std::array<Correctable, 4> correctable{
    {{"segment", {"kind", "ended_by", "agent", "queue", "reason", "outcome"}},
     {"journey", {"dialled", "trunk"}},
     {"shift", {"phone"}},
     {"mark", {"kind"}}}};

template <class Enum>
bool is_one_of(std::string_view value) {
    return std::ranges::any_of(every<Enum>, [&](Enum e) { return text(e) == value; });
}

std::optional<std::string> fault_of(const Grounds& grounds) {
    if (grounds.author.empty() || grounds.author.size() > most_author_bytes)
        return fmt::format("the author must be named, in {} bytes at most", most_author_bytes);
    if (grounds.reason.empty() || grounds.reason.size() > most_reason_bytes)
        return fmt::format("the reason must be given, in {} bytes at most", most_reason_bytes);
    return std::nullopt;
}

/// Kinds and outcomes are words that reports know.
std::optional<std::string> fault_of(SQLite::Database& db, const Correction& c, bool is_segment) {
    if (c.value.size() > most_value_bytes)
        return fmt::format("the value is longer than {} bytes", most_value_bytes);
    if (!is_segment) return std::nullopt;
    if (c.field == "kind") {
        SQLite::Statement kind{db, "SELECT lane_kind FROM segment WHERE row = ?1"};
        kind.bind(1, static_cast<std::int64_t>(c.row));
        const bool caller = kind.executeStep() && kind.getColumn(0).getString() == "caller";
        if (caller ? is_one_of<acd::caller::State>(c.value) : is_one_of<acd::agent::State>(c.value))
            return std::nullopt;
        return fmt::format(
            "\"{}\" is no kind of segment in {}'s lane", c.value, caller ? "a caller" : "an agent");
    }
    if (c.field == "outcome" && !c.value.empty() && !is_one_of<acd::Outcome>(c.value))
        return fmt::format("\"{}\" is no outcome", c.value);
    return std::nullopt;
}

const Correctable* table_of(SQLite::Database& db, std::uint64_t row) {
    for (const auto& table : correctable) {
        SQLite::Statement found{db, fmt::format("SELECT 1 FROM {} WHERE row = ?1", table.table)};
        found.bind(1, static_cast<std::int64_t>(row));
        if (found.executeStep()) return &table;
    }
    return nullptr;
}

}  // namespace

void add_line(SQLite::Database& db, const Correction& correction, const Grounds& grounds) {
    SQLite::Statement head{db, "SELECT correction, correction_hash FROM head"};
    if (!head.executeStep()) return;
    const auto number = head.getColumn(0).getInt64() + 1;
    const auto before = head.getColumn(1).getString();
    SQLite::Statement insert{db, "INSERT INTO correction VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"};
    Content content;
    content.begin("correction");
    Binder binder{insert, content};
    binder.bind(number);
    binder.bind(correction.row);
    binder.bind(correction.field);
    binder.bind(correction.value);
    binder.bind(grounds.author);
    binder.bind(grounds.reason);
    binder.bind(grounds.at);
    const auto hash = Sha256{}.of({before, content.bytes()});
    binder.bind_hash(hash);
    insert.exec();
    SQLite::Statement move{db, "UPDATE head SET correction = ?1, correction_hash = ?2"};
    move.bind(1, number);
    move.bindNoCopy(2, hash.data(), static_cast<int>(hash.size()));
    move.exec();
}

std::expected<void, std::string> add_correction(SQLite::Database& db,
                                                const Correction& correction,
                                                const Grounds& grounds) {
    if (auto fault = fault_of(grounds)) return std::unexpected{*std::move(fault)};
    const auto* const table = table_of(db, correction.row);
    if (table == nullptr)
        return std::unexpected{fmt::format("there is no row {} to correct", correction.row)};
    if (std::ranges::find(table->fields, correction.field) == table->fields.end())
        return std::unexpected{
            fmt::format("\"{}\" cannot be corrected in row {}, a {}: there are {}",
                        correction.field,
                        correction.row,
                        table->table,
                        fmt::join(table->fields, ", "))};
    const bool is_segment = std::string_view{table->table} == "segment";
    if (auto fault = fault_of(db, correction, is_segment))
        return std::unexpected{*std::move(fault)};
    add_line(db, correction, grounds);
    return {};
}

std::expected<std::uint64_t, std::string> erase_person(SQLite::Database& db,
                                                       const acd::Uuid& lane,
                                                       const Grounds& grounds) {
    if (auto fault = fault_of(grounds)) return std::unexpected{*std::move(fault)};
    SQLite::Statement found{db,
                            "SELECT row FROM journey WHERE journey = ?1 "
                            "UNION ALL SELECT row FROM shift WHERE shift = ?1"};
    found.bindNoCopy(1, lane.data(), static_cast<int>(lane.size()));
    if (!found.executeStep())
        return std::unexpected{std::string{
            "there is no such journey or shift: name it as the views call and agent_shift do"}};
    const auto row = found.getColumn(0).getInt64();
    SQLite::Statement person{db, "SELECT 1 FROM person WHERE row = ?1"};
    person.bind(1, row);
    if (!person.executeStep())
        return std::unexpected{fmt::format(
            "nothing is known of the person of row {}: withheld, or erased already", row)};
    add_line(db, {static_cast<std::uint64_t>(row), "person", ""}, grounds);
    SQLite::Statement erase{db, "DELETE FROM person WHERE row = ?1"};
    erase.bind(1, row);
    erase.exec();
    return static_cast<std::uint64_t>(row);
}

}  // namespace holdfast::ledger
