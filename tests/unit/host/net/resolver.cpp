#include "host/net/resolver.hpp"

#include "unit/host/net/fake_dns.hpp"
#include "unit/host/net/sockets_fixture.hpp"

using namespace holdfast;
using namespace holdfast::test;
using engine::Resolve;
using engine::Resolved;
using sip::DnsType;
using sip::QuestionId;
using Status = sip::DnsAnswer::Status;

namespace {

struct Asking : Taken {
    FakeDns dns;
    std::unique_ptr<host::Resolver> resolver;

    explicit Asking(FakeDns::Reply reply, const host::ResolverLimits& limits = quick())
        : dns{io, std::move(reply)} {
        auto opened = host::Resolver::open(io, {dns.address()}, taker(), limits);
        REQUIRE(opened);
        resolver = *std::move(opened);
    }
    /// No test waits for the real times.
    static host::ResolverLimits quick() {
        host::ResolverLimits limits;
        limits.answers_within = 2s;
        limits.asks_again_after = 300ms;
        return limits;
    }
    void ask(std::uint32_t id, DnsType type, std::string name) {
        within_effect = true;
        resolver->ask(Resolve{{QuestionId{id}, {type, std::move(name)}}});
        within_effect = false;
    }
    Resolved answer_to(std::uint32_t id, DnsType type, std::string name) {
        ask(id, type, std::move(name));
        return next<Resolved>();
    }
};

std::optional<DnsReply> silence(const FakeDns::Query& /*query*/) {
    return std::nullopt;
}

}  // namespace

TEST_CASE("resolver: asks for each kind and gives each answer its question", "[host][dns]") {
    Asking a{[](const FakeDns::Query& query) -> DnsReply {
        if (query.name != "example.net" && query.type == type_naptr) return {3, {}, {}};
        switch (query.type) {
            case type_a:
                return {0, {a_record("example.net", 60, {127, 0, 0, 9})}, {}};
            case type_srv:
                return {
                    0, {record(dns_name(query.name), type_srv, 50, srv_data(1, 2, 3, "t"))}, {}};
            case type_naptr:
                return {0,
                        {record(dns_name(query.name),
                                type_naptr,
                                40,
                                half(1) + half(2) + characters("s") + characters("SIP+D2T") +
                                    characters("") + dns_name("_sip._tcp.example.net"))},
                        {}};
            default:
                return {0, {}, {record(dns_name("example.net"), type_soa, 900, soa_data(30))}};
        }
    }};
    const auto naptr = a.answer_to(1, DnsType::naptr, "example.net");
    CHECK(naptr.question == QuestionId{1});
    REQUIRE(naptr.answer.naptr.size() == 1);
    CHECK(naptr.answer.naptr[0].service == "SIP+D2T");
    CHECK(naptr.answer.ttl_s == 40);
    const auto srv = a.answer_to(2, DnsType::srv, "_sip._tcp.example.net");
    REQUIRE(srv.answer.srv.size() == 1);
    CHECK(srv.answer.srv[0].port == 3);
    const auto v4 = a.answer_to(3, DnsType::a, "example.net");
    CHECK(v4.answer.addresses == std::vector{IpAddress::v4(127, 0, 0, 9)});
    const auto v6 = a.answer_to(4, DnsType::aaaa, "example.net");
    CHECK(v6.answer.status == Status::nothing);
    CHECK(v6.answer.ttl_s == 30);
    CHECK(a.answer_to(5, DnsType::naptr, "nowhere.example.net").answer.status == Status::nothing);
    CHECK(a.resolver->counters().asked == 5);
    CHECK(a.resolver->counters().found == 3);
    CHECK(a.resolver->counters().nothing == 2);
    CHECK(a.resolver->counters().failed == 0);
}

TEST_CASE("resolver: many at once", "[host][dns]") {
    Asking a{[](const FakeDns::Query& query) -> DnsReply {
        return {0, {a_record(query.name, 60, {10, 0, 0, query.name.back()})}, {}};
    }};
    for (std::uint32_t i = 0; i < 26; ++i)
        a.ask(100 + i, DnsType::a, std::string{"host-"} + static_cast<char>('a' + i));
    for (int i = 0; i < 26; ++i) {
        const auto answer = a.next<Resolved>();
        REQUIRE(answer.answer.addresses.size() == 1);
        CHECK(answer.answer.addresses[0].bytes[3] == 'a' + answer.question.value - 100);
    }
}

TEST_CASE("resolver: an answer too long for a datagram comes by TCP", "[host][dns]") {
    Asking a{[](const FakeDns::Query& query) -> DnsReply {
        return {0, {a_record(query.name, 60, {10, 0, 0, 1})}, {}, true};
    }};
    CHECK(a.answer_to(1, DnsType::a, "long.example.net").answer.addresses.size() == 1);
    CHECK(a.dns.streams == 1);
}

