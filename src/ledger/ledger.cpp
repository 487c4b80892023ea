#include "ledger/ledger.hpp"

#include "ledger/amending.hpp"
#include "ledger/database.hpp"
#include "ledger/sealing.hpp"
#include "ledger/signing_key.hpp"
#include "ledger/writer.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

namespace holdfast::ledger {

class Ledger::Impl {
public:
    explicit Impl(const std::string& file) : path{file}, db{open_database(file)} {}

    /// Made anew after a fault: what it knew is not what the database has.
    Writer& ready_writer() {
        if (!writer) writer.emplace(db);
        return *writer;
    }

    std::optional<Fault> load_key() {
        if (key) return std::nullopt;
        auto loaded = SigningKey::load_or_make(key_path_of(path));
        if (!loaded) return Fault{Fault::Kind::key, std::move(loaded.error())};
        key = *std::move(loaded);
        return std::nullopt;
    }

    std::string path;
    SQLite::Database db;
    std::optional<Writer> writer;
    std::optional<SigningKey> key;
    Expiry expiry;
    std::uint64_t last_row = 0;
};

Ledger::Ledger(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
Ledger::Ledger(Ledger&&) noexcept = default;
Ledger& Ledger::operator=(Ledger&&) noexcept = default;
Ledger::~Ledger() = default;

std::expected<Ledger, Fault> Ledger::open(const std::string& path) {
    try {
        auto impl = std::make_unique<Impl>(path);
        if (auto fault = migrate(impl->db, path)) return std::unexpected{*std::move(fault)};
        impl->last_row = impl->ready_writer().end().row;
        return Ledger{std::move(impl)};
    } catch (const SQLite::Exception& e) {
        return std::unexpected{fault_of(e, path)};
    }
}

std::expected<std::uint64_t, Fault> Ledger::read_last_row(const std::string& path) {
    std::error_code error;
    if (!std::filesystem::exists(path, error) && !error) return 0;
    try {
        // Alone it needs no file for the memory that readers share.
        SQLite::Database db{path, SQLite::OPEN_READWRITE};
        db.exec("PRAGMA locking_mode = EXCLUSIVE");
        return last_row_in(db);
    } catch (const SQLite::Exception& e) {
        const auto log_bytes = std::filesystem::file_size(path + "-wal", error);
        if (!error && log_bytes > 0) return std::unexpected{fault_of(e, path)};
    }
    try {
        // Every row is in the one file: reading it needs nothing else.
        SQLite::Database db{immutable_uri(path), SQLite::OPEN_READONLY | SQLite::OPEN_URI};
        return last_row_in(db);
    } catch (const SQLite::Exception& e) {
        return std::unexpected{fault_of(e, path)};
    }
}

std::expected<Head, Fault> Ledger::read_head(const std::string& path) {
    try {
        SQLite::Database db{path, SQLite::OPEN_READONLY, busy_ms};
        if (auto fault = other_version(db, path)) return std::unexpected{*std::move(fault)};
        SQLite::Statement head{db, "SELECT row, rows_hash FROM head"};
        if (!head.executeStep()) return Head{};
        return Head{static_cast<std::uint64_t>(head.getColumn(0).getInt64()),
                    hash_of(head.getColumn(1).getString())};
    } catch (const SQLite::Exception& e) {
        return std::unexpected{unreadable(e, path)};
    }
}

std::expected<void, Fault> Ledger::write(std::span<const acd::LedgerRow> rows) {
    try {
        auto& writer = impl_->ready_writer();
        SQLite::Transaction transaction{impl_->db};
        for (const auto& row : rows)
            if (row.row > writer.end().row) writer.add(row);
        writer.finish();
        transaction.commit();
        impl_->last_row = writer.end().row;
        return {};
    } catch (const SQLite::Exception& e) {
        impl_->writer.reset();
        return std::unexpected{fault_of(e, impl_->path)};
    }
}

std::expected<std::optional<Seal>, Fault> Ledger::seal(WallInstant now) {
    if (auto fault = impl_->load_key()) return std::unexpected{*std::move(fault)};
    try {
        auto& writer = impl_->ready_writer();
        SQLite::Transaction transaction{impl_->db, SQLite::TransactionBehavior::IMMEDIATE};
        auto seal = add_seal(impl_->db, writer.end(), *impl_->key, now);
        if (!seal) return seal;
        writer.keep_lanes();
        transaction.commit();
        return seal;
    } catch (const SQLite::Exception& e) {
        impl_->writer.reset();
        return std::unexpected{fault_of(e, impl_->path)};
    }
}

std::expected<void, Fault> Ledger::correct(const Correction& correction, const Grounds& grounds) {
    try {
        SQLite::Transaction transaction{impl_->db, SQLite::TransactionBehavior::IMMEDIATE};
        auto added = add_correction(impl_->db, correction, grounds);
        if (!added)
            return std::unexpected{Fault{Fault::Kind::refused, impl_->path + ": " + added.error()}};
        transaction.commit();
        return {};
    } catch (const SQLite::Exception& e) {
        return std::unexpected{fault_of(e, impl_->path)};
    }
}

std::expected<Erased, Fault> Ledger::erase(const acd::Uuid& lane, const Grounds& grounds) {
    try {
        // What is deleted is overwritten by zeros.
        impl_->db.exec("PRAGMA secure_delete = ON");
        SQLite::Transaction transaction{impl_->db, SQLite::TransactionBehavior::IMMEDIATE};
        const auto row = erase_person(impl_->db, lane, grounds);
        if (!row)
            return std::unexpected{Fault{Fault::Kind::refused, impl_->path + ": " + row.error()}};
        transaction.commit();
        // The old page stands in the log too, until that begins anew.
        SQLite::Statement checkpoint{impl_->db, "PRAGMA wal_checkpoint(TRUNCATE)"};
        const bool emptied = checkpoint.executeStep() && checkpoint.getColumn(0).getInt() == 0;
        return Erased{*row, emptied};
    } catch (const SQLite::Exception& e) {
        return std::unexpected{fault_of(e, impl_->path)};
    }
}

std::expected<Expired, Fault> Ledger::expire(const Retention& retention, WallInstant now) {
    if (auto fault = impl_->load_key()) return std::unexpected{*std::move(fault)};
    try {
        const auto& end = impl_->ready_writer().end();
        const auto expired = impl_->expiry.run(impl_->db, retention, end, *impl_->key, now);
        // What was deleted stands in the log too, until that begins anew.
        if (expired.persons > 0 && !expired.more) impl_->db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
        return expired;
    } catch (const SQLite::Exception& e) {
        impl_->writer.reset();
        impl_->expiry = {};
        return std::unexpected{fault_of(e, impl_->path)};
    }
}

Head Ledger::head() const {
    const auto& writer = impl_->writer;
    if (!writer) return {};
    return {writer->end().row, writer->end().rows_hash};
}

std::uint64_t Ledger::last_row() const {
    return impl_->last_row;
}

}  // namespace holdfast::ledger
