#include "settings/unquoted.hpp"

#include <catch2/catch.hpp>

#include <string>

using holdfast::settings::read;
using holdfast::settings::unquoted_letter;

TEST_CASE("settings: letters of the world stand in comments and in every kind of text",
          "[settings]") {
    const std::string allowed[] = {
        "\xef\xbb\xbf[site]\nname = \"a\"\n",
        "# Gr\u00fc\u00dfe\nx = 1",
        "x = \"M\u00fcller \\\"\u00e4\\\" # kein Kommentar\" # \u00e4",
        "x = 'M\u00fcller \\' # \u00e4",
        "x = \"\"\"\u00e4\n\" \u00f6 \"\" \u00fc\"\"\"\ny = 1",
        "x = \"\"\"\u00e4\"\"\"\"\"\ny = 1",
        "x = '''\u00e4\n' '''\n",
        "x = \"\u00e4",
        "",
    };
    for (const auto& toml : allowed) {
        CAPTURE(toml);
        CHECK_FALSE(unquoted_letter(toml));
    }
}

TEST_CASE("settings: a letter outside ASCII without quotes is told with its line", "[settings]") {
    const std::string wrong[] = {
        "x = 1\n\u00e4 = 2",
        "x = \"\"\"\n\"\"\" \u00e4",
        "x = '''\n'''\u00e4",
        "# \u00e4\n\u01a8",
        "x = '\u00e4\n\u00e4",
        "x = \"\"\"\n\"\"\"\"\"\u00e4",
    };
    for (const auto& toml : wrong) {
        CAPTURE(toml);
        const auto fault = unquoted_letter(toml);
        REQUIRE(fault);
        CHECK(fault->line == 2);
        CHECK(read(toml).error().front().what == fault->what);
    }
}
