// The settings that newcomers copy have no faults, and the demonstration's have none once filled
// in.
#include "settings/settings.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>
#include <map>
#include <sstream>

using namespace holdfast;

namespace {
std::string content(const std::string& name) {
    std::ifstream in{std::string{EXAMPLE_SETTINGS_DIR} + "/" + name};
    REQUIRE(in);
    return {std::istreambuf_iterator<char>{in}, {}};
}
}  // namespace

TEST_CASE("example settings: what is copied has no faults", "[host][tool]") {
    const auto* const name = GENERATE("single_site.toml", "behind_a_pbx.toml");
    const auto read = settings::read(content(name));
    INFO((read ? "" : settings::text_of(read.error(), name)));
    REQUIRE(read);
    CHECK(read->engine.floor.queues.size() == 2);
    CHECK(read->engine.floor.agents.size() == 2);
    CHECK(read->engine.trunks.size() == 1);
}

/// What is commented out in the section about wallboards, taken in: lines that are no sentences.
std::string with_wallboards(const std::string& text) {
    const auto begin = text.find("# ---- Wallboards");
    REQUIRE(begin != text.npos);
    std::string out = text.substr(0, begin);
    std::istringstream lines{text.substr(begin)};
    for (std::string line; std::getline(lines, line);) {
        const bool setting = line.starts_with("# [") || line.starts_with("#  ") ||
                             line.starts_with("# ]") || line.find(" = ") != line.npos;
        out += (setting ? line.substr(2) : line) + "\n";
    }
    return out;
}

TEST_CASE("example settings: what is commented out about wallboards is right", "[host][tool]") {
    const auto read = settings::read(with_wallboards(content("single_site.toml")));
    INFO((read ? "" : settings::text_of(read.error(), "single_site.toml")));
    REQUIRE(read);
    CHECK(read->host.boards.size() == 2);
    CHECK(read->engine.wallboards.watches.size() == 1);
}

TEST_CASE("example settings: the demonstration's, filled in", "[host][tool]") {
    auto text = content("demo.toml.in");
    const std::map<std::string, std::string> values{{"@SIP_PORT@", "15060"},
                                                    {"@MEDIA_FIRST@", "20000"},
                                                    {"@MEDIA_LAST@", "20999"},
                                                    {"@CARRIER_PORT@", "15062"},
                                                    {"@DIR@", "/tmp/demo"},
                                                    {"@BOARD@", "/tmp/demo/board"},
                                                    {"@BOARD_WIDTH@", "80"},
                                                    {"@SOUNDS@", "/tmp/demo/sounds"}};
    for (const auto& [name, value] : values)
        for (auto at = text.find(name); at != text.npos; at = text.find(name, at + value.size()))
            text.replace(at, name.size(), value);
    const auto read = settings::read(text);
    INFO((read ? "" : settings::text_of(read.error(), "demo.toml.in")));
    REQUIRE(read);
    CHECK(read->engine.floor.queues.size() == 3);
    REQUIRE(read->engine.floor.agents.size() == 6);
    CHECK(read->engine.floor.agents[5].number == "106");
    for (std::uint32_t i = 0; i < 6; ++i)
        CHECK(read->engine.floor.agents[i].bound_device == DeviceId{i + 1});
}
