#include "ledger/verify_seals.hpp"

#include "ledger/expiry.hpp"
#include "ledger/signing_key.hpp"

#include <algorithm>
#include <limits>

namespace holdfast::ledger {
namespace {

constexpr auto every_row = std::numeric_limits<std::int64_t>::max();

}  // namespace

Corrections::Corrections(SQLite::Database& db, Verdict& verdict, Flaws& flaws) {
    RowCursor lines{db, "correction", -every_row, every_row};
    Sha256 sha256;
    Hash before{};
    while (lines.next()) {
        const auto number = lines.number();
        if (number != last() + 1)
            flaws.elsewhere("correction {}: it follows correction {}", number, last());
        const auto hash = sha256.of({bytes_of(before), lines.content()});
        if (lines.bytes("hash") != bytes_of(hash))
            flaws.elsewhere(
                "correction {}: its hash does not fit: it, or the one before it, is not what was "
                "written",
                number);
        if (lines.bytes("field") == cut_field)
            cut_ = {number, lines.integer("row"), lines.text("value")};
        if (lines.bytes("field") == "person") erased_.insert(lines.integer("row"));
        before = hash_of(lines.bytes("hash"));
        hashes_.push_back(before);
    }
    verdict.corrections = hashes_.size();
}

bool Corrections::has(std::int64_t number, std::string_view hash) const {
    if (number < 0 || number > last()) return false;
    return hash == bytes_of(number == 0 ? Hash{} : hashes_[static_cast<std::size_t>(number - 1)]);
}

SealChecks::SealChecks(SQLite::Database& db,
                       Verdict& verdict,
                       Flaws& flaws,
                       const Corrections& corrections,
                       const std::vector<std::string>& trusted,
                       std::int64_t first)
    : verdict_{verdict},
      flaws_{flaws},
      corrections_{corrections},
      trusted_{trusted},
      seals_{db, "seal", first > 1 ? first : -every_row, every_row},
      first_{first},
      last_{first - 1} {
    if (first > 1) {
        RowCursor previous{db, "seal", last_, last_};
        if (previous.next()) {
            before_ = hash_of(previous.bytes("hash"));
            sealed_row_ = previous.integer("last_row");
        }
    } else {
        sealed_row_ = db.execAndGet("SELECT first_row FROM head").getInt64() - 1;
    }
    seals_.next();
}

void SealChecks::before(std::int64_t row, RowChecks& rows) {
    for (; seals_.there() && (seals_.integer("last_row") < row || row == every_row); seals_.next())
        check(rows);
}

void SealChecks::check(RowChecks& rows) {
    const auto number = seals_.number();
    const bool good = check_itself(number);
    const auto first = seals_.integer("first_row"), last = seals_.integer("last_row");
    if (first != sealed_row_ + 1)
        flaws_.elsewhere(
            "seal {}: begins at row {}, the one before it ends at {}", number, first, sealed_row_);
    sealed_row_ = last;
    before_ = hash_of(seals_.bytes("hash"));
    ++verdict_.seals;
    verdict_.sealed_row = static_cast<std::uint64_t>(last);
    note_key(number);
    const auto sealed = seals_.bytes("rows_hash");
    if (last > rows.last_row())
        flaws_.row(rows.last_row() + 1, "is missing, up to {}: seal {} covers it", last, number);
    else if (sealed != bytes_of(rows.rows_hash()))
        flaws_.rows_from(
            first, "this row, or one up to {}, is not what seal {} was made over", last, number);
    if (!corrections_.has(seals_.integer("correction"), seals_.bytes("correction_hash")))
        flaws_.elsewhere("seal {}: correction {} is missing, or not the one that was sealed",
                         number,
                         seals_.integer("correction"));
    if (good) rows.go_on_from(hash_of(sealed));
}

/// Its place, its hash and its signature.
bool SealChecks::check_itself(std::int64_t number) {
    if (number != last_ + 1) flaws_.elsewhere("seal {}: it follows seal {}", number, last_);
    last_ = number;
    const auto hash = sha256_.of({bytes_of(before_), seals_.content()});
    const bool is_made = seals_.bytes("hash") == bytes_of(hash);
    if (!is_made)
        flaws_.elsewhere(
            "seal {}: its hash does not fit: it, or the one before it, is not what was written",
            number);
    const bool is_signed =
        holds(seals_.bytes("public_key"), seals_.bytes("hash"), seals_.bytes("signature"));
    if (!is_signed) flaws_.elsewhere("seal {}: its signature is not by its key", number);
    return is_made && is_signed;
}

void SealChecks::note_key(std::int64_t number) {
    constexpr std::size_t most_keys = 20;
    auto key = hex(seals_.bytes("public_key"));
    auto& keys = verdict_.keys;
    if (!trusted_.empty() && std::ranges::find(trusted_, key) == trusted_.end())
        flaws_.elsewhere(
            "seal {}: it is by key {}, which is none of those that may seal it: it was "
            "made on another machine, or by somebody else",
            number,
            key);
    if (keys.size() < most_keys && (keys.empty() || keys.back() != key))
        keys.push_back(std::move(key));
}

}  // namespace holdfast::ledger
