#include "media/media_server.hpp"

#include "calls.hpp"
#include "talker.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::media;

namespace {
constexpr Instant t0 = start_of_test;
constexpr MediaId alice{1};
constexpr MediaId bob{2};
constexpr MediaId carol{3};

struct Exchange {
    FakeWire wire;
    std::unique_ptr<MediaServer> server =
        std::make_unique<MediaServer>(Seed{}, WallAnchor{.at = t0}, wire);
    Instant now = t0;

    Slot open(MediaId media, const Endpoint& remote) {
        const auto slot = server->open(media, 20'000);
        REQUIRE(slot);
        REQUIRE(server->take(party(media, remote), now));
        return *slot;
    }
    void hear(MediaId who, const decltype(Hear::what)& what) {
        REQUIRE(server->take(Hear{who, what}, now));
    }
    void run(Micros span) {
        const Instant until = now + span;
        while (server->next_deadline() <= until) {
            now = server->next_deadline();
            server->advance(now);
        }
        now = until;
    }
    void say(Slot slot, Phone& phone, std::uint8_t octet = 0xd5) {
        server->receive(slot, Channel::rtp, phone.from, phone.sound(octet), now, now);
    }
};
}  // namespace

TEST_CASE("server: two parties hear each other", "[media][server]") {
    Exchange x;
    const Slot a = x.open(alice, at(1, 4000));
    const Slot b = x.open(bob, at(2, 4000));
    x.hear(alice, HearEndpoint{bob});
    x.hear(bob, HearEndpoint{alice});
    Phone phone_a{.from = at(1, 4000)};
    Phone phone_b{.from = at(2, 4000)};
    for (int i = 0; i < 10; ++i) {
        x.say(a, phone_a, 0x11);
        x.say(b, phone_b, 0x22);
        x.now += 20ms;
    }
    REQUIRE(x.wire.rtp_of(a).size() == 10);
    REQUIRE(x.wire.rtp_of(b).size() == 10);
    CHECK(x.wire.rtp_of(a)[0].bytes.back() == 0x22);
    CHECK(x.wire.rtp_of(a)[0].to == at(1, 4000));
    CHECK(x.wire.rtp_of(b)[0].bytes.back() == 0x11);
    CHECK(x.server->health().packets_relayed == 20);
    CHECK(x.server->health().endpoints == 2);
}

TEST_CASE("server: one party may be heard by several, and by itself", "[media][server]") {
    Exchange x;
    const Slot a = x.open(alice, at(1, 4000));
    const Slot b = x.open(bob, at(2, 4000));
    const Slot c = x.open(carol, at(3, 4000));
    x.hear(alice, HearEndpoint{alice});
    x.hear(bob, HearEndpoint{alice});
    x.hear(carol, HearEndpoint{alice});
    Phone phone{.from = at(1, 4000)};
    x.say(a, phone);
    for (const Slot slot : {a, b, c})
        CHECK(x.wire.rtp_of(slot).size() == 1);
    x.hear(bob, HearNothing{});
    x.hear(carol, HearEndpoint{bob});
    x.say(a, phone);
    CHECK(x.wire.rtp_of(a).size() == 2);
    CHECK(x.wire.rtp_of(b).size() == 1);
    CHECK(x.wire.rtp_of(c).size() == 1);
}

TEST_CASE("server: three hear each other in a conference, until two are left", "[media][server]") {
    Exchange x;
    std::array<Slot, 3> slots{
        x.open(alice, at(1, 4000)), x.open(bob, at(2, 4000)), x.open(carol, at(3, 4000))};
    const std::array parties{alice, bob, carol};
    std::vector<Talker> talkers;
    for (const double hertz : {440.0, 660.0, 880.0})
        talkers.emplace_back(Codec::pcma, hertz);
    for (const MediaId party : parties)
        x.hear(party, HearConference{{5}});
    const Instant began = x.now;
    std::array<Phone, 3> phones{
        Phone{.from = at(1, 4000)}, Phone{.from = at(2, 4000)}, Phone{.from = at(3, 4000)}};
    const auto talk = [&](Micros span) {
        for (const Instant until = x.now + span; x.now < until; x.run(1ms))
            for (std::size_t i = 0; i < 3; ++i)
                talkers[i].deliver(x.now - began, [&](const Heard& heard) {
                    const auto packet = phones[i].packet(
                        {heard.packet.payload.begin(), heard.packet.payload.end()});
                    phones[i].timestamp += 160;
                    x.server->receive(slots[i], Channel::rtp, phones[i].from, packet, x.now, x.now);
                });
    };
    const auto hears = [&](std::size_t who, double hertz) {
        const auto decoder = facts_of(Codec::pcma).make_voice();
        test::Sound all;
        for (const auto& packet : x.wire.rtp_of(slots[who])) {
            std::array<std::int16_t, most_voice> samples;
            const auto made = decoder->decode(packet.rtp().payload, samples);
            all.insert(all.end(), samples.begin(), samples.begin() + static_cast<long>(made));
        }
        return all.size() > 8000 && test::strength(std::span{all}.last(4000), hertz, 8000) > 8000;
    };
    talk(1200ms);
    for (std::size_t who = 0; who < 3; ++who)
        for (std::size_t whom = 0; whom < 3; ++whom)
            CHECK(hears(who, 440 + 220 * static_cast<double>(whom)) == (who != whom));
    x.hear(alice, HearEndpoint{bob});
    x.hear(bob, HearEndpoint{alice});
    x.server->take(Close{carol}, x.now);
    talk(1s);
    CHECK(hears(0, 660));
    CHECK(hears(1, 440));
    CHECK_FALSE(hears(0, 880));
    // Nobody is left in it: whoever comes begins it anew.
    x.hear(alice, HearConference{{5}});
    CHECK_FALSE(x.server->take(Hear{MediaId{99}, HearConference{{5}}}, x.now));
}

// After the media process has died, the daemon opens endpoints in any order.
TEST_CASE("server: hearing one that opens later, and one that closes and opens again",
          "[media][server]") {
    Exchange x;
    const Slot a = x.open(alice, at(1, 4000));
    x.hear(alice, HearEndpoint{bob});
    Slot b = x.open(bob, at(2, 4000));
    Phone phone{.from = at(2, 4000)};
    x.say(b, phone);
    CHECK(x.wire.rtp_of(a).size() == 1);
    x.server->take(Close{bob}, x.now);
    x.say(b, phone);  // a datagram that was on its way
    b = x.open(bob, at(2, 4000));
    x.say(b, phone);
    CHECK(x.wire.rtp_of(a).size() == 2);
}

TEST_CASE("server: a listener that closed is not relayed to", "[media][server]") {
    Exchange x;
    const Slot a = x.open(alice, at(1, 4000));
    const Slot b = x.open(bob, at(2, 4000));
    x.hear(alice, HearEndpoint{bob});
    x.server->take(Close{alice}, x.now);
    const Slot c = x.open(carol, at(3, 4000));
    CHECK(c == a);  // the slot is given anew
    x.wire.clear();
    Phone phone{.from = at(2, 4000)};
    x.say(b, phone);
    CHECK(x.wire.sent.empty());
}

TEST_CASE("server: a thousand listeners, encoded once, spread over the packet time",
          "[media][server]") {
    Exchange x;
    REQUIRE(x.server->expect_source({1}));
    x.server->take(SourceId{1}, tone_source(), x.now);
    CHECK(x.wire.all<SourceReady>().at(0).length == 1s);
    for (std::uint32_t i = 1; i <= 1000; ++i) {
        x.open({i}, at(1, static_cast<std::uint16_t>(4000 + 2 * i)));
        x.hear({i}, HearSource{{1}, true});
    }
    x.run(20ms);  // all have begun
    x.wire.clear();
    std::vector<std::size_t> each_ms;
    for (int ms = 0; ms < 20; ++ms) {
        const auto before = x.wire.sent.size();
        x.run(1ms);
        each_ms.push_back(x.wire.sent.size() - before);
    }
    CHECK(x.wire.sent.size() == 1000);
    for (const auto count : each_ms) {
        CHECK(count >= 45);
        CHECK(count <= 55);
    }
    CHECK(x.server->health().late_ticks == 0);
}

TEST_CASE("server: late ticks are counted", "[media][server]") {
    Exchange x;
    x.server->take(SourceId{1}, tone_source(), x.now);
    x.open(alice, at(1, 4000));
    x.hear(alice, HearSource{{1}, true});
    x.run(100ms);
    x.now = x.server->next_deadline() + 50ms;
    x.server->advance(x.now);
    CHECK(x.server->health().late_ticks == 1);
    CHECK(x.server->next_deadline() > x.now);
}

TEST_CASE("server: orders for nobody are refused", "[media][server]") {
    Exchange x;
    CHECK_FALSE(x.server->take(party(alice, at(1, 4000)), x.now));
    CHECK_FALSE(x.server->take(Hear{alice, HearNothing{}}, x.now));
    CHECK_FALSE(x.server->take(SendDigit{alice, '1', 100}, x.now));
    x.server->take(Close{alice}, x.now);
    REQUIRE(x.wire.all<Closed>().size() == 1);
    CHECK(x.wire.all<Closed>()[0].media == alice);
}

TEST_CASE("server: opened once, and not more than the limit", "[media][server]") {
    Exchange x;
    for (std::uint32_t i = 1; i <= limits::media_endpoints; ++i)
        REQUIRE(x.server->open({i}, 20'000));
    CHECK(x.server->open({5}, 20'000).error() == MediaServer::Refusal::open_already);
    CHECK(x.server->open({99'999}, 20'000).error() == MediaServer::Refusal::too_many);
    for (std::uint32_t i = 1; i <= limits::media_endpoints; ++i) {
        auto order = party({i}, at(1, 4000));
        order.silence_limit = 1s;
        REQUIRE(x.server->take(order, x.now));  // all deadlines fit
        REQUIRE(x.server->take(SendDigit{{i}, '1', 40}, x.now));
    }
    x.run(2s);
    CHECK(x.wire.all<Silent>().size() == limits::media_endpoints);
}

TEST_CASE("server: what a source lacks is said when it is to be heard", "[media][server]") {
    Exchange x;
    x.open(alice, at(1, 4000));
    x.hear(alice, HearSource{{9}, true});
    REQUIRE(x.wire.all<SourceFailed>().size() == 1);
    CHECK(x.wire.all<SourceFailed>()[0].source == SourceId{9});
    x.server->take(SourceId{9}, std::unexpected{"it is broken"}, x.now);
    CHECK(x.wire.all<SourceFailed>()[1].text == "it is broken");
}

TEST_CASE("server: who waits for a source hears it once it is there", "[media][server]") {
    Exchange x;
    const Slot a = x.open(alice, at(1, 4000));
    REQUIRE(x.server->expect_source({1}));
    x.hear(alice, HearSource{{1}, true});
    CHECK(x.wire.all<SourceFailed>().empty());
    x.run(100ms);
    CHECK(x.wire.rtp_of(a).empty());
    x.server->take(SourceId{1}, tone_source(), x.now);
    x.run(100ms);
    CHECK(x.wire.rtp_of(a).size() >= 4);
}

TEST_CASE("server: a source replaced is heard to its end", "[media][server]") {
    Exchange x;
    const Slot a = x.open(alice, at(1, 4000));
    x.server->take(SourceId{1}, tone_source(200), x.now);
    x.hear(alice, HearSource{{1}, false});
    x.run(100ms);
    x.server->take(SourceId{1}, tone_source(1000), x.now);
    x.run(1s);
    CHECK(x.wire.rtp_of(a).size() == 10);
    CHECK(x.wire.all<PlayEnded>().size() == 1);
}

TEST_CASE("server: the list names what is open", "[media][server]") {
    Exchange x;
    x.open(alice, at(1, 4000));
    x.open(bob, at(2, 4000));
    x.open(carol, at(3, 4000));
    x.server->take(Close{bob}, x.now);
    x.wire.clear();
    x.server->take(media::List{});
    const auto listed = x.wire.all<Listed>();
    REQUIRE(listed.size() == 2);
    CHECK(listed[0].media == alice);
    CHECK(listed[0].port == 20'000);
    CHECK(listed[1].media == carol);
    CHECK(std::holds_alternative<ListEnded>(x.wire.reports.back()));
}

TEST_CASE("server: reports, silence and lost digits have their deadlines", "[media][server]") {
    Exchange x;
    const Slot a = x.open(alice, at(1, 4000));
    auto order = party(alice, at(1, 4000));
    order.silence_limit = 2s;
    REQUIRE(x.server->take(order, x.now));
    Phone phone{.from = at(1, 4000)};
    for (int i = 0; i < 5; ++i)
        x.say(a, phone);
    phone.payload_type = 101;
    const auto event = print_event({9, false, 10, 320});
    x.server->receive(a,
                      Channel::rtp,
                      phone.from,
                      phone.packet({event.begin(), event.end()}, true),
                      x.now,
                      x.now);
    x.run(300ms);
    CHECK(x.wire.all<DigitHeard>().size() == 1);
    x.run(2s);
    CHECK(x.wire.all<Silent>().size() == 1);
    x.run(6s);
    CHECK_FALSE(x.wire.sent.empty());
    CHECK(parse_rtcp(x.wire.sent[0].bytes));
}

TEST_CASE("server: closing stops everything and says how it went", "[media][server]") {
    Exchange x;
    const Slot a = x.open(alice, at(1, 4000));
    x.server->take(SourceId{1}, tone_source(), x.now);
    x.hear(alice, HearSource{{1}, true});
    x.run(100ms);
    x.wire.clear();
    x.server->take(Close{alice}, x.now);
    REQUIRE(x.wire.all<Closed>().size() == 1);
    CHECK(x.wire.all<Closed>()[0].statistics.packets_out >= 4);
    CHECK(x.wire.sent.size() == 1);  // BYE
    CHECK(x.server->next_deadline() == never);
    x.server->receive(a, Channel::rtp, at(1, 4000), {}, x.now, x.now);
    x.server->receive(77, Channel::rtp, at(1, 4000), {}, x.now, x.now);
    CHECK_FALSE(x.server->find(alice));
}
