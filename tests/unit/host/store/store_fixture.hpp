// Rows, a place for the files, and a caller of the store.
#pragma once
#include "host/store/store.hpp"
#include "ledger/ledger.hpp"
#include "support/folder.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <catch2/catch.hpp>

#include <filesystem>
#include <memory>
#include <poll.h>
#include <string>
#include <vector>

namespace holdfast::host {

struct Folder : holdfast::test::Folder {
    std::string ledger() const { return path + "/ledger.db"; }
    std::string spill() const { return path + "/spill"; }
};

inline acd::LedgerRow row(std::uint64_t number) {
    acd::SegmentClosed segment;
    segment.lane[0] = 1;
    segment.number = static_cast<std::uint32_t>(number);
    segment.kind = "talking";
    segment.ended_by = "caller_left";
    segment.queue = "support";
    segment.began = Instant{Micros{static_cast<std::int64_t>(number)}};
    segment.ended = segment.began + 1us;
    return {number, segment};
}

inline std::vector<acd::LedgerRow> rows(std::uint64_t first, std::uint64_t last) {
    std::vector<acd::LedgerRow> all;
    for (auto n = first; n <= last; ++n)
        all.push_back(row(n));
    return all;
}

/// What stands in the ledger, by its numbers.
inline std::vector<std::uint64_t> rows_in(const std::string& path) {
    SQLite::Database db{path, SQLite::OPEN_READONLY};
    SQLite::Statement query{db, "SELECT row FROM segment ORDER BY row"};
    std::vector<std::uint64_t> found;
    while (query.executeStep())
        found.push_back(static_cast<std::uint64_t>(query.getColumn(0).getInt64()));
    return found;
}

inline std::vector<std::uint64_t> numbers(std::uint64_t first, std::uint64_t last) {
    std::vector<std::uint64_t> all;
    for (auto n = first; n <= last; ++n)
        all.push_back(n);
    return all;
}

/// Calls the store as the daemon does, and keeps what it says.
struct Caller {
    std::unique_ptr<Store> store;
    std::uint64_t next = 1, committed = 0;
    std::vector<Troubled> troubles;

    explicit Caller(const StoreOptions& options) {
        auto opened = Store::open(options);
        if (!opened) FAIL(opened.error());
        store = *std::move(opened);
        committed = store->last_row();
        next = committed + 1;
    }
    explicit Caller(const Folder& folder)
        : Caller{StoreOptions{folder.ledger(), folder.spill(), 1 << 20}} {}

    void write(std::uint64_t count) {
        for (; count > 0; --count)
            store->write(row(next++));
    }
    bool take() {
        const auto results = store->take_results();
        for (const auto& result : results) {
            if (const auto* done = std::get_if<Committed>(&result)) {
                CHECK(done->row >= committed);
                committed = done->row;
            } else {
                troubles.push_back(std::get<Troubled>(result));
            }
        }
        return !results.empty();
    }
    template <class Holds>
    void until(Holds holds) {
        while (!holds()) {
            pollfd ready{store->descriptor(), POLLIN, 0};
            REQUIRE(poll(&ready, 1, 60'000) == 1);
            take();
        }
    }
    void until_committed() {
        until([this] { return committed == next - 1; });
        CHECK(store->waiting() == 0);
    }
    void until_works() {
        until([this] { return !troubles.empty() && troubles.back().what.empty(); });
    }
};

}  // namespace holdfast::host
