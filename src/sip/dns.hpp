// sip/dns.hpp: questions to the DNS and their answers, as plain structs. Who asks is the host's.
#pragma once
#include "base/address.hpp"
#include "base/ids.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace holdfast::sip {

enum class DnsType : std::uint8_t { a, aaaa, srv, naptr };

struct DnsName {
    DnsType type{};
    std::string name;  ///< Lower case, without the last dot.
    friend auto operator<=>(const DnsName&, const DnsName&) = default;
};

struct NaptrRecord {
    std::uint16_t order = 0, preference = 0;
    std::string flags, service, regexp, replacement;
};
struct SrvRecord {
    std::uint16_t priority = 0, weight = 0, port = 0;
    std::string target;
};

/// The records of one answer; of the kind that was asked for.
struct DnsAnswer {
    enum class Status : std::uint8_t {
        found,
        nothing,  ///< No such name, or nothing of this type.
        failed    ///< No answer could be had.
    } status = Status::failed;
    std::string alias;  ///< CNAME: the records, if any, are those of this name.
    std::vector<NaptrRecord> naptr;
    std::vector<SrvRecord> srv;
    std::vector<IpAddress> addresses;
    std::uint32_t ttl_s = 0;  ///< The smallest of all; of the SOA where there is nothing.
};

using QuestionId = Id<struct QuestionTag>;
struct DnsQuestion {
    QuestionId id;
    DnsName name;
};

}  // namespace holdfast::sip
