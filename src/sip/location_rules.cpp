#include "sip/location_rules.hpp"

#include "base/ascii.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace holdfast::sip {
namespace {

constexpr std::uint16_t default_port(Transport transport) {
    return transport == Transport::tls ? 5061 : 5060;
}

/// RFC 3263 4.1, RFC 3261 26.2.1: what NAPTR services and SRV names mean.
struct ServiceRow {
    std::string_view naptr, srv;
    Transport transport;
};
constexpr std::array<ServiceRow, 3> service_table{{
    {"SIP+D2U", "_sip._udp.", Transport::udp},
    {"SIP+D2T", "_sip._tcp.", Transport::tcp},
    {"SIPS+D2T", "_sips._tcp.", Transport::tls},
}};

/// As the DNS compares names: lower case, no dot at the end.
std::string plain_name(std::string_view name) {
    if (name.ends_with('.')) name.remove_suffix(1);
    std::string out{name};
    std::ranges::transform(out, out.begin(), to_lower);
    return out;
}

/// The answer to a question, through aliases. `missing` is the name that is not known yet.
struct LookedUp {
    const DnsAnswer* answer = nullptr;
    std::optional<DnsName> missing;
};
LookedUp look_up(DnsName name, const DnsKnowledge& known) {
    for (std::size_t i = 0; i <= most_aliases; ++i) {
        const auto found = known.find(name);
        if (found == known.end()) return {nullptr, std::move(name)};
        const DnsAnswer& answer = found->second;
        const bool empty = answer.naptr.empty() && answer.srv.empty() && answer.addresses.empty();
        if (!empty || answer.alias.empty()) return {&answer, std::nullopt};
        name.name = plain_name(answer.alias);
    }
    return {};  // too long a chain, or a ring: nothing
}

std::vector<NaptrRecord> in_naptr_order(const DnsAnswer& answer) {
    auto records = answer.naptr;
    if (records.size() > most_naptr_records) records.resize(most_naptr_records);
    std::ranges::stable_sort(records, {}, [](const NaptrRecord& record) {
        return std::pair{record.order, record.preference};
    });
    return records;
}

/// RFC 2782: a target of "." says that the service is decidedly not there.
bool has_target(const SrvRecord& record) {
    return !plain_name(record.target).empty() && record.port != 0;
}

std::vector<SrvRecord> usable_records(const DnsAnswer& answer) {
    std::vector<SrvRecord> records;
    std::ranges::copy_if(answer.srv, std::back_inserter(records), has_target);
    if (records.size() > most_srv_records) records.resize(most_srv_records);
    return records;
}

}  // namespace

std::optional<LocationRules> LocationRules::of(std::string_view uri,
                                               const LocationSettings& settings) {
    const auto parsed = parse_uri(uri);
    if (!parsed) return std::nullopt;
    LocationRules rules;
    rules.settings_ = settings;
    rules.secure_ = parsed->scheme == Uri::Scheme::sips;
    if (!rules.secure_ && parsed->scheme != Uri::Scheme::sip) return std::nullopt;
    rules.named_ = plain_name(parsed->host);
    rules.host_ = plain_name(parsed->parameter("maddr").value_or(parsed->host));
    rules.port_ = parsed->port;
    if (const auto address = parse_address(rules.host_)) rules.numeric_ = *address;
    if (const auto name = parsed->parameter("transport")) {
        if (equal_nocase(*name, "udp"))
            rules.asked_ = Transport::udp;
        else if (equal_nocase(*name, "tcp"))
            rules.asked_ = rules.secure_ ? Transport::tls : Transport::tcp;
        else if (equal_nocase(*name, "tls"))
            rules.asked_ = Transport::tls;
        else
            return std::nullopt;
        if (rules.secure_ && rules.asked_ == Transport::udp) return std::nullopt;
    }
    if (!rules.usable(rules.asked_.value_or(rules.plain_transport())) &&
        (rules.asked_ || rules.numeric_ || rules.port_ != 0))
        return std::nullopt;
    return rules;
}

bool LocationRules::usable(Transport transport) const {
    if (secure_ && transport != Transport::tls) return false;
    return transport == Transport::udp   ? settings_.udp
           : transport == Transport::tcp ? settings_.tcp
                                         : settings_.tls;
}

std::vector<DnsType> LocationRules::families() const {
    std::vector<DnsType> out;
    if (settings_.v4) out.push_back(DnsType::a);
    if (settings_.v6) out.push_back(DnsType::aaaa);
    return out;
}

