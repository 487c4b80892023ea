// host/net/dns_message.hpp: what an answer of the DNS says to one question (RFC 1035 4).
#pragma once
#include "sip/dns.hpp"

#include <cstdint>
#include <span>

namespace holdfast::host {

/// The number of a type in a DNS message.
int type_number(sip::DnsType type);

/// Reads the whole message, follows CNAMEs from the name that was asked, and keeps the records of
/// the wanted type. Nothing of that kind, or no such name: `nothing`, with the TTL of RFC 2308. A
/// server's refusal, or a message that cannot be read: `failed`.
sip::DnsAnswer read_dns_answer(std::span<const std::uint8_t> message, const sip::DnsName& asked);

}  // namespace holdfast::host
