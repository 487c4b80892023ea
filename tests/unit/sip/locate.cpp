// Finding servers: RFC 3263, RFC 2782.
#include "sip/locate.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <memory>
#include <string>

using namespace holdfast;
using namespace holdfast::sip;

namespace {

using Status = DnsAnswer::Status;

IpAddress address(std::uint8_t last) {
    return IpAddress::v4(192, 0, 2, last);
}
DnsAnswer answer_of(Status status, std::uint32_t ttl = 0) {
    DnsAnswer answer;
    answer.status = status;
    answer.ttl_s = ttl;
    return answer;
}
DnsAnswer addresses(std::initializer_list<std::uint8_t> last, std::uint32_t ttl = 60) {
    auto answer = answer_of(Status::found, ttl);
    for (const auto one : last)
        answer.addresses.push_back(address(one));
    return answer;
}
DnsAnswer srv(std::vector<SrvRecord> records) {
    auto answer = answer_of(Status::found, 60);
    answer.srv = std::move(records);
    return answer;
}
DnsAnswer naptr(std::vector<NaptrRecord> records) {
    auto answer = answer_of(Status::found, 60);
    answer.naptr = std::move(records);
    return answer;
}
DnsAnswer alias(std::string name) {
    auto answer = answer_of(Status::found, 60);
    answer.alias = std::move(name);
    return answer;
}

/// A resolver that knows a zone.
struct World {
    std::unique_ptr<Deadlines> deadlines{new Deadlines};
    Random random = Random::from(4);
    LocationSettings settings;
    DnsKnowledge zone;
    Instant now{10s};
    std::unique_ptr<Locator> locator;
    std::string asked;  ///< "naptr:example.com a:..." in order.

    void answer_all() {
        constexpr std::array<std::string_view, 4> types{"a", "aaaa", "srv", "naptr"};
        while (const auto question = locator->next_question()) {
            const auto type = types[static_cast<std::size_t>(question->name.type)];
            asked += fmt::format("{}{}:{}", asked.empty() ? "" : " ", type, question->name.name);
            const auto known = zone.find(question->name);
            locator->answer(question->id,
                            known != zone.end() ? known->second : answer_of(Status::nothing),
                            now);
        }
    }
    std::vector<Location> locate(std::string_view uri) {
        if (!locator) locator = std::make_unique<Locator>(settings, *deadlines, random);
        asked.clear();
        const auto id = locator->locate(uri, now);
        answer_all();
        const auto located = locator->next_located();
        REQUIRE(located);
        CHECK(located->lookup == id);
        CHECK(locator->waiting() == 0);
        return located->locations;
    }
    /// "udp 192.0.2.1:5060, ..."
    std::string places(std::string_view uri) {
        std::string out;
        for (const auto& place : locate(uri))
            out += fmt::format("{}{} {}:{}",
                               out.empty() ? "" : ", ",
                               text_of(place.transport),
                               text_of(place.endpoint.address).view(),
                               place.endpoint.port);
        return out;
    }
};

/// The example of RFC 3263 4.1 and 4.2.
World example() {
    World world;
    world.zone[{DnsType::naptr, "example.com"}] =
        naptr({{50, 50, "s", "SIPS+D2T", "", "_sips._tcp.example.com."},
               {90, 50, "s", "SIP+D2T", "", "_sip._tcp.example.com"},
               {100, 50, "s", "SIP+D2U", "", "_sip._udp.example.com."}});
    world.zone[{DnsType::srv, "_sip._tcp.example.com"}] =
        srv({{0, 1, 5060, "server1.example.com"}, {1, 2, 5070, "server2.example.com"}});
    world.zone[{DnsType::srv, "_sip._udp.example.com"}] =
        srv({{0, 1, 5060, "server1.example.com"}});
    world.zone[{DnsType::srv, "_sips._tcp.example.com"}] =
        srv({{0, 1, 5061, "Server1.Example.COM."}});
    world.zone[{DnsType::a, "server1.example.com"}] = addresses({1, 11});
    world.zone[{DnsType::a, "server2.example.com"}] = addresses({2});
    world.zone[{DnsType::a, "example.com"}] = addresses({9});
    return world;
}

}  // namespace

