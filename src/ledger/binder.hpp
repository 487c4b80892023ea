// ledger/binder.hpp: a row's values into its statement and into its content, in one go: what is
// hashed is what is stored.
#pragma once
#include "acd/ledger_row.hpp"
#include "base/time.hpp"
#include "ledger/content.hpp"
#include "ledger/sha256.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace holdfast::ledger {

/// Nothing for none: an agent's segment without a call.
inline std::string_view bytes_of(const acd::Uuid& uuid) {
    if (uuid == acd::Uuid{}) return "";
    return {reinterpret_cast<const char*>(uuid.data()), uuid.size()};
}

struct Blob {
    std::string_view bytes;
};

/// Binds a row's values in order, and gathers the same as its content.
class Binder {
public:
    Binder(SQLite::Statement& statement, Content& content)
        : statement_{statement}, content_{content} {}

    void bind(std::int64_t number) {
        statement_.bind(++at_, number);
        content_.integer(number);
    }
    void bind(std::uint64_t number) { bind(static_cast<std::int64_t>(number)); }
    void bind(Instant instant) { bind(instant.time_since_epoch().count()); }
    void bind(WallInstant wall) { bind(wall.time_since_epoch().count()); }
    void bind(const acd::Stamp& stamp) {
        bind(stamp.utc);
        bind(std::int64_t{stamp.utc_offset_s});
    }
    /// A column that came later: no part of the content where there is none.
    void bind(const std::optional<std::uint32_t>& number) {
        if (number) return bind(std::int64_t{*number});
        statement_.bind(++at_);
    }
    void bind(const std::string& text) {
        statement_.bindNoCopy(++at_, text);
        content_.text(text);
    }
    void bind(std::string_view text) {
        statement_.bind(++at_, std::string{text});
        content_.text(text);
    }
    void bind(const acd::Uuid& uuid) { bind(Blob{bytes_of(uuid)}); }
    void bind(Blob blob) {
        statement_.bindNoCopy(++at_, blob.bytes.data(), static_cast<int>(blob.bytes.size()));
        content_.blob(blob.bytes);
    }
    /// Columns that are not part of the content. The bytes must live until the statement has run.
    void bind_hash(const Hash& hash) { bind_beside(bytes_of(hash)); }
    void bind_beside(std::string_view blob) {
        statement_.bindNoCopy(++at_, blob.data(), static_cast<int>(blob.size()));
    }

private:
    SQLite::Statement& statement_;
    Content& content_;
    int at_ = 0;
};

}  // namespace holdfast::ledger
