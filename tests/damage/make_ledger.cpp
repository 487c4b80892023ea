#include "damage/damage.hpp"
#include "ledger/ledger.hpp"
#include "support/ledger_day.hpp"
#include "support/need.hpp"

namespace holdfast::damage {

ledger::Head make_ledger(const std::string& path, std::uint64_t seed) {
    const ledger::Grounds grounds{"Anna", "so it was", WallInstant{1h}};
    test::LedgerDay day{seed, 10};
    auto ledger = ledger::Ledger::open(path);
    test::need(ledger.has_value(), "a ledger");
    acd::Uuid journey{};
    std::uint64_t segment = 0;
    for (int group = 0; group < 5; ++group) {
        const auto rows = day.rows(80);
        test::need(ledger->write(rows).has_value(), "rows");
        for (const auto& row : rows) {
            if (std::holds_alternative<acd::SegmentClosed>(row.what)) segment = row.row;
            const auto* const opened = std::get_if<acd::JourneyOpened>(&row.what);
            if (opened != nullptr && !(opened->caller_number + opened->dialled).empty())
                journey = opened->journey;
        }
        if (group == 4) break;
        test::need(ledger->correct({segment, "queue", "billing"}, grounds).has_value(),
                   "a correction");
        if (group % 2 == 0) static_cast<void>(ledger->erase(journey, grounds));
        test::need(ledger->seal(day.wall()).has_value(), "a seal");
    }
    test::need(ledger->correct({segment, "agent", "2102"}, grounds).has_value(), "a correction");
    return ledger->head();
}

}  // namespace holdfast::damage
