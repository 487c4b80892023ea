#include "host/store/store.hpp"

#include "host/io/log.hpp"
#include "host/store/ledger_worker.hpp"
#include "host/store/spill_file.hpp"
#include "host/store/store_keeper.hpp"
#include "ledger/ledger.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

namespace holdfast::host {
namespace {

using Notes = std::vector<std::string>;

struct OpenedLedger {
    std::optional<ledger::Ledger> ledger;
    std::string fault;  ///< Why there is none.
    std::uint64_t last_row = 0;
};

/// What can be known of a ledger that cannot be opened for writing.
std::expected<OpenedLedger, std::string> without_ledger(const std::string& path,
                                                        ledger::Fault fault) {
    if (fault.kind == ledger::Fault::Kind::newer) return std::unexpected{std::move(fault.text)};
    auto last_row = ledger::Ledger::read_last_row(path);
    if (!last_row)
        return std::unexpected{fault.text +
                               "; nor can it be read, so that nobody knows the number "
                               "of the next row: mend this, or move the file away"};
    return OpenedLedger{std::nullopt, std::move(fault.text), *last_row};
}

std::expected<OpenedLedger, std::string> open_ledger(const std::string& path, Notes& notes) {
    auto opened = ledger::Ledger::open(path);
    if (!opened && opened.error().kind == ledger::Fault::Kind::damaged) {
        auto aside = set_ledger_aside(path);
        if (!aside) return std::unexpected{opened.error().text + "; " + aside.error()};
        notes.push_back(*std::move(aside));
        opened = ledger::Ledger::open(path);
    }
    if (!opened) return without_ledger(path, std::move(opened.error()));
    const auto last_row = opened->last_row();
    return OpenedLedger{*std::move(opened), {}, last_row};
}

std::expected<SpillFile, std::string> open_spill(const StoreOptions& options, Notes& notes) {
    auto opened = SpillFile::open(options.spill_path, options.spill_bytes);
    if (!opened && opened.error().kind == SpillFault::Kind::damaged) {
        const std::string aside = options.spill_path + ".damaged";
        std::error_code error;
        std::filesystem::rename(options.spill_path, aside, error);
        notes.push_back(opened.error().text + "; it is kept as " + aside +
                        ", and a new one was started");
        opened = SpillFile::open(options.spill_path, options.spill_bytes);
    }
    if (opened) return *std::move(opened);
    return std::unexpected{std::move(opened.error().text)};
}

}  // namespace

std::expected<std::unique_ptr<Store>, std::string> Store::open(const StoreOptions& options) {
    Notes notes;
    auto ledger = open_ledger(options.ledger_path, notes);
    if (!ledger) return std::unexpected{std::move(ledger.error())};
    auto spill = open_spill(options, notes);
    if (!spill && !ledger->ledger) return std::unexpected{ledger->fault + "; and " + spill.error()};
    const auto last_row = std::max(ledger->last_row, spill ? spill->last_row() : 0);
    auto desk = std::make_shared<StoreDesk>(last_row, options.most_waiting);
    auto keeper =
        std::make_unique<StoreKeeper>(desk,
                                      KeeperStart{.ledger_path = options.ledger_path,
                                                  .ledger = std::move(ledger->ledger),
                                                  .ledger_fault = std::move(ledger->fault),
                                                  .spill = std::move(spill),
                                                  .group = options.group,
                                                  .seal_every = options.seal_every,
                                                  .keep_persons = options.keep_persons,
                                                  .keep_rows = options.keep_rows});
    // Not joined but told to end and waited for: a disk may keep it for longer than we can wait.
    std::thread{[desk, keeper = std::move(keeper)]() mutable {
        keeper->run();
        keeper.reset();
        desk->ended();
    }}.detach();
    return std::unique_ptr<Store>{new Store{std::move(desk), last_row, std::move(notes)}};
}

void Store::close() {
    if (std::exchange(closed_, true)) return;
    if (!desk_->close(longest_close))
        log(LogLevel::error,
            "the ledger's disk does not answer; " + std::to_string(desk_->waiting()) +
                " rows were not written: the journal keeps them");
}

}  // namespace holdfast::host
