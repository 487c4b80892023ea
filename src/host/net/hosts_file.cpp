#include "host/net/hosts_file.hpp"

#include <ares.h>

#include <algorithm>
#include <netdb.h>
#include <sys/socket.h>

namespace holdfast::host {
namespace {

constexpr std::uint32_t ttl_s = 60;

IpAddress loopback(IpAddress::Family family) {
    if (family == IpAddress::Family::v4) return IpAddress::v4(127, 0, 0, 1);
    IpAddress out{family, {}};
    out.bytes.back() = 1;
    return out;
}

std::vector<IpAddress> addresses_in_file(ares_channeldata* channel,
                                         const std::string& name,
                                         IpAddress::Family family) {
    const int kind = family == IpAddress::Family::v4 ? AF_INET : AF_INET6;
    hostent* host = nullptr;
    std::vector<IpAddress> out;
    if (ares_gethostbyname_file(channel, name.c_str(), kind, &host) != ARES_SUCCESS) return out;
    for (char** address = host->h_addr_list; *address != nullptr; ++address) {
        IpAddress one{family, {}};
        std::copy_n(*address, host->h_length, one.bytes.begin());
        out.push_back(one);
    }
    ares_free_hostent(host);
    return out;
}

}  // namespace

std::optional<sip::DnsAnswer> find_in_hosts(ares_channeldata* channel, const sip::DnsName& name) {
    if (name.type != sip::DnsType::a && name.type != sip::DnsType::aaaa) return std::nullopt;
    const auto family =
        name.type == sip::DnsType::a ? IpAddress::Family::v4 : IpAddress::Family::v6;
    sip::DnsAnswer out;
    out.addresses = addresses_in_file(channel, name.name, family);
    // RFC 6761 6.3: nobody else is asked for these.
    if (out.addresses.empty() && (name.name == "localhost" || name.name.ends_with(".localhost")))
        out.addresses.push_back(loopback(family));
    if (out.addresses.empty()) return std::nullopt;
    out.status = sip::DnsAnswer::Status::found;
    out.ttl_s = ttl_s;
    return out;
}

}  // namespace holdfast::host
