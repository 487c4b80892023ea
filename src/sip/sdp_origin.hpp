// sip/sdp_origin.hpp: the o= line of a session description, which says whether it changed
// (RFC 3264 8).
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace holdfast::sip {

/// The value of the o= line; empty where there is none.
std::string_view origin_of(std::string_view sdp);

/// The version in the o= line, its third word; 0 where there is none.
std::uint64_t origin_version(std::string_view sdp);

/// The same description with that version; as it is where it has no o= line.
std::string with_origin_version(std::string_view sdp, std::uint64_t version);

}  // namespace holdfast::sip
