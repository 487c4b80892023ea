#include "cuts/life.hpp"

#include "host/store/spill_file.hpp"
#include "ledger/ledger.hpp"
#include "ledger/verify.hpp"
#include "support/ledger_day.hpp"
#include "support/need.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include <optional>

namespace holdfast::cuts {
namespace {

constexpr std::size_t spill_bytes = 64 * 1024;

using host::SpillFile;
using ledger::Ledger;

/// The life itself, while its steps are recorded.
class Living {
public:
    Living(const std::string& folder, const Told& before, Random& random, Life& life)
        : folder_{folder},
          told_{before},
          random_{random},
          life_{life},
          day_{random.u64(), 5, before.row + 1} {}

    void run() {
        auto ledger = Ledger::open(folder_ + "/ledger.db");
        test::need(ledger.has_value(), "a ledger");
        auto spill = SpillFile::open(folder_ + "/spill", spill_bytes);
        test::need(spill.has_value(), "a spill file");
        // Often short, sometimes long enough for SQLite to move its log into the database by
        // itself.
        const bool is_long = random_.below(12) == 0;
        const auto groups = is_long ? 150 + random_.below(100) : random_.below(12);
        most_rows_ = is_long ? 3 : 20;
        for (std::uint32_t i = 0; i < groups; ++i)
            act(*ledger, *spill);
    }

private:
    void act(Ledger& ledger, SpillFile& spill) {
        const auto dice = random_.below(100);
        if (dice < 70) return write(ledger, rows());
        if (dice < 80) return test::need(ledger.seal(day_.wall()).has_value(), "a seal");
        if (dice < 84 && journey_ != acd::Uuid{}) {
            const bool erased = ledger.erase(std::exchange(journey_, {}), grounds_).has_value();
            return amended(erased);
        }
        if (dice < 90 && segment_ != 0)
            return amended(ledger.correct({segment_, "queue", "billing"}, grounds_).has_value());
        if (dice < 93) return expire(ledger);
        spill_some(ledger, spill);
    }

    std::vector<acd::LedgerRow> rows() { return day_.rows(1 + random_.below(most_rows_)); }

    void write(Ledger& ledger, const std::vector<acd::LedgerRow>& rows) {
        test::need(ledger.write(rows).has_value(), "rows in the ledger");
        life_.heads[ledger.last_row()] = ledger::text_of(ledger.head());
        tell_row(ledger.last_row());
        for (const auto& row : rows) {
            if (std::holds_alternative<acd::SegmentClosed>(row.what)) segment_ = row.row;
            const auto* const opened = std::get_if<acd::JourneyOpened>(&row.what);
            if (opened != nullptr && !(opened->outbound || opened->caller_number.empty()))
                journey_ = opened->journey;
        }
    }

    void spill_some(Ledger& ledger, SpillFile& spill) {
        for (auto groups = 1 + random_.below(5); groups > 0; --groups) {
            const auto some = rows();
            const auto put = spill.append(some);
            test::need(put.has_value(), "rows in the spill file");
            tell_row(some.back().row);
        }
        spill.rewind();
        while (!spill.all_read()) {
            const auto some = spill.read_on(1 + random_.below(40));
            test::need(some.has_value(), "rows from the spill file");
            write(ledger, *some);
        }
        test::need(spill.clear().has_value(), "an empty spill file");
    }

    /// Up to the last seal; often the power goes before all of it is gone.
    void expire(Ledger& ledger) {
        constexpr WallInstant all{2'000'000h};
        const auto persons = random_.below(2) == 0 ? std::optional{all} : std::nullopt;
        for (auto steps = 1 + random_.below(3); steps > 0; --steps)
            test::need(ledger.expire({persons, all}, day_.wall()).has_value(), "an expiry");
        journey_ = {};
        segment_ = 0;
    }

    void amended(bool done) {
        test::need(done, "a correction");
        ++told_.corrections;
        tell();
    }
    void tell_row(std::uint64_t row) {
        told_.row = std::max(told_.row, row);
        tell();
    }
    void tell() {
        note_told(life_.told.size());
        life_.told.push_back(told_);
    }

    const std::string& folder_;
    Told told_;
    Random& random_;
    Life& life_;
    test::LedgerDay day_;
    acd::Uuid journey_{};
    std::uint64_t segment_ = 0;
    std::uint32_t most_rows_ = 1;
    const ledger::Grounds grounds_{"Anna", "so it was", WallInstant{1h}};
};

/// A sentence where the rows do not follow each other.
std::string play_in(SpillFile& spill, Ledger& ledger) {
    spill.rewind();
    while (!spill.all_read()) {
        const auto rows = spill.read_on(SpillFile::most_rows);
        if (!rows) return rows.error().text;
        for (std::size_t i = 0; i < rows->size(); ++i)
            if (const auto row = (*rows)[i].row; row > ledger.last_row() + 1 + i)
                return fmt::format(
                    "row {} of the spill file follows row {}", row, ledger.last_row() + i);
        if (auto written = ledger.write(*rows); !written) return written.error().text;
    }
    if (auto cleared = spill.clear(); !cleared) return cleared.error().text;
    return {};
}

std::uint64_t count_corrections(const std::string& path) {
    SQLite::Database db{path, SQLite::OPEN_READONLY};
    return static_cast<std::uint64_t>(
        db.execAndGet("SELECT coalesce(max(number), 0) FROM correction").getInt64());
}

}  // namespace

Life live(const std::string& folder,
          const Image& image,
          const Told& before,
          Random& random,
          Planted planted) {
    Life life;
    start_recording(folder, image, planted);
    Living{folder, before, random, life}.run();
    life.steps = stop_recording();
    return life;
}

Found find(const std::string& folder) {
    Found found;
    const std::string path = folder + "/ledger.db";
    auto ledger = Ledger::open(path);
    if (!ledger) {
        found.fault = ledger.error().text;
        return found;
    }
    auto spill = SpillFile::open(folder + "/spill", spill_bytes);
    if (!spill) {
        found.fault = spill.error().text;
        return found;
    }
    found.head_before = ledger::text_of(ledger->head());
    found.row_before = ledger->last_row();
    found.fault = play_in(*spill, *ledger);
    found.told = {ledger->last_row(), count_corrections(path)};
    if (!found.fault.empty()) return found;
    if (const auto sealed = ledger->seal(WallInstant{1'000'000h}); !sealed) {
        found.fault = sealed.error().text;
        return found;
    }
    const auto head = ledger->head();
    const auto verdict =
        head.row == 0 ? ledger::verify(path) : ledger::verify(path, {.head = head});
    if (!verdict)
        found.fault = verdict.error().text;
    else if (!verdict->sound())
        found.fault = verdict->sentences.at(0);
    return found;
}

}  // namespace holdfast::cuts
