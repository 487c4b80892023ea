// sip/location_rules.hpp: RFC 3263 as functions of a URI and of what the DNS has said so far.
#pragma once
#include "base/random.hpp"
#include "sip/dns.hpp"
#include "sip/uri.hpp"
#include "sip/values.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::sip {

/// One place a request may go to. They are tried in order (RFC 3263 4.3).
struct Location {
    Transport transport{};
    Endpoint endpoint;
    std::string tls_name;  ///< What the certificate must name: the host of the URI (RFC 5922 4).
    friend bool operator==(const Location&, const Location&) = default;
};

/// What we can use.
struct LocationSettings {
    bool udp = true, tcp = true, tls = true;
    bool v4 = true, v6 = false;
};

/// Answers by what was asked. Bounded by the questions that the rules ask.
using DnsKnowledge = std::map<DnsName, DnsAnswer>;

inline constexpr std::size_t most_locations = 16;  ///< More are left out.
inline constexpr std::size_t most_srv_records = 16;
inline constexpr std::size_t most_naptr_records = 16;
inline constexpr std::size_t most_aliases = 8;  ///< CNAMEs one after the other.

/// Where a request to a URI is to be sent, worked out anew whenever more is known.
class LocationRules {
public:
    /// Nothing where the URI is no SIP URI or asks for a transport that we do not have.
    static std::optional<LocationRules> of(std::string_view uri, const LocationSettings& settings);

    /// What must still be asked; empty when all is known.
    std::vector<DnsName> missing(const DnsKnowledge& known) const;
    /// The places, best first; only when nothing is missing. Weights are drawn (RFC 2782).
    std::vector<Location> locations(const DnsKnowledge& known, Random& random) const;

private:
    struct Service {
        Transport transport{};
        std::string name;  ///< Of the SRV records: "_sip._udp.example.net".
    };
    struct Found {
        std::vector<Service> services;
        std::vector<DnsName> missing;
    };

    Found services(const DnsKnowledge& known) const;
    void add_missing_of(const Service& service,
                        const DnsKnowledge& known,
                        std::vector<DnsName>& missing) const;
    void add_missing_addresses(std::string_view host,
                               const DnsKnowledge& known,
                               std::vector<DnsName>& missing) const;
    void add_addresses(std::string_view host,
                       std::uint16_t port,
                       Transport transport,
                       const DnsKnowledge& known,
                       std::vector<Location>& out) const;
    bool usable(Transport transport) const;
    std::vector<DnsType> families() const;
    Transport plain_transport() const { return secure_ ? Transport::tls : Transport::udp; }

    LocationSettings settings_;
    std::string host_;   // maddr, else the host
    std::string named_;  // the host of the URI
    std::uint16_t port_ = 0;
    bool secure_ = false;             // sips
    std::optional<Transport> asked_;  // by the transport parameter
    std::optional<IpAddress> numeric_;
};

/// The order in which SRV records are tried (RFC 2782): by priority, and within one by chance in
/// proportion to the weights.
std::vector<SrvRecord> in_srv_order(std::vector<SrvRecord> records, Random& random);

}  // namespace holdfast::sip
