#include "host/net/dns_message.hpp"

#include "unit/host/net/fake_dns.hpp"

using namespace holdfast;
using namespace holdfast::test;
using sip::DnsAnswer;
using sip::DnsName;
using sip::DnsType;
using Status = sip::DnsAnswer::Status;

namespace {

std::string question(std::string_view name, unsigned type) {
    return dns_name(name) + half(type) + half(1);
}
DnsAnswer read_bytes(const std::string& message, const DnsName& asked) {
    return host::read_dns_answer(
        {reinterpret_cast<const std::uint8_t*>(message.data()), message.size()}, asked);
}
DnsAnswer read(const DnsReply& reply, const DnsName& asked) {
    return read_bytes(dns_message("id", question(asked.name, 1), reply), asked);
}
const DnsName host_a{DnsType::a, "host.example.net"};

}  // namespace

TEST_CASE("dns: addresses, with the smallest TTL", "[host][dns]") {
    const auto answer = read({0,
                              {a_record("HOST.example.net", 300, {1, 2, 3, 4}),
                               a_record("host.example.net", 60, {5, 6, 7, 8}),
                               a_record("other.example.net", 1, {9, 9, 9, 9})},
                              {}},
                             host_a);
    CHECK(answer.status == Status::found);
    CHECK(answer.addresses == std::vector{IpAddress::v4(1, 2, 3, 4), IpAddress::v4(5, 6, 7, 8)});
    CHECK(answer.ttl_s == 60);
    CHECK(answer.alias.empty());
    const auto six =
        read({0,
              {record(dns_name("host.example.net"), type_aaaa, 300, std::string(15, '\0') + '\1')},
              {}},
             {DnsType::aaaa, "host.example.net"});
    REQUIRE(six.addresses.size() == 1);
    CHECK(text_of(six.addresses.front()).view() == "::1");
}

TEST_CASE("dns: SRV and NAPTR", "[host][dns]") {
    const auto srv =
        read({0,
              {record(dns_name("_sip._udp.example.net"),
                      type_srv,
                      300,
                      srv_data(10, 20, 5060, "A.example.net")),
               record(dns_name("_sip._udp.example.net"), type_srv, 300, srv_data(20, 0, 5061, ""))},
              {}},
             {DnsType::srv, "_sip._udp.example.net"});
    REQUIRE(srv.srv.size() == 2);
    CHECK(srv.srv[0].priority == 10);
    CHECK(srv.srv[0].weight == 20);
    CHECK(srv.srv[0].port == 5060);
    CHECK(srv.srv[0].target == "a.example.net");
    CHECK(srv.srv[1].target.empty());  // RFC 2782: "." is no service
    const auto data = half(50) + half(60) + characters("s") + characters("SIP+D2U") +
                      characters("") + dns_name("_sip._udp.example.net");
    const auto naptr = read({0, {record(dns_name("example.net"), type_naptr, 300, data)}, {}},
                            {DnsType::naptr, "example.net"});
    REQUIRE(naptr.naptr.size() == 1);
    CHECK(naptr.naptr[0].order == 50);
    CHECK(naptr.naptr[0].preference == 60);
    CHECK(naptr.naptr[0].flags == "s");
    CHECK(naptr.naptr[0].service == "SIP+D2U");
    CHECK(naptr.naptr[0].regexp.empty());
    CHECK(naptr.naptr[0].replacement == "_sip._udp.example.net");
}

TEST_CASE("dns: aliases are followed to their end", "[host][dns]") {
    const auto first =
        record(dns_name("host.example.net"), type_cname, 30, dns_name("Second.example.net"));
    const auto second =
        record(dns_name("second.example.net"), type_cname, 300, dns_name("third.example.net"));
    const auto whole =
        read({0, {second, first, a_record("third.example.net", 60, {1, 2, 3, 4})}, {}}, host_a);
    CHECK(whole.status == Status::found);
    CHECK(whole.alias == "third.example.net");
    CHECK(whole.addresses.size() == 1);
    CHECK(whole.ttl_s == 30);
    // A server that does not know the end: who asked goes on from the alias.
    const auto part = read({0, {first, second}, {}}, host_a);
    CHECK(part.status == Status::nothing);
    CHECK(part.alias == "third.example.net");
    CHECK(part.ttl_s == 30);
    // A ring is no answer.
    const auto back =
        record(dns_name("second.example.net"), type_cname, 300, dns_name("host.example.net"));
    CHECK(read({0, {first, back}, {}}, host_a).status == Status::failed);
}