TEST_CASE("the example of RFC 3263 4.1: NAPTR, SRV, A", "[sip][locate]") {
    auto world = example();
    CHECK(world.places("sip:user@example.com") ==
          "TLS 192.0.2.1:5061, TLS 192.0.2.11:5061, TCP 192.0.2.1:5060, TCP 192.0.2.11:5060, "
          "TCP 192.0.2.2:5070, UDP 192.0.2.1:5060, UDP 192.0.2.11:5060");
    // RFC 5922 4: the certificate names the domain of the URI, not the server of the SRV record.
    CHECK(world.locate("sip:user@example.com").front().tls_name == "example.com");
}

TEST_CASE("services that we do not have are passed over (4.1)", "[sip][locate]") {
    auto world = example();
    world.settings.tls = false;
    CHECK(world.places("sip:user@example.com").starts_with("TCP 192.0.2.1:5060"));
    auto secure = example();
    CHECK(secure.places("sips:user@example.com") == "TLS 192.0.2.1:5061, TLS 192.0.2.11:5061");
}

TEST_CASE("a transport parameter asks for SRV of that transport alone (4.1)", "[sip][locate]") {
    auto world = example();
    CHECK(world.places("sip:example.com;transport=udp") ==
          "UDP 192.0.2.1:5060, UDP 192.0.2.11:5060");
    CHECK(world.asked == "srv:_sip._udp.example.com a:server1.example.com");
    CHECK(world.places("sips:example.com;transport=tcp").starts_with("TLS 192.0.2.1:5061"));
    CHECK(world.locate("sip:example.com;transport=sctp").empty());
    CHECK(world.locate("sips:example.com;transport=udp").empty());
}

TEST_CASE("a numeric host needs no question (4.1, 4.2)", "[sip][locate]") {
    World world;
    world.settings.v6 = true;
    CHECK(world.places("sip:192.0.2.5") == "UDP 192.0.2.5:5060");
    CHECK(world.places("sip:192.0.2.5:5070;transport=tcp") == "TCP 192.0.2.5:5070");
    CHECK(world.places("sips:192.0.2.5") == "TLS 192.0.2.5:5061");
    CHECK(world.places("sip:[2001:db8::1]") == "UDP 2001:db8::1:5060");
    // maddr is the target, whatever the host is (4).
    CHECK(world.places("sip:example.com;maddr=192.0.2.6") == "UDP 192.0.2.6:5060");
    CHECK(world.asked.empty());
    World v4;
    CHECK(v4.locate("sip:[2001:db8::1]").empty());
}

TEST_CASE("a port means addresses only (4.2)", "[sip][locate]") {
    auto world = example();
    CHECK(world.places("sip:example.com:5080") == "UDP 192.0.2.9:5080");
    CHECK(world.asked == "a:example.com");
    CHECK(world.places("sips:example.com:5080") == "TLS 192.0.2.9:5080");
}

TEST_CASE("no NAPTR: SRV of all that we have; no SRV: addresses (4.1, 4.2)", "[sip][locate]") {
    auto world = example();
    world.zone.erase({DnsType::naptr, "example.com"});
    CHECK(world.places("sip:example.com").starts_with("UDP 192.0.2.1:5060"));
    CHECK(world.asked.find("srv:_sips._tcp.example.com") != std::string::npos);
    World bare;
    bare.zone[{DnsType::a, "pbx.example"}] = addresses({7});
    CHECK(bare.places("sip:PBX.example.") == "UDP 192.0.2.7:5060");
    CHECK(bare.places("sips:pbx.example") == "TLS 192.0.2.7:5061");
    CHECK(bare.locate("sip:nobody.example").empty());
}

