#include "damage/damage.hpp"

#include "base/ensure.hpp"
#include "ledger/row_cursor.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <array>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

namespace holdfast::damage {
namespace {

constexpr std::array<const char*, 4> row_tables{"segment", "journey", "shift", "mark"};

/// One damage: draws until something could be done.
class Hand {
public:
    Hand(SQLite::Database& db, Random& random) : db_{db}, random_{random} {}

    Done work() {
        for (;;) {
            std::optional<Done> done;
            db_.exec("SAVEPOINT attempt");
            try {
                done = attempt_one();
            } catch (const SQLite::Exception&) {
                done.reset();  // a number that another line has
            }
            if (done) return *done;
            db_.exec("ROLLBACK TO attempt");
        }
    }

private:
    std::optional<Done> attempt_one() {
        switch (random_.below(12)) {
            case 0:
                return remove_line();
            case 1:
                return cut_tail();
            case 2:
                return cut_tail_and_fit();
            case 3:
                return swap_contents();
            case 4:
                return swap_numbers();
            case 5:
                return copy_line();
            default:
                return flip_bit();
        }
    }

    struct Line {
        std::string table;
        std::vector<std::string> columns;
        std::vector<SQLite::Column> values;  // of `statement`, which stands on the line
        std::shared_ptr<SQLite::Statement> statement;
    };

    /// Half of all damages are in segments, of which a ledger mostly is.
    std::string any_table() {
        constexpr std::array<const char*, 8> others{
            "journey", "shift", "mark", "person", "correction", "seal", "open_lane", "head"};
        return random_.below(2) == 0 ? "segment" : others.at(random_.below(others.size()));
    }

    std::optional<Line> any_line(const std::string& table) {
        const auto count = db_.execAndGet("SELECT count(*) FROM " + table).getInt64();
        if (count == 0) return std::nullopt;
        Line line{table, {}, {}, {}};
        line.statement = std::make_shared<SQLite::Statement>(
            db_, fmt::format("SELECT * FROM {} LIMIT 1 OFFSET ?1", table));
        line.statement->bind(
            1, static_cast<std::int64_t>(random_.below(static_cast<std::uint32_t>(count))));
        line.statement->executeStep();
        for (int i = 0; i < line.statement->getColumnCount(); ++i) {
            line.columns.emplace_back(line.statement->getColumnName(i));
            line.values.push_back(line.statement->getColumn(i));
        }
        return line;
    }

    static void bind(SQLite::Statement& to, int at, const SQLite::Column& value) {
        if (value.getType() == SQLITE_INTEGER)
            to.bind(at, value.getInt64());
        else if (value.getType() == SQLITE_TEXT)
            to.bind(at, value.getString());
        else
            to.bind(at, value.getBlob(), value.getBytes());
    }

    std::string name(const Line& line) const {
        const auto& key = line.values.front();
        return fmt::format(
            "{} {}", line.table, key.getType() == SQLITE_INTEGER ? key.getString() : "(blob)");
    }

    std::optional<Done> flip_bit() {
        const auto line = any_line(any_table());
        if (!line) return std::nullopt;
        const auto at = random_.below(static_cast<std::uint32_t>(line->columns.size()));
        const auto& value = line->values[at];
        SQLite::Statement update{db_,
                                 fmt::format("UPDATE {} SET {} = ?1 WHERE {} = ?2",
                                             line->table,
                                             line->columns[at],
                                             line->columns.front())};
        bind(update, 2, line->values.front());
        std::uint32_t bit = 0;
        if (value.getType() == SQLITE_INTEGER) {
            bit = random_.below(64);
            update.bind(1,
                        static_cast<std::int64_t>(static_cast<std::uint64_t>(value.getInt64()) ^
                                                  std::uint64_t{1} << bit));
        } else {
            const bool is_text = value.getType() == SQLITE_TEXT;
            auto bytes = value.getString();
            if (value.isNull()) {  // a number where there was none
                update.bind(1, 0);
                update.exec();
                return Done{
                    fmt::format("{} in {} became a number", line->columns[at], name(*line))};
            }
            if (bytes.empty()) return std::nullopt;
            bit = random_.below(static_cast<std::uint32_t>(8 * bytes.size()));
            bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ 1 << bit % 8);
            if (is_text)
                update.bind(1, bytes);
            else
                update.bind(1, bytes.data(), static_cast<int>(bytes.size()));
        }
        update.exec();
        return Done{
            fmt::format("bit {} of {} in {} was flipped", bit, line->columns[at], name(*line))};
    }

    std::optional<Done> remove_line() {
        const auto line = any_line(any_table());
        if (!line) return std::nullopt;
        SQLite::Statement remove{
            db_, fmt::format("DELETE FROM {} WHERE {} = ?1", line->table, line->columns.front())};
        bind(remove, 1, line->values.front());
        remove.exec();
        return Done{name(*line) + " was deleted"};
    }

    std::int64_t some_row() {
        const auto last = db_.execAndGet("SELECT row FROM head").getInt64();
        return 1 + static_cast<std::int64_t>(random_.below(static_cast<std::uint32_t>(last - 1)));
    }