/// 4.1: NAPTR says which transports there are; where there is none, all that we have are looked
/// for. A transport parameter leaves only that one.
LocationRules::Found LocationRules::services(const DnsKnowledge& known) const {
    Found found;
    const auto guess = [&] {
        for (const ServiceRow& row : service_table)
            if (usable(row.transport) && (!asked_ || *asked_ == row.transport))
                found.services.push_back({row.transport, std::string{row.srv} + host_});
    };
    if (asked_) {
        guess();
        return found;
    }
    const auto naptr = look_up({DnsType::naptr, host_}, known);
    if (naptr.missing) {
        found.missing.push_back(*naptr.missing);
        return found;
    }
    for (const NaptrRecord& record :
         naptr.answer != nullptr ? in_naptr_order(*naptr.answer) : std::vector<NaptrRecord>{})
        for (const ServiceRow& row : service_table)
            if (equal_nocase(record.flags, "s") && equal_nocase(record.service, row.naptr) &&
                usable(row.transport) && record.regexp.empty())
                found.services.push_back({row.transport, plain_name(record.replacement)});
    if (found.services.empty()) guess();
    return found;
}

std::vector<DnsName> LocationRules::missing(const DnsKnowledge& known) const {
    if (numeric_) return {};
    std::vector<DnsName> out;
    if (port_ != 0) {  // 4.2: a port means that there is no SRV
        add_missing_addresses(host_, known, out);
        return out;
    }
    auto found = services(known);
    if (!found.missing.empty()) return found.missing;
    bool any = false, open = false;
    for (const Service& service : found.services) {
        const auto srv = look_up({DnsType::srv, service.name}, known);
        open = open || srv.missing.has_value();
        any = any || (srv.answer != nullptr && !srv.answer->srv.empty());
        add_missing_of(service, known, out);
    }
    if (!open && !any) add_missing_addresses(host_, known, out);
    return out;
}

void LocationRules::add_missing_of(const Service& service,
                                   const DnsKnowledge& known,
                                   std::vector<DnsName>& missing) const {
    const auto srv = look_up({DnsType::srv, service.name}, known);
    if (srv.missing) missing.push_back(*srv.missing);
    if (srv.answer == nullptr) return;
    for (const SrvRecord& record : usable_records(*srv.answer))
        add_missing_addresses(plain_name(record.target), known, missing);
}

void LocationRules::add_missing_addresses(std::string_view host,
                                          const DnsKnowledge& known,
                                          std::vector<DnsName>& missing) const {
    if (parse_address(host)) return;
    for (const DnsType type : families()) {
        const auto found = look_up({type, std::string{host}}, known);
        if (found.missing && std::ranges::find(missing, *found.missing) == missing.end())
            missing.push_back(*found.missing);
    }
}

void LocationRules::add_addresses(std::string_view host,
                                  std::uint16_t port,
                                  Transport transport,
                                  const DnsKnowledge& known,
                                  std::vector<Location>& out) const {
    const auto add = [&](const IpAddress& address) {
        if (!(address.family == IpAddress::Family::v4 ? settings_.v4 : settings_.v6)) return;
        const Location location{
            transport, {address, port}, transport == Transport::tls ? named_ : std::string{}};
        if (out.size() < most_locations && std::ranges::find(out, location) == out.end())
            out.push_back(location);
    };
    if (const auto address = parse_address(host)) return add(*address);
    for (const DnsType type : families()) {
        const auto found = look_up({type, std::string{host}}, known);
        if (found.answer == nullptr) continue;
        for (const IpAddress& address : found.answer->addresses)
            add(address);
    }
}

std::vector<Location> LocationRules::locations(const DnsKnowledge& known, Random& random) const {
    std::vector<Location> out;
    const Transport plain = asked_.value_or(plain_transport());
    const std::uint16_t port = port_ != 0 ? port_ : default_port(plain);
    if (numeric_ || port_ != 0) {
        add_addresses(host_, port, plain, known, out);
        return out;
    }
    bool any_srv = false;
    for (const Service& service : services(known).services) {
        const auto srv = look_up({DnsType::srv, service.name}, known);
        if (srv.answer == nullptr || srv.answer->srv.empty()) continue;
        any_srv = true;
        for (const SrvRecord& record : in_srv_order(usable_records(*srv.answer), random))
            add_addresses(plain_name(record.target), record.port, service.transport, known, out);
    }
    // 4.2: without SRV records, the host itself at the default port.
    if (!any_srv && usable(plain)) add_addresses(host_, port, plain, known, out);
    return out;
}

std::vector<SrvRecord> in_srv_order(std::vector<SrvRecord> records, Random& random) {
    // Weight zero first within a priority, so that it has a small chance beside the others.
    std::ranges::stable_sort(records, {}, [](const SrvRecord& record) {
        return std::pair{record.priority, record.weight != 0};
    });
    std::vector<SrvRecord> out;
    while (!records.empty()) {
        const auto group = std::ranges::find_if(records, [&](const SrvRecord& record) {
            return record.priority != records.front().priority;
        });
        std::uint32_t sum = 0;
        for (auto at = records.begin(); at != group; ++at)
            sum += at->weight;
        auto left = random.below(sum + 1);
        auto chosen = records.begin();
        for (; chosen + 1 != group && chosen->weight < left; ++chosen)
            left -= chosen->weight;
        out.push_back(*chosen);
        records.erase(chosen);
    }
    return out;
}

}  // namespace holdfast::sip
