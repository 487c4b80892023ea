#include "base/codec.hpp"

#include "base/random.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

using namespace holdfast;

namespace {
enum class Colour : std::uint8_t { red, green };
struct Inner {
    int a = 0;
    std::string name;
    bool operator==(const Inner&) const = default;
};
struct Everything {
    std::uint8_t small = 0;
    Colour colour{};
    bool yes = false;
    double real = 0;
    Instant when{};
    Micros span{};
    CallId id{};
    std::optional<Inner> maybe;
    std::vector<Inner> many;
    std::array<std::uint16_t, 3> three{};
    std::variant<int, std::string, Inner> one_of;
    std::string text;
    bool operator==(const Everything&) const = default;
};
const Everything sample{7,
                        Colour::green,
                        true,
                        1.5,
                        Instant{12us},
                        34us,
                        CallId{56},
                        Inner{1, "in"},
                        {{2, "a"}, {3, ""}},
                        {{1, 2, 3}},
                        Inner{9, "v"},
                        std::string("t\0x", 3)};
}  // namespace

static_assert(field_count<Everything> == 12);
static_assert(field_count<Inner> == 2);

TEST_CASE("a struct comes back as it was", "[base][codec]") {
    std::string bytes;
    encode(sample, bytes);
    const auto back = decode<Everything>(bytes);
    REQUIRE(back);
    CHECK(*back == sample);
    CHECK(decode<Everything>(bytes + "x") == std::nullopt);
}

TEST_CASE("every cut of the bytes is a fault, never a wrong value", "[base][codec]") {
    std::string bytes;
    encode(sample, bytes);
    for (std::size_t n = 0; n < bytes.size(); ++n)
        CHECK_FALSE(decode<Everything>(std::string_view{bytes}.substr(0, n)));
}

TEST_CASE("a length that promises more than there is costs nothing", "[base][codec]") {
    const std::string bytes{"\xff\xff\xff\xff", 4};
    CHECK_FALSE(decode<std::string>(bytes));
    CHECK_FALSE(decode<std::vector<Inner>>(bytes));
}

TEST_CASE("damaged bytes are read or refused, without harm", "[base][codec]") {
    std::string good;
    encode(sample, good);
    Random random = Random::from(1);
    for (int i = 0; i < 20'000; ++i) {
        std::string bytes = good;
        for (auto n = 1 + random.below(4); n > 0; --n)
            bytes[random.below(static_cast<std::uint32_t>(bytes.size()))] =
                static_cast<char>(random.below(256));
        static_cast<void>(decode<Everything>(bytes));
    }
}
