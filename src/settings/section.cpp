#include "settings/section.hpp"

#include "base/ascii.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace holdfast::settings {
namespace {

/// How many letters must change to make one word the other (Levenshtein), for short words.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = std::exchange(row[j], std::min({changed, row[j] + 1, row[j - 1] + 1}));
        }
    }
    return row.back();
}

std::string nearest(std::string_view word, const std::vector<std::string_view>& known) {
    constexpr std::size_t longest = 40;
    if (word.size() > longest) return {};
    std::string_view best;
    std::size_t best_distance = 3;
    for (const auto k : known)
        if (const auto d = distance(word, k); d < best_distance) best = k, best_distance = d;
    return best.empty() ? std::string{} : fmt::format("; did you mean {}?", best);
}

struct Unit {
    std::string_view name;
    Micros length;
};
constexpr std::array<Unit, 5> units{{{"ms", 1ms}, {"s", 1s}, {"m", 1min}, {"h", 1h}, {"d", 24h}}};

}  // namespace

std::optional<Micros> parse_span(std::string_view text) {
    if (text.empty()) return std::nullopt;
    Micros total{};
    while (!text.empty()) {
        std::int32_t count = 0;
        const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), count);
        if (code != std::errc{} || count < 0) return std::nullopt;
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        const auto letters = std::min(text.find_first_of("0123456789"), text.size());
        const auto unit = std::ranges::find(units, text.substr(0, letters), &Unit::name);
        if (unit == units.end()) return std::nullopt;
        total += unit->length * count;
        text.remove_prefix(letters);
    }
    return total;
}

std::string span_text(Micros span) {
    if (span == 0us) return "0s";
    for (const auto& unit : {units[3], units[2], units[1], units[0]})
        if (span % unit.length == 0us) return fmt::format("{}{}", span / unit.length, unit.name);
    return fmt::format("{}us", span.count());
}

std::uint32_t Section::line_of(std::string_view key) const {
    const auto* n = table_.get(key);
    return n == nullptr ? line() : n->source().begin.line;
}

void Section::fault(std::string_view key, std::string what) {
    faults_.push_back({line_of(key), fmt::format("{}: {}", name_, what)});
}

const toml::node* Section::node(std::string_view key) {
    asked_.emplace(key);
    return table_.get(key);
}

void Section::wrong_kind(std::string_view key, std::string_view wanted) {
    fault(key, fmt::format("{} must be {}", key, wanted));
}

void Section::not_one_of(std::string_view key,
                         std::string_view word,
                         const std::vector<std::string_view>& names) {
    fault(key,
          fmt::format("{} = \"{}\" is not known; use one of {}{}",
                      key,
                      word,
                      fmt::join(names, ", "),
                      nearest(word, names)));
}

std::string Section::text(std::string_view key, std::string_view standard) {
    const auto* n = node(key);
    if (n == nullptr) return std::string{standard};
    if (const auto* s = n->as_string()) return s->get();
    wrong_kind(key, "a text in quotes");
    return std::string{standard};
}

std::string Section::wanted(std::string_view key) {
    auto value = text(key);
    const auto* n = table_.get(key);
    if (n == nullptr)
        fault(key, fmt::format("{} is missing; write {} = \"...\"", key, key));
    else if (n->is_string() && value.empty())
        fault(key, fmt::format("{} must not be empty", key));
    return value;
}

std::vector<std::string> Section::texts(std::string_view key) {
    std::vector<std::string> all;
    const auto* n = node(key);
    if (n == nullptr) return all;
    const auto* list = n->as_array();
    if (list == nullptr) {
        wrong_kind(key, "a list of texts, as in [\"one\", \"two\"]");
        return all;
    }
    for (const auto& item : *list) {
        if (const auto* s = item.as_string())
            all.push_back(s->get());
        else
            wrong_kind(key, "a list of texts only, as in [\"one\", \"two\"]");
    }
    return all;
}

const toml::array* Section::list(std::string_view key) {
    const auto* n = node(key);
    if (n == nullptr) return nullptr;
    if (const auto* items = n->as_array()) return items;
    wrong_kind(key, "a list in [ ]");
    return nullptr;
}

std::vector<Section> Section::tables(std::string_view key, const std::string& name) {
    std::vector<Section> all;
    const auto* items = list(key);
    if (items == nullptr) return all;
    for (const auto& item : *items) {
        if (const auto* table = item.as_table())
            all.emplace_back(*table, name, faults_);
        else
            wrong_kind(key, "a list of tables");
    }
    return all;
}

std::int64_t Section::number(std::string_view key,
                             std::int64_t standard,
                             std::int64_t least,
                             std::int64_t most) {
    const auto* n = node(key);
    if (n == nullptr) return standard;
    const auto* i = n->as_integer();
    if (i == nullptr) {
        wrong_kind(key, fmt::format("a whole number from {} to {}", least, most));
        return standard;
    }
    if (i->get() >= least && i->get() <= most) return i->get();
    fault(key, fmt::format("{} = {} is outside {} to {}", key, i->get(), least, most));
    return standard;
}

bool Section::flag(std::string_view key, bool standard) {
    const auto* n = node(key);
    if (n == nullptr) return standard;
    if (const auto* b = n->as_boolean()) return b->get();
    wrong_kind(key, "true or false");
    return standard;
}

Micros Section::span(std::string_view key, Micros standard, Micros least, Micros most) {
    const auto* n = node(key);
    if (n == nullptr) return standard;
    const auto* s = n->as_string();
    const auto span = s == nullptr ? std::nullopt : parse_span(s->get());
    if (!span) {
        wrong_kind(key, "a time such as \"20s\", \"10m\" or \"1h30m\"");
        return standard;
    }
    if (*span >= least && *span <= most) return *span;
    fault(key,
          fmt::format(
              "{} = \"{}\" is outside {} to {}", key, s->get(), span_text(least), span_text(most)));
    return standard;
}

IpAddress Section::address(std::string_view key) {
    const auto value = text(key);
    if (value.empty()) return {};
    const auto address = parse_address(value);
    if (address) return *address;
    fault(key,
          fmt::format("{} = \"{}\" is no IP address; names are not looked up here", key, value));
    return {};
}

std::string Section::file(std::string_view key,
                          const std::function<bool(const std::string&)>& readable) {
    auto path = text(key);
    if (!path.empty() && readable && !readable(path))
        fault(key,
              fmt::format("{} = \"{}\" cannot be read; check path and permissions", key, path));
    return path;
}

void Section::finish() {
    const std::vector<std::string_view> known(asked_.begin(), asked_.end());
    for (const auto& [key, value] : table_) {
        const std::string_view name{key.str()};
        if (asked_.contains(name)) continue;
        faults_.push_back(
            {value.source().begin.line,
             fmt::format("{}: \"{}\" is no setting{}", name_, name, nearest(name, known))});
    }
}

}  // namespace holdfast::settings
