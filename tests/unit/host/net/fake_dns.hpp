// tests/unit/host/net/fake_dns.hpp: a DNS server on the loopback that says what the test wants, and
// the messages it says.
#pragma once
#include "host/io/readiness.hpp"
#include "host/io/socket_address.hpp"
#include "host/io/udp_socket.hpp"
#include "unit/host/net/plain_peer.hpp"

#include <asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <utility>
#include <vector>

namespace holdfast::test {

inline std::string half(unsigned value) {
    return {static_cast<char>(value >> 8), static_cast<char>(value)};
}
inline std::string word(std::uint32_t value) {
    return half(value >> 16) + half(value & 0xffff);
}
inline std::string characters(std::string_view text) {
    return std::string(1, static_cast<char>(text.size())) + std::string{text};
}
/// RFC 1035 3.1, without compression.
inline std::string dns_name(std::string_view name) {
    std::string out;
    while (!name.empty()) {
        const auto dot = std::min(name.find('.'), name.size());
        out += characters(name.substr(0, dot));
        name.remove_prefix(std::min(dot + 1, name.size()));
    }
    return out + '\0';
}

enum : unsigned {
    type_a = 1,
    type_cname = 5,
    type_soa = 6,
    type_aaaa = 28,
    type_srv = 33,
    type_naptr = 35
};

inline std::string record(const std::string& owner,
                          unsigned type,
                          std::uint32_t ttl_s,
                          const std::string& data) {
    return owner + half(type) + half(1) + word(ttl_s) + half(static_cast<unsigned>(data.size())) +
           data;
}
inline std::string a_record(std::string_view owner,
                            std::uint32_t ttl_s,
                            std::initializer_list<char> bytes) {
    return record(dns_name(owner), type_a, ttl_s, std::string{bytes});
}
inline std::string srv_data(unsigned priority,
                            unsigned weight,
                            unsigned port,
                            std::string_view target) {
    return half(priority) + half(weight) + half(port) + dns_name(target);
}
inline std::string soa_data(std::uint32_t minimum_s) {
    return dns_name("ns.example.net") + dns_name("who.example.net") + word(1) + word(2) + word(3) +
           word(4) + word(minimum_s);
}

struct DnsReply {
    unsigned code = 0;
    std::vector<std::string> answers;
    std::vector<std::string> authorities;
    bool truncated = false;
};

/// With the question behind the header, as RFC 1035 4.1 wants it.
inline std::string dns_message(std::string_view id,
                               const std::string& question,
                               const DnsReply& reply) {
    std::string out{id};
    out += half(0x8180U | reply.code | (reply.truncated ? 0x0200U : 0U));
    out += half(1) + half(static_cast<unsigned>(reply.answers.size())) +
           half(static_cast<unsigned>(reply.authorities.size())) + half(0) + question;
    for (const auto& one : reply.answers)
        out += one;
    for (const auto& one : reply.authorities)
        out += one;
    return out;
}

class FakeDns {
public:
    struct Query {
        std::string name;
        unsigned type = 0;
    };
    /// None: no answer at all.
    using Reply = std::function<std::optional<DnsReply>(const Query&)>;

    FakeDns(asio::io_context& io, Reply reply) : FakeDns{io, std::move(reply), bind()} {}

    FakeDns(asio::io_context& io, Reply reply, std::pair<host::Fd, host::Fd> bound)
        : io_{io},
          reply_{std::move(reply)},
          udp_{std::move(bound.first)},
          readiness_{io, udp_.get()},
          tcp_{std::move(bound.second)},
          listening_{io, tcp_.get()} {
        readiness_.on_readable([this] { answer_datagram(); });
        listening_.on_readable([this] { accept_stream(); });
    }

    std::string address() const {
        return "127.0.0.1:" + std::to_string(host::bound_to(udp_.get()).port);
    }
    std::vector<Query> queries;
    int streams = 0;
    std::string garbage;  ///< Sent instead of every answer.

private:
    /// UDP and TCP on one port. Others may have taken the port that is free for one of them.
    static std::pair<host::Fd, host::Fd> bind() {
        for (int attempt = 0; attempt < 20; ++attempt) {
            auto udp =
                host::bind_udp({IpAddress::v4(127, 0, 0, 1), 0}, host::ServiceClass::best_effort);
            REQUIRE(udp);
            host::Fd tcp = tcp_socket(host::bound_to(udp->get()));
            const auto same = host::kernel_address(host::bound_to(udp->get()));
            if (::bind(tcp.get(), &same.address.any, same.size) != 0) continue;
            REQUIRE(::listen(tcp.get(), 4) == 0);
            return {*std::move(udp), std::move(tcp)};
        }
        FAIL("no port for a DNS server");
        return {};
    }
    std::optional<std::string> answer(std::string_view query, bool stream) {
        Query asked;
        std::size_t at = 12;
        for (std::size_t size = 0; (size = static_cast<std::uint8_t>(query[at])) != 0;
             at += size + 1)
            asked.name += (asked.name.empty() ? "" : ".") + std::string{query.substr(at + 1, size)};
        asked.type = static_cast<std::uint8_t>(query[at + 2]);
        queries.push_back(asked);
        if (!garbage.empty()) return garbage;
        auto reply = reply_(asked);
        if (!reply) return std::nullopt;
        if (stream) reply->truncated = false;
        if (reply->truncated) reply->answers.clear();
        return dns_message(query.substr(0, 2), std::string{query.substr(12, at + 5 - 12)}, *reply);
    }
    void answer_datagram() {
        std::string room(65'536, '\0');
        host::SocketAddress from{};
        socklen_t size = sizeof from;
        const auto count = ::recvfrom(udp_.get(), room.data(), room.size(), 0, &from.any, &size);
        if (count < 12) return;
        room.resize(static_cast<std::size_t>(count));
        if (const auto out = answer(room, false))
            ::sendto(udp_.get(), out->data(), out->size(), 0, &from.any, size);
    }
    void accept_stream() {
        ++streams;
        reading_.reset();
        peer_ = host::Fd{::accept(tcp_.get(), nullptr, nullptr)};
        reading_.emplace(io_, peer_.get());
        reading_->on_readable([this] { answer_stream(); });
    }
    void answer_stream() {
        std::string room(65'536, '\0');
        const auto count = ::recv(peer_.get(), room.data(), room.size(), 0);
        if (count < 14) return reading_.reset();
        room.resize(static_cast<std::size_t>(count));
        if (const auto out = answer(std::string_view{room}.substr(2), true))
            write_all(peer_, half(static_cast<unsigned>(out->size())) + *out);
    }

    asio::io_context& io_;
    Reply reply_;
    host::Fd udp_;
    host::Readiness readiness_;
    host::Fd tcp_;
    host::Readiness listening_;
    host::Fd peer_;
    std::optional<host::Readiness> reading_;
};

}  // namespace holdfast::test
