// host/net/hosts_file.hpp: names that need no DNS: those of /etc/hosts, and localhost.
#pragma once
#include "sip/dns.hpp"

#include <optional>

struct ares_channeldata;

namespace holdfast::host {

/// Reads the file each time: it is small, and a technician's change counts at once. None where it
/// has no address of the wanted family, or other records are wanted.
std::optional<sip::DnsAnswer> find_in_hosts(ares_channeldata* channel, const sip::DnsName& name);

}  // namespace holdfast::host
