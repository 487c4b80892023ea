#include "ledger/sealing.hpp"

#include "ledger/binder.hpp"

namespace holdfast::ledger {
namespace {

constexpr char news_sql[] = R"sql(
    SELECT head.first_row, head.correction, head.correction_hash,
           head.seal, seal.last_row, seal.correction, seal.hash
    FROM head LEFT JOIN seal ON seal.number = head.seal)sql";
constexpr char insert_seal_sql[] = R"sql(
    INSERT INTO seal VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10))sql";

}  // namespace

std::optional<Seal> add_seal(SQLite::Database& db,
                             const End& end,
                             const SigningKey& key,
                             WallInstant now) {
    SQLite::Statement news{db, news_sql};
    if (!news.executeStep()) return std::nullopt;
    const auto number = [&](int i) {
        return static_cast<std::uint64_t>(news.getColumn(i).getInt64());
    };
    const bool first = number(3) == 0;
    Seal seal;
    seal.number = number(3) + 1;
    seal.first_row = first ? number(0) : number(4) + 1;
    seal.last_row = end.row;
    seal.head = {end.row, end.rows_hash};
    seal.public_key = key.public_key();
    const auto corrections = number(1);
    const bool same = first ? end.row == 0 : end.row == number(4);
    if (same && corrections == number(5)) return std::nullopt;

    SQLite::Statement insert{db, insert_seal_sql};
    Content content;
    content.begin("seal");
    Binder binder{insert, content};
    binder.bind(seal.number);
    binder.bind(seal.first_row);
    binder.bind(seal.last_row);
    binder.bind(Blob{bytes_of(seal.head.rows_hash)});
    binder.bind(corrections);
    const auto corrections_hash = news.getColumn(2).getString();
    binder.bind(Blob{corrections_hash});
    binder.bind(now);
    binder.bind(Blob{bytes_of(seal.public_key)});
    const auto before = news.getColumn(6).getString();
    const Hash none{};
    const auto hash =
        Sha256{}.of({first ? bytes_of(none) : std::string_view{before}, content.bytes()});
    const auto signature = key.sign(bytes_of(hash));
    binder.bind_hash(hash);
    binder.bind_beside({reinterpret_cast<const char*>(signature.data()), signature.size()});
    insert.exec();
    SQLite::Statement move{db, "UPDATE head SET seal = ?1"};
    move.bind(1, static_cast<std::int64_t>(seal.number));
    move.exec();
    return seal;
}

}  // namespace holdfast::ledger