    std::optional<Done> cut_tail() {
        const auto last = some_row();
        for (const char* table : row_tables)
            db_.exec(fmt::format("DELETE FROM {} WHERE row > {}", table, last));
        db_.exec(fmt::format("DELETE FROM person WHERE row > {}", last));
        return Done{fmt::format("all rows after {} were cut off", last)};
    }

    /// As somebody does who knows all but the key: seals go too, and the head is made to fit.
    std::optional<Done> cut_tail_and_fit() {
        auto done = cut_tail();
        ledger::Hash hash{};
        ledger::Sha256 sha256;
        std::int64_t last = 0;
        ledger::AllRows rows{db_, 1, std::numeric_limits<std::int64_t>::max()};
        while (auto* const row = rows.next()) {
            hash = sha256.of({ledger::bytes_of(hash), row->bytes("hash")});
            last = row->number();
        }
        db_.exec(
            fmt::format("DELETE FROM seal WHERE last_row > {0}; DELETE FROM open_lane; "
                        "UPDATE head SET row = {0}, rows_hash = x'{1}', lanes_at = 0, "
                        "seal = (SELECT count(*) FROM seal)",
                        last,
                        ledger::hex(ledger::bytes_of(hash))));
        return Done{done->what + ", and the head made to fit", true};
    }

    std::optional<Done> swap_contents() {
        const auto table = any_table();
        const auto a = any_line(table), b = any_line(table);
        if (!a || !b || a->values[0].getString() == b->values[0].getString()) return std::nullopt;
        if (table == "open_lane" || table == "head") return std::nullopt;
        std::string set;
        for (std::size_t i = 1; i < a->columns.size(); ++i)
            set += fmt::format("{}{} = ?{}", i > 1 ? ", " : "", a->columns[i], i + 1);
        const auto put = [&](const Line& from, const Line& to, bool unique_aside) {
            auto sql = fmt::format("UPDATE {} SET {} WHERE {} = ?1", table, set, a->columns[0]);
            SQLite::Statement update{db_, sql};
            bind(update, 1, to.values[0]);
            for (std::size_t i = 1; i < from.values.size(); ++i)
                bind(update, static_cast<int>(i + 1), from.values[i]);
            if (unique_aside) update.bind(2, "aside");
            update.exec();
        };
        put(*a, *b, true);  // a's second column may be unique
        put(*b, *a, false);
        put(*a, *b, false);
        return Done{fmt::format("{} and {} were swapped", name(*a), name(*b))};
    }

    std::optional<Done> swap_numbers() {
        const auto a = any_line(row_tables.at(random_.below(row_tables.size())));
        const auto b = any_line(row_tables.at(random_.below(row_tables.size())));
        if (!a || !b) return std::nullopt;
        const auto x = a->values[0].getInt64(), y = b->values[0].getInt64();
        if (x == y) return std::nullopt;
        const auto renumber = [&](const std::string& table, std::int64_t from, std::int64_t to) {
            db_.exec(fmt::format("UPDATE {} SET row = {} WHERE row = {}", table, to, from));
        };
        renumber(a->table, x, 1'000'000);
        renumber(b->table, y, x);
        renumber(a->table, 1'000'000, y);
        return Done{fmt::format("{} {} and {} {} swapped numbers", a->table, x, b->table, y)};
    }

    /// Beyond the end, or over another line of the table.
    std::optional<Done> copy_line() {
        constexpr std::array<const char*, 5> tables{
            "segment", "mark", "person", "correction", "seal"};
        const std::string table = tables.at(random_.below(tables.size()));
        const auto line = any_line(table);
        if (!line) return std::nullopt;
        const auto end =
            db_.execAndGet(fmt::format("SELECT max({}) + 1 FROM {}", line->columns[0], table))
                .getInt64();
        const bool over = random_.below(2) == 0;
        const auto to =
            over ? static_cast<std::int64_t>(random_.below(static_cast<std::uint32_t>(end))) : end;
        if (to == line->values[0].getInt64()) return std::nullopt;
        std::string columns;
        for (std::size_t i = 1; i < line->columns.size(); ++i)
            columns += ", " + line->columns[i];
        const auto from = line->values[0].getInt64();
        const auto what = fmt::format("{} was copied to {}", name(*line), to);
        db_.exec(fmt::format("INSERT OR REPLACE INTO {0} SELECT {1}{2} FROM {0} WHERE {3} = {4}",
                             table,
                             to,
                             columns,
                             line->columns[0],
                             from));
        return Done{what};
    }

    SQLite::Database& db_;
    Random& random_;
};

}  // namespace

Done damage(const std::string& path, Random& random) {
    SQLite::Database db{path, SQLite::OPEN_READWRITE};
    db.exec("PRAGMA synchronous = OFF");
    db.exec("PRAGMA ignore_check_constraints = ON");
    SQLite::Transaction transaction{db};
    std::vector<std::string> triggers;
    std::string drop;
    SQLite::Statement found{db, "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"};
    while (found.executeStep()) {
        drop += "DROP TRIGGER " + found.getColumn(0).getString() + ";";
        triggers.push_back(found.getColumn(1).getString());
    }
    found.reset();
    db.exec(drop);
    auto done = Hand{db, random}.work();
    for (const auto& trigger : triggers)
        db.exec(trigger);
    transaction.commit();
    return done;
}

}  // namespace holdfast::damage