TEST_CASE("resolver: a lost datagram is asked for again", "[host][dns]") {
    int asked = 0;
    Asking a{[&](const FakeDns::Query& query) -> std::optional<DnsReply> {
        if (++asked == 1) return std::nullopt;
        return DnsReply{0, {a_record(query.name, 60, {10, 0, 0, 1})}, {}};
    }};
    CHECK(a.answer_to(1, DnsType::a, "host.example.net").answer.status == Status::found);
    CHECK(asked == 2);
}

TEST_CASE("resolver: no answer, or none that can be read, is a failure and comes once",
          "[host][dns]") {
    auto limits = Asking::quick();
    Status expected = Status::failed;
    FakeDns::Reply reply = silence;
    std::string garbage;
    std::uint64_t late = 0;
    SECTION("silence, until the servers were asked often enough") {
        limits.asks_again_after = 20ms;
    }
    SECTION("silence, until it is too late") {
        limits.answers_within = 50ms;
        limits.asks_again_after = 10s;
        late = 1;
    }
    SECTION("garbage") {
        garbage = "garbage, which is no answer";
        limits.asks_again_after = 20ms;
    }
    SECTION("a refusal") {
        reply = [](const FakeDns::Query&) { return DnsReply{5, {}, {}}; };
    }
    SECTION("a record that lies about itself") {
        reply = [](const FakeDns::Query& query) {
            return DnsReply{0, {record(dns_name(query.name), type_a, 60, "\1\2\3")}, {}};
        };
    }
    Asking a{reply, limits};
    a.dns.garbage = garbage;
    const auto answer = a.answer_to(7, DnsType::a, "host.example.net");
    CHECK(answer.question == QuestionId{7});
    CHECK(answer.answer.status == expected);
    CHECK(a.resolver->counters().failed == 1);
    CHECK(a.resolver->counters().late == late);
    CHECK_FALSE(a.dns.queries.empty());
    a.run_for(50ms);
    CHECK(a.inputs.size() == 1);
}

TEST_CASE("resolver: a name that cannot be asked is answered too", "[host][dns]") {
    Asking a{silence};
    CHECK(a.answer_to(1, DnsType::a, std::string(70, 'x') + ".net").answer.status ==
          Status::failed);
    CHECK(a.answer_to(2, DnsType::srv, "two..dots").answer.status == Status::failed);
    CHECK(a.dns.queries.empty());
}

TEST_CASE("resolver: localhost needs no server", "[host][dns]") {
    Asking a{silence};
    const auto v4 = a.answer_to(1, DnsType::a, "localhost");
    REQUIRE_FALSE(v4.answer.addresses.empty());
    CHECK(v4.answer.addresses.front() == IpAddress::v4(127, 0, 0, 1));
    CHECK(v4.answer.ttl_s > 0);
    const auto v6 = a.answer_to(2, DnsType::aaaa, "phone.localhost");
    REQUIRE_FALSE(v6.answer.addresses.empty());
    CHECK(v6.answer.addresses.front() == loopback6);
    CHECK(a.dns.queries.empty());
}

TEST_CASE("resolver: too many questions are refused", "[host][dns]") {
    auto limits = Asking::quick();
    limits.questions = 2;
    Asking a{silence, limits};
    for (std::uint32_t i = 1; i <= 3; ++i)
        a.ask(i, DnsType::a, "host.example.net");
    CHECK(a.next<Resolved>().question == QuestionId{3});
    CHECK(a.resolver->counters().refused == 1);
}

TEST_CASE("resolver: what is open at its end is answered as failed", "[host][dns]") {
    Asking a{[](const FakeDns::Query& query) -> std::optional<DnsReply> {
        if (query.name == "silent.example.net") return std::nullopt;
        return DnsReply{0, {a_record(query.name, 60, {10, 0, 0, 1})}, {}};
    }};
    a.ask(1, DnsType::a, "silent.example.net");
    a.run_until([&] { return !a.dns.queries.empty(); });
    a.ask(2, DnsType::a, "localhost");  // answered, but not delivered yet
    a.resolver.reset();
    REQUIRE(a.all<Resolved>().size() == 2);
    CHECK(a.all<Resolved>()[0].question == QuestionId{2});
    CHECK(a.all<Resolved>()[0].answer.status == Status::found);
    CHECK(a.all<Resolved>()[1].question == QuestionId{1});
    CHECK(a.all<Resolved>()[1].answer.status == Status::failed);
    a.run_for(20ms);
    CHECK(a.inputs.size() == 2);
}

TEST_CASE("resolver: servers that are no addresses are told", "[host][dns]") {
    Taken taken;
    const auto opened =
        host::Resolver::open(taken.io, {"192.0.2.53", "dns.example.net"}, taken.taker());
    REQUIRE_FALSE(opened);
    CHECK(opened.error().find("name_servers: \"192.0.2.53,dns.example.net\"") == 0);
    CHECK(host::Resolver::open(taken.io, {}, taken.taker()));  // the system's
    CHECK(host::Resolver::open(taken.io, {"[2001:db8::53]:5353", "::1"}, taken.taker()));
}