TEST_CASE("a target of . says that there is no such service (RFC 2782)", "[sip][locate]") {
    World world;
    world.zone[{DnsType::naptr, "example.com"}] =
        naptr({{50, 50, "s", "SIP+D2U", "", "_sip._udp.example.com"}});
    world.zone[{DnsType::srv, "_sip._udp.example.com"}] = srv({{0, 0, 5060, "."}});
    world.zone[{DnsType::a, "example.com"}] = addresses({9});
    CHECK(world.locate("sip:example.com").empty());
}

TEST_CASE("NAPTR: order before preference; other services and rewriting are not ours",
          "[sip][locate]") {
    World world;
    world.zone[{DnsType::naptr, "e.com"}] = naptr({{20, 1, "s", "SIP+D2U", "", "u.e.com"},
                                                   {10, 9, "s", "SIP+D2T", "", "t.e.com"},
                                                   {10, 1, "s", "H323+D2T", "", "h.e.com"},
                                                   {1, 1, "u", "SIP+D2U", "!.*!x!", ""}});
    world.zone[{DnsType::srv, "u.e.com"}] = srv({{0, 0, 5060, "a.e.com"}});
    world.zone[{DnsType::srv, "t.e.com"}] = srv({{0, 0, 5060, "a.e.com"}});
    world.zone[{DnsType::a, "a.e.com"}] = addresses({1});
    CHECK(world.places("sip:e.com") == "TCP 192.0.2.1:5060, UDP 192.0.2.1:5060");
}

TEST_CASE("both families where we speak both", "[sip][locate]") {
    World world;
    world.settings.v6 = true;
    world.zone[{DnsType::a, "h"}] = addresses({1});
    auto six = answer_of(Status::found, 60);
    six.addresses.push_back(*parse_address("2001:db8::1"));
    world.zone[{DnsType::aaaa, "h"}] = six;
    CHECK(world.places("sip:h:5060") == "UDP 192.0.2.1:5060, UDP 2001:db8::1:5060");
}

TEST_CASE("aliases are followed, and a ring of them leads nowhere", "[sip][locate]") {
    World world;
    world.zone[{DnsType::a, "a"}] = alias("B.");
    world.zone[{DnsType::a, "b"}] = alias("c");
    world.zone[{DnsType::a, "c"}] = addresses({3});
    CHECK(world.places("sip:a:5060") == "UDP 192.0.2.3:5060");
    world.zone[{DnsType::a, "x"}] = alias("y");
    world.zone[{DnsType::a, "y"}] = alias("x");
    CHECK(world.locate("sip:x:5060").empty());
    for (int i = 0; i < 20; ++i)
        world.zone[{DnsType::a, fmt::format("n{}", i)}] = alias(fmt::format("n{}", i + 1));
    world.zone[{DnsType::a, "n20"}] = addresses({4});
    CHECK(world.locate("sip:n0:5060").empty());
    CHECK(world.places("sip:n12:5060") == "UDP 192.0.2.4:5060");
}

TEST_CASE("answers are kept for their time, also that there is nothing", "[sip][locate]") {
    World world;
    world.zone[{DnsType::a, "h"}] = addresses({1}, 30);
    world.zone[{DnsType::a, "none"}] = answer_of(Status::nothing, 900);
    world.locate("sip:h:5060");
    world.locate("sip:none:5060");
    world.now += 29s;
    world.zone[{DnsType::a, "h"}] = addresses({2}, 0);
    CHECK(world.places("sip:h:5060") == "UDP 192.0.2.1:5060");
    CHECK(world.asked.empty());
    world.now += 1s;
    CHECK(world.places("sip:h:5060") == "UDP 192.0.2.2:5060");
    CHECK(world.asked == "a:h");
    world.places("sip:h:5060");
    CHECK(world.asked == "a:h");  // a time of zero is good for its lookup only
    world.now += 269s;
    world.locate("sip:none:5060");
    CHECK(world.asked.empty());
    world.now += 1s;
    world.locate("sip:none:5060");
    CHECK(world.asked == "a:none");  // nothing is believed for 300 s at most
}

