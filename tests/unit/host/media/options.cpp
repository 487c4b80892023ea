#include "host/media/options.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace holdfast::host;

namespace {
auto read(std::vector<const char*> words) {
    words.insert(words.begin(), "holdfast-media");
    return read_media_options(static_cast<int>(words.size()), words.data());
}
}  // namespace

TEST_CASE("media options: what may be said", "[host][options]") {
    const auto options = read({"--socket", "/run/holdfast/media"});
    REQUIRE(options);
    CHECK(options->socket == "/run/holdfast/media");
    CHECK(options->log_level == LogLevel::info);
    CHECK(read({"--socket=/x", "--log-level=debug"})->log_level == LogLevel::debug);
    CHECK(read({"--log-level", "error", "--socket", "/x"})->log_level == LogLevel::error);
}

// Wrong settings end with 78, so that nobody starts the program again and again.
TEST_CASE("media options: what is wrong is said", "[host][options]") {
    struct Case {
        std::vector<const char*> words;
        std::string_view want;
    };
    const auto c =
        GENERATE(Case{{}, "--socket is required"},
                 Case{{"--socket"}, "--socket: 1 required PATH missing"},
                 Case{{"--socket", ""}, "--socket: the path is empty"},
                 Case{{"--socket", "/x", "--log-level", "loud"},
                      "--log-level: 'loud' is none of debug, info, warning, error"},
                 Case{{"--socket", "/x", "more"}, "The following argument was not expected: more"});
    const auto usage = read(c.words);
    REQUIRE_FALSE(usage);
    CHECK(usage.error().exit_code == 78);
    CHECK(usage.error().text.find(c.want) != std::string::npos);
    CHECK(usage.error().text.find("Usage: holdfast-media --socket PATH") != std::string::npos);
}

TEST_CASE("media options: help is no fault", "[host][options]") {
    const auto usage = read({"--help"});
    REQUIRE_FALSE(usage);
    CHECK(usage.error().exit_code == 0);
    CHECK(usage.error().text.find("--log-level LEVEL") != std::string::npos);
}
