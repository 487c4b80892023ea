// settings/section.hpp: one table of the file, read key by key. What is wrong is noted and reading
// goes on; a key nobody asked for is a fault too, with the nearest known one named.
#pragma once
#include "base/address.hpp"
#include "base/enum_text.hpp"
#include "base/time.hpp"
#include "settings/settings.hpp"

// toml++ 3.3 asserts on some texts that are no TOML; without that they are parse errors.
#define TOML_ASSERT(expression) static_cast<void>(0)
#include <toml++/toml.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace holdfast::settings {

class Section {
public:
    Section(const toml::table& table, std::string name, std::vector<Fault>& faults)
        : table_{table}, name_{std::move(name)}, faults_{faults} {}

    bool has(std::string_view key) const { return table_.contains(key); }
    std::uint32_t line() const { return table_.source().begin.line; }
    std::uint32_t line_of(std::string_view key) const;
    const std::string& name() const { return name_; }
    void set_name(std::string name) { name_ = std::move(name); }

    std::string text(std::string_view key, std::string_view standard = {});
    /// A text that must be there and not be empty.
    std::string wanted(std::string_view key);
    std::vector<std::string> texts(std::string_view key);
    std::int64_t number(std::string_view key,
                        std::int64_t standard,
                        std::int64_t least,
                        std::int64_t most);
    bool flag(std::string_view key, bool standard);
    /// "20s", "10m", "1h30m", "500ms"; between `least` and `most`.
    Micros span(std::string_view key, Micros standard, Micros least, Micros most);
    IpAddress address(std::string_view key);
    /// The elements of a list of tables (`[[section.key]]`), each read as `name`.
    std::vector<Section> tables(std::string_view key, const std::string& name);
    /// A list of whatever; nullptr where there is none.
    const toml::array* list(std::string_view key);
    std::string file(std::string_view key, const std::function<bool(const std::string&)>& readable);

    /// One of the enumerators of T, by its name; `standard` where the key is absent.
    template <class T>
    T choice(std::string_view key, T standard) {
        const auto word = text(key);
        if (!has(key)) return standard;
        std::vector<std::string_view> names;
        for (const T known : every<T>) {
            names.push_back(holdfast::text(known));
            if (names.back() == word) return known;
        }
        not_one_of(key, word, names);
        return standard;
    }

    void fault(std::string_view key, std::string what);
    /// A key whose value cannot be judged, as another one is wrong.
    void ignore(std::string_view key) { asked_.emplace(key); }
    /// Call last: every key that was not asked for is a fault.
    void finish();

private:
    const toml::node* node(std::string_view key);
    void wrong_kind(std::string_view key, std::string_view wanted);
    void not_one_of(std::string_view key,
                    std::string_view word,
                    const std::vector<std::string_view>& names);

    const toml::table& table_;
    std::string name_;
    std::vector<Fault>& faults_;
    std::set<std::string, std::less<>> asked_;
};

/// "1h30m" and the like; nothing where it is none.
std::optional<Micros> parse_span(std::string_view text);
/// "10 s", "2 min" for messages.
std::string span_text(Micros span);

}  // namespace holdfast::settings
