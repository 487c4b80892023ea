#include "settings/reader.hpp"

#include "base/limits.hpp"
#include "settings/unquoted.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace holdfast::settings {

std::string text_of(const std::vector<Fault>& faults, std::string_view file) {
    std::string text;
    for (const auto& f : faults)
        text += f.line == 0 ? fmt::format("{}: {}\n", file, f.what)
                            : fmt::format("{}:{}: {}\n", file, f.line, f.what);
    return text;
}

std::expected<Settings, std::vector<Fault>> read(
    std::string_view toml, const std::function<bool(const std::string&)>& readable) {
    if (auto fault = unquoted_letter(toml)) return std::unexpected{std::vector{std::move(*fault)}};
    std::vector<Fault> faults;
    Settings settings;
    try {
        const auto root = toml::parse(toml);
        settings = Reader{readable, faults}.read(root);
    } catch (const toml::parse_error& e) {
        // What follows a syntax error cannot be read, so it is the only fault we can be sure of.
        faults = {{e.source().begin.line, fmt::format("not TOML: {}", e.description())}};
    }
    if (faults.empty()) return settings;
    std::ranges::stable_sort(faults, {}, &Fault::line);
    return std::unexpected{std::move(faults)};
}

Settings Reader::read(const toml::table& root) {
    Section top{root, "file", faults_};
    using Step = void (Reader::*)(Section&);
    constexpr std::pair<std::string_view, Step> singles[] = {
        {"site", &Reader::site},
        {"media", &Reader::media},
        {"registrar", &Reader::registrar},
        {"codes", &Reader::codes},
        {"speech", &Reader::speech},
        {"emergency", &Reader::emergency},
    };
    constexpr std::pair<std::string_view, Step> lists[] = {
        {"listen", &Reader::listen},
        {"class", &Reader::service_class},
        {"queue", &Reader::queue},
        {"phone", &Reader::phone},
        {"agent", &Reader::agent},
        {"trunk", &Reader::trunk},
        // These name queues, which are known by now.
        {"bitmap", &Reader::bitmap},
        {"layout", &Reader::layout},
        {"alarm", &Reader::watch},
        {"wallboard", &Reader::board},
    };
    // The class without a name: nothing external.
    out_.engine.classes.push_back({});
    out_.engine.class_trunks.push_back({});
    std::vector<std::string_view> known;
    for (const auto& [key, step] : singles) {
        known.push_back(key);
        one(root, key, [this, read = step](Section& s) { (this->*read)(s); });
    }
    for (const auto& [key, step] : lists) {
        known.push_back(key);
        each(root, key, [this, read = step](Section& s) { (this->*read)(s); });
    }
    for (const auto& resolve : later_)
        resolve();
    for (const auto& [key, value] : root)
        if (std::ranges::find(known, std::string_view{key.str()}) == known.end())
            faults_.push_back(
                {value.source().begin.line,
                 fmt::format(
                     "[{}] is no section; known are {}", key.str(), fmt::join(known, ", "))});
    if (out_.engine.listeners.empty())
        faults_.push_back(
            {0, "no [[listen]]: write at least one, with transport, address and port"});
    if (!out_.engine.media.bind)
        faults_.push_back({0, "[media] address is missing: the appliance's own address for audio"});
    return std::move(out_);
}

void Reader::one(const toml::table& root,
                 std::string_view key,
                 const std::function<void(Section&)>& read) {
    static const toml::table empty;
    const auto* n = root.get(key);
    const auto* table = n == nullptr ? &empty : n->as_table();
    if (table == nullptr) {
        faults_.push_back({n->source().begin.line, fmt::format("write [{}], one section", key)});
        return;
    }
    Section s{*table, fmt::format("[{}]", key), faults_};
    read(s);
    s.finish();
}

void Reader::each(const toml::table& root,
                  std::string_view key,
                  const std::function<void(Section&)>& read) {
    const auto* n = root.get(key);
    if (n == nullptr) return;
    const auto* list = n->as_array();
    if (list == nullptr) {
        faults_.push_back(
            {n->source().begin.line, fmt::format("write [[{}]], with two brackets", key)});
        return;
    }
    for (const auto& item : *list) {
        const auto* table = item.as_table();
        if (table == nullptr) continue;
        Section s{*table, fmt::format("[[{}]]", key), faults_};
        read(s);
        s.finish();
    }
}

std::string Reader::unique_name(Section& s, std::string_view key, std::string_view kind) {
    auto name = s.wanted(key);
    auto& known = names_[std::string{kind}];
    const auto index = static_cast<std::uint32_t>(known.size()) + 1;
    if (name.size() > limits::name_bytes)
        s.fault(key, fmt::format("{} is longer than {} characters", key, limits::name_bytes));
    if (!name.empty()) s.set_name(fmt::format("{} \"{}\"", kind, name));
    const auto stored = name.empty() ? fmt::format(" {}", index) : name;
    if (!known.emplace(stored, index).second) {
        s.fault(key, fmt::format("there is a {} \"{}\" already", kind, name));
        known.emplace(fmt::format(" {}", index), index);
    }
    return name;
}

std::uint32_t Reader::index_in(std::string_view kind, const std::string& name) const {
    const auto k = names_.find(kind);
    if (k == names_.end()) return 0;
    const auto it = k->second.find(name);
    return it == k->second.end() ? 0 : it->second;
}

void Reader::refer(Section& s,
                   std::string_view key,
                   std::string_view kind,
                   const std::string& name,
                   std::function<void(std::uint32_t)> take) {
    if (name.empty()) return;
    const auto line = s.line_of(key);
    later([this,
           line,
           who = s.name(),
           key = std::string{key},
           kind = std::string{kind},
           name,
           take = std::move(take)] {
        if (const auto index = index_in(kind, name); index != 0) return take(index);
        faults_.push_back(
            {line,
             fmt::format("{}: {} names {} \"{}\", which does not exist", who, key, kind, name)});
    });
}

}  // namespace holdfast::settings