TEST_CASE("a question nobody answers ends its lookup; failures are not kept", "[sip][locate]") {
    World world;
    world.locator = std::make_unique<Locator>(world.settings, *world.deadlines, world.random);
    world.locator->locate("sip:h:5060", world.now);
    const auto question = world.locator->next_question();
    REQUIRE(question);
    CHECK_FALSE(world.locator->next_located());
    const auto due = world.deadlines->pop(never);
    REQUIRE(due);
    world.locator->deadline(due->key, due->at);
    const auto located = world.locator->next_located();
    REQUIRE(located);
    CHECK(located->locations.empty());
    world.locator->answer(question->id, addresses({1}), due->at);  // too late
    CHECK(world.locator->cache().size() == 0);
    CHECK(world.deadlines->size() == 0);
}

TEST_CASE("lookups that need the same ask once", "[sip][locate]") {
    World world;
    world.zone[{DnsType::a, "h"}] = addresses({1}, 0);
    world.locator = std::make_unique<Locator>(world.settings, *world.deadlines, world.random);
    world.locator->locate("sip:h:5060", world.now);
    world.locator->locate("sip:h:5070", world.now);
    world.answer_all();
    CHECK(world.asked == "a:h");
    CHECK(world.locator->next_located()->locations.at(0).endpoint.port == 5060);
    CHECK(world.locator->next_located()->locations.at(0).endpoint.port == 5070);
}

TEST_CASE("limits: records, questions, lookups, cache", "[sip][locate]") {
    World world;
    auto many = answer_of(Status::found, 60);
    for (std::uint16_t i = 0; i < 500; ++i)
        many.srv.push_back({i, 1, 5060, fmt::format("s{}", i)});
    world.zone[{DnsType::srv, "_sip._udp.big"}] = many;
    for (int i = 0; i < 500; ++i)
        world.zone[{DnsType::a, fmt::format("s{}", i)}] = addresses({1, 2, 3, 4});
    for (int i = 0; i < 500; ++i)
        world.zone[{DnsType::a, fmt::format("s{}", i)}].addresses.assign(500, address(7));
    CHECK(world.locate("sip:big;transport=udp").size() <= most_locations);
    CHECK(std::ranges::count(world.asked, ' ') == static_cast<int>(most_srv_records));

    for (std::size_t i = 0; i < DnsCache::most + 50; ++i) {
        world.zone[{DnsType::a, fmt::format("h{}", i)}] = addresses({1});
        world.locate(fmt::format("sip:h{}:5060", i));
    }
    CHECK(world.locator->cache().size() == DnsCache::most);

    std::size_t begun = 0;
    for (std::size_t i = 0; i < Locator::most_lookups + 5; ++i)
        if (world.locator->locate(fmt::format("sip:w{}:5060", i), world.now)) ++begun;
    CHECK(begun == Locator::most_lookups);
    CHECK_FALSE(world.locator->locate("sip:one-more:5060", world.now));
    world.answer_all();
    CHECK(world.locator->waiting() == 0);
}

TEST_CASE("SRV: priorities in order, weights by chance in proportion (RFC 2782)", "[sip][locate]") {
    Random random = Random::from(8);
    const std::vector<SrvRecord> records{
        {1, 0, 1, "backup"}, {0, 1, 1, "old-slow"}, {0, 3, 1, "new-fast"}, {0, 0, 1, "last"}};
    std::map<std::string, int> first, second;
    constexpr int draws = 10'000;
    for (int i = 0; i < draws; ++i) {
        const auto order = in_srv_order(records, random);
        REQUIRE(order.size() == 4);
        REQUIRE(order[3].target == "backup");
        ++first[order[0].target];
        ++second[order[1].target];
    }
    // Of the numbers 0 to 4: 0 is the weightless one's, 1 the slow one's, 2 to 4 the fast one's.
    CHECK(first["last"] == Approx(draws / 5.0).epsilon(0.1));
    CHECK(first["old-slow"] == Approx(draws / 5.0).epsilon(0.1));
    CHECK(first["new-fast"] == Approx(draws * 3 / 5.0).epsilon(0.1));
    CHECK(second["old-slow"] > 0);
}