TEST_CASE("dns: nothing holds as long as the zone says", "[host][dns]") {
    const unsigned code = GENERATE(0U, 3U);  // no such record, no such name
    const auto soa = [](std::uint32_t ttl_s, std::uint32_t minimum_s) {
        return record(dns_name("example.net"), type_soa, ttl_s, soa_data(minimum_s));
    };
    // RFC 2308 5: the smaller of the two.
    const auto answer = read({code, {}, {soa(900, 60)}}, host_a);
    CHECK(answer.status == Status::nothing);
    CHECK(answer.ttl_s == 60);
    CHECK(read({code, {}, {soa(30, 60)}}, host_a).ttl_s == 30);
    CHECK(read({code, {}, {}}, host_a).status == Status::nothing);
    CHECK(read({code, {}, {}}, host_a).ttl_s == 0);
    CHECK(read({code, {}, {soa(1U << 31, 60)}}, host_a).ttl_s == 0);  // RFC 2181 8
}

TEST_CASE("dns: refusals and what cannot be read are failures", "[host][dns]") {
    for (const unsigned code : {1U, 2U, 4U, 5U})
        CHECK(read({code, {}, {}}, host_a).status == Status::failed);
    const DnsReply three_bytes{
        0, {record(dns_name("host.example.net"), type_a, 300, "\1\2\3")}, {}};
    CHECK(read(three_bytes, host_a).status == Status::failed);
    const DnsReply short_srv{
        0, {record(dns_name("host.example.net"), type_srv, 300, half(1) + half(2))}, {}};
    CHECK(read(short_srv, {DnsType::srv, "host.example.net"}).status == Status::failed);
    // A target that goes beyond its record, into the next one.
    const auto tail = half(1) + half(2) + half(3) + "\x20x";
    const DnsReply runs_over{0,
                             {record(dns_name("host.example.net"), type_srv, 300, tail),
                              a_record("host.example.net", 300, {1, 2, 3, 4}),
                              a_record("host.example.net", 300, {1, 2, 3, 4})},
                             {}};
    CHECK(read(runs_over, {DnsType::srv, "host.example.net"}).status == Status::failed);
    // Names that point at themselves, or beyond the end.
    for (const unsigned pointer : {0xc000U + 34U, 0xc000U + 0x3fffU}) {
        const DnsReply loop{0, {record(half(pointer), type_a, 300, "\1\2\3\4")}, {}};
        CHECK(read(loop, host_a).status == Status::failed);
    }
    DnsReply many;
    for (int i = 0; i < 300; ++i)
        many.answers.push_back(a_record("host.example.net", 300, {1, 2, 3, 4}));
    CHECK(read(many, host_a).status == Status::failed);
}

TEST_CASE("dns: every beginning of a message, and every byte wrong, can be read", "[host][dns]") {
    const auto alias =
        record(dns_name("host.example.net"), type_cname, 30, half(0xc000U + 12U + 5U));
    const auto whole =
        dns_message("id",
                    question("host.example.net", 1),
                    {0,
                     {alias, a_record("example.net", 60, {1, 2, 3, 4})},
                     {record(dns_name("example.net"), type_soa, 900, soa_data(60))}});
    CHECK(read_bytes(whole, host_a).alias == "example.net");  // a name that points back
    CHECK(read_bytes(whole, host_a).status == Status::found);
    for (std::size_t size = 0; size < whole.size(); ++size)
        CHECK(read_bytes(whole.substr(0, size), host_a).status == Status::failed);
    for (std::size_t at = 0; at < whole.size(); ++at)
        for (const char wrong : {'\0', '\x3f', '\x7f', '\xc0', '\xff'}) {
            auto message = whole;
            message[at] = wrong;
            const auto answer = read_bytes(message, host_a);
            CHECK(answer.addresses.size() <= 1);
        }
}
