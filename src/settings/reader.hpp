// settings/reader.hpp: the sections of the file, one function each. Names are resolved when all of
// them are known, so that order in the file does not matter.
#pragma once
#include "boards/appliance.hpp"
#include "settings/section.hpp"
#include "wallboard/ready_made.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace holdfast::settings {

class Reader {
public:
    Reader(const std::function<bool(const std::string&)>& readable, std::vector<Fault>& faults)
        : readable_{readable}, faults_{faults} {}

    Settings read(const toml::table& root);

private:
    /// Reads every table of a `[[key]]` list.
    void each(const toml::table& root,
              std::string_view key,
              const std::function<void(Section&)>& read);
    void one(const toml::table& root,
             std::string_view key,
             const std::function<void(Section&)>& read);
    /// A name that must be given once and not twice among its kind.
    std::string unique_name(Section& s, std::string_view key, std::string_view kind);
    void later(std::function<void()> resolve) { later_.push_back(std::move(resolve)); }
    std::uint32_t index_in(std::string_view kind, const std::string& name) const;
    void refer(Section& s,
               std::string_view key,
               std::string_view kind,
               const std::string& name,
               std::function<void(std::uint32_t)> take);

    // read_site.cpp
    void site(Section& s);
    void retention(Section& s);
    void read_appliance(Section& s);
    void listen(Section& s);
    void media(Section& s);
    void registrar(Section& s);
    void codes(Section& s);
    void speech(Section& s);
    void emergency(Section& s);
    // read_floor.cpp
    void queue(Section& s);
    void agent(Section& s);
    void own_numbers(Section& s, acd::AgentSettings& a, std::size_t index);
    void own_phone(Section& s, const acd::AgentSettings& a, std::size_t index);
    void phone(Section& s);
    void service_class(Section& s);
    // read_layout.cpp
    void bitmap(Section& s);
    void layout(Section& s);
    void page(Section& s, wallboard::Layout& layout);
    void row(Section& page, const toml::node& items, wallboard::Row& row);
    wallboard::Cell cell(Section& s);
    void value_cell(Section& s, wallboard::Cell& cell);
    void drawn_cell(Section& s, wallboard::Cell& cell);
    void bitmap_cell(Section& s, wallboard::Cell& cell);
    bool read_value(Section& s, std::string_view key, wallboard::Cell& cell);
    void read_full(Section& s, wallboard::Cell& cell);
    void marks(Section& s, wallboard::Cell& cell);
    void take_bitmaps(Section& s, wallboard::Layout& layout);
    // read_wallboard.cpp
    void watch(Section& s);
    void board(Section& s);
    void line(Section& s, wallboard::BoardSettings& board);
    void share_line(Section& s,
                    const wallboard::BoardSettings& board,
                    const wallboard::BoardSettings& other);
    void geometry(Section& s, wallboard::BoardSettings& board);
    void alpha(Section& s, wallboard::BoardSettings& board);
    void rate_and_format(Section& s, wallboard::BoardSettings& b, bool is_alpha);
    void choose_layout(Section& s, wallboard::BoardSettings& board);
    void ready_made_layout(Section& s, wallboard::BoardSettings& board, wallboard::ReadyMade which);
    void no_layout(Section& s, const std::string& name);
    void check_updates(Section& s, const wallboard::BoardSettings& board);
    std::size_t scope(Section& s, const wallboard::Value& value);
    std::string no_escalation(const wallboard::Value& value, std::size_t queue) const;
    std::string no_escalation(const wallboard::Layout& layout) const;
    // read_trunk.cpp
    void trunk(Section& s);
    void choose_listener(Section& s, std::uint32_t trunk);
    void rules(Section& s, std::string_view key, std::vector<engine::NumberRule>& rules);

    std::vector<AudioCodec> codecs(Section& s, std::string_view key);
    acd::OpeningHours hours(Section& s);

    const std::function<bool(const std::string&)>& readable_;
    std::vector<Fault>& faults_;
    Settings out_;
    std::vector<std::function<void()>> later_;
    std::vector<wallboard::Layout> layouts_;
    std::vector<wallboard::Bitmap> bitmaps_;
    const boards::Appliance* appliance_ = nullptr;
    std::map<std::string, std::map<std::string, std::uint32_t>, std::less<>> names_;  // kind, name
    std::map<std::string, std::pair<std::string, std::uint32_t>> numbers_;  // number: owner, line
};

}  // namespace holdfast::settings
