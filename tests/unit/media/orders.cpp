#include "media/orders.hpp"

#include "base/limits.hpp"
#include "base/random.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::media;

namespace {
Configure configure() {
    Configure order;
    order.media = {4};
    order.remote_rtp = {IpAddress::v4(192, 0, 2, 1), 4000};
    order.remote_rtcp = {IpAddress::v4(192, 0, 2, 1), 4001};
    order.codecs = {{8, Codec::pcma}, {0, Codec::pcmu}, {96, Codec::opus}};
    order.telephone_event = 101;
    order.silence_limit = 10s;
    return order;
}
std::vector<Order> orders() {
    return {Greet{77},
            Open{{4}, IpAddress::v4(192, 0, 2, 1), 20'000, true},
            configure(),
            Hear{{4}, HearNothing{}},
            Hear{{4}, HearEndpoint{{5}}},
            Hear{{4}, HearSource{{6}, true}},
            SendDigit{{4}, '#', 100},
            Close{{4}},
            LoadSource{{6}, "/music/wait.wav"},
            LoadTone{{6}, 440, 660, 200, 100, 3},
            media::List{},
            Say{{4}, {{6}, {7}}},
            MaskDigits{{4}, true}};
}
std::vector<Report> reports() {
    const Instant now{5s};
    Statistics statistics;
    statistics.packets_in = 9;
    statistics.round_trip_us = 11;
    return {Greeted{1},
            Opened{{4}, 20'000},
            OpenFailed{{4}, OpenFault::too_many, "why"},
            SourceLocked{{4}, {IpAddress::v4(1, 2, 3, 4), 5}, now},
            DigitHeard{{4}, '1', 100, true, now},
            PlayEnded{{4}, {6}, now},
            Silent{{4}, now},
            SoundReturned{{4}, now},
            Closed{{4}, statistics},
            SourceReady{{6}, 3s},
            SourceFailed{{6}, "why"},
            Listed{{4}, 20'000, now},
            ListEnded{},
            Health{1, 2, 3, 4, 5, 6, 7, 8},
            VoiceChanged{{4}, Voice::speaking, now},
            MuteChanged{{4}, Mute::muted, now}};
}
template <class Message>
Message changed(Message message, void (*change)(Message&)) {
    change(message);
    return message;
}
}  // namespace

TEST_CASE("orders: every order and report comes back as it was", "[media][orders]") {
    REQUIRE(orders().size() == std::variant_size_v<Order> + 2);
    for (const auto& order : orders()) {
        const auto bytes = to_bytes(order);
        CHECK(bytes.size() <= most_message_bytes);
        const auto back = read_order(bytes);
        REQUIRE(back);
        CHECK(back->index() == order.index());
        CHECK(to_bytes(*back) == bytes);
    }
    REQUIRE(reports().size() == std::variant_size_v<Report>);
    for (const auto& report : reports()) {
        const auto bytes = to_bytes(report);
        const auto back = read_report(bytes);
        REQUIRE(back);
        CHECK(to_bytes(*back) == bytes);
    }
}

TEST_CASE("orders: another version is told apart from rubbish", "[media][orders]") {
    auto bytes = to_bytes(Order{media::List{}});
    bytes[0] = protocol_version + 1;
    CHECK(read_order(bytes).error() == OrderFault::other_version);
    CHECK(read_order("").error() == OrderFault::unreadable);
    CHECK(read_order(std::string{static_cast<char>(protocol_version), '\x63'}).error() ==
          OrderFault::unreadable);
}

TEST_CASE("orders: every cut and every tail is a fault", "[media][orders]") {
    for (const auto& order : orders()) {
        const auto bytes = to_bytes(order);
        for (std::size_t n = 0; n < bytes.size(); ++n)
            CHECK_FALSE(read_order(std::string_view{bytes}.substr(0, n)));
        CHECK_FALSE(read_order(bytes + '\0'));
    }
}

TEST_CASE("orders: longer than a message or a path may be", "[media][orders]") {
    CHECK(read_order(to_bytes(Order{LoadSource{{6}, std::string(most_path_bytes, 'a')}})));
    CHECK_FALSE(
        read_order(to_bytes(Order{LoadSource{{6}, std::string(most_path_bytes + 1, 'a')}})));
    CHECK_FALSE(read_order(to_bytes(Order{LoadSource{{6}, ""}})));
    CHECK_FALSE(read_order(to_bytes(Order{LoadSource{{6}, std::string(most_message_bytes, 'a')}})));
}

// A wrong byte is a fault, never a wrong order.
TEST_CASE("orders: values that mean nothing are faults", "[media][orders]") {
    const auto refused = [](const auto& message) { return !read_order(to_bytes(Order{message})); };
    CHECK(refused(changed<Configure>(
        configure(), [](Configure& c) { c.codecs[1].codec = static_cast<Codec>(4); })));
    CHECK(refused(changed<Configure>(configure(), [](Configure& c) { c.codecs[1].number = 128; })));
    CHECK(refused(changed<Configure>(configure(), [](Configure& c) {
        c.remote_rtp.address.family = static_cast<IpAddress::Family>(3);
    })));
    CHECK(refused(changed<Configure>(configure(), [](Configure& c) { c.telephone_event = 128; })));
    CHECK(refused(
        changed<Configure>(configure(), [](Configure& c) { c.telephone_event_hertz = 0; })));
    CHECK(refused(changed<Configure>(configure(), [](Configure& c) {
        c.codecs.assign(limits::media_codecs + 1, {8, Codec::pcma});
    })));
    CHECK(refused(changed<Configure>(configure(), [](Configure& c) { c.media = {}; })));
    CHECK(refused(Hear{{4}, HearEndpoint{{0}}}));
    CHECK(refused(Hear{{4}, HearSource{{0}, true}}));
    CHECK(refused(SendDigit{{4}, 'E', 100}));
    CHECK(refused(SendDigit{{4}, '\0', 100}));
    CHECK(refused(Close{{0}}));
    CHECK_FALSE(read_report(to_bytes(Report{OpenFailed{{4}, static_cast<OpenFault>(3), ""}})));
}

TEST_CASE("orders: as many codecs as fit", "[media][orders]") {
    auto order = configure();
    order.codecs.assign(limits::media_codecs, {8, Codec::pcma});
    CHECK(read_order(to_bytes(Order{order})));
}

TEST_CASE("orders: damaged bytes give an order that could have been sent, or none",
          "[media][orders]") {
    Random random = Random::from(6);
    const auto all = orders();
    for (int i = 0; i < 40'000; ++i) {
        auto bytes = to_bytes(all[random.below(static_cast<std::uint32_t>(all.size()))]);
        for (auto n = 1 + random.below(3); n > 0; --n)
            bytes[random.below(static_cast<std::uint32_t>(bytes.size()))] =
                static_cast<char>(random.below(256));
        const auto back = read_order(bytes);
        if (back) CHECK(to_bytes(*back) == bytes);
    }
}
