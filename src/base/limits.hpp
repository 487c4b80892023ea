// base/limits.hpp: every limit of the product, with the arithmetic beside it. At a limit we refuse
// clearly, count it and show it; nothing grows without one.
#pragma once
#include "base/time.hpp"

#include <cstddef>
#include <cstdint>

namespace holdfast::limits {

// SIP messages. 64 KiB is what UDP can carry; the others stop a small sender from costing much.
inline constexpr std::size_t message_bytes = 65'536;
inline constexpr std::size_t header_bytes = 8'192;  // one header field, folded lines included
inline constexpr std::size_t headers = 128;
inline constexpr std::size_t request_uri_bytes = 1024;
// A request may pass 70 proxies (RFC 3261 8.1.1.6); RFC 4475 3.1.1.7 shows one that passed 34.
inline constexpr std::size_t vias = 70;
inline constexpr std::size_t sdp_lines = 64;
inline constexpr std::size_t contacts_in_message = 16;
inline constexpr std::size_t routes = 16;
inline constexpr std::size_t parameters = 32;   // of one URI, or of one header value
inline constexpr std::size_t sdp_formats = 32;  // payload types on one m= line

// Rated load: 1,000 calls waiting or talking, 20 new calls a second, 500 agents.
inline constexpr std::size_t calls = 4'000;     // 4 times rated
inline constexpr std::size_t legs = 3 * calls;  // caller, agent, one more (consult, overflow)
inline constexpr std::size_t sessions = legs;   // one INVITE dialog usage a leg
inline constexpr std::size_t agents = 2'000;
inline constexpr std::size_t devices = 2'000;
inline constexpr std::size_t queues = 500;
inline constexpr std::size_t trunks = 64;
inline constexpr std::size_t listeners = 32;
inline constexpr std::size_t flows = 4'096;  // TCP and TLS connections
inline constexpr std::size_t contacts_per_device = 8;
inline constexpr std::size_t queues_per_agent = 32;
// A transaction lives 32 s (64 T1). A queued call is two of the peers' and two of ours, one of
// which ends after 5 s: 101 transactions for each call a second. 1,000 calls a second are 101,000,
// of which two thirds are of peers, who may have half of all; so doubled, and a power of two. One
// that has ended keeps about 1 KiB: 256 MiB at the limit, half of it by strangers.
inline constexpr std::size_t transactions = 262'144;
// Deadlines: 2 a transaction, 3 a leg, 5 a call, 3 an agent, 2 a contact.
inline constexpr std::size_t deadlines =
    2 * transactions + 3 * legs + 5 * calls + 3 * agents + 2 * devices * contacts_per_device;

// Media. An endpoint has two sockets: 24,000 descriptors, which RLIMIT_NOFILE must allow.
inline constexpr std::size_t media_endpoints = legs;
// Deadlines: audio tick, RTCP report, silence, end of a digit for each endpoint; one for health.
inline constexpr std::size_t media_deadlines = 4 * media_endpoints + 1;
inline constexpr std::size_t media_codecs = 8;     // payload types of one endpoint
inline constexpr std::size_t digits_waiting = 32;  // of one endpoint, to be sent one by one
inline constexpr std::size_t media_sources = 256;  // recordings and tones
// Whom one can follow. Each party costs a decoder, an encoder and 10 kB of what was said.
inline constexpr std::size_t conference_parties = 8;
// A second of sound in all four codecs is 30 kB: half an hour is 54 MB, all sources 512 MiB.
inline constexpr Micros source_length = 30min;
inline constexpr std::size_t source_bytes = std::size_t{512} * 1024 * 1024;
// A List answers once for each endpoint; the rest may wait beside it.
inline constexpr std::size_t reports_waiting = 2 * media_endpoints;

// Names people give. Longer ones are refused by the settings check, or cut in a display.
inline constexpr std::size_t name_bytes = 64;
inline constexpr std::size_t display_bytes = 64;

}  // namespace holdfast::limits
