// sip/binding.hpp: where a registered phone can be reached.
#pragma once
#include "base/ids.hpp"
#include "base/time.hpp"
#include "sip/hop.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace holdfast::sip {

using BindingId = Id<struct BindingTag>;

/// One Contact of one address-of-record (RFC 3261 10). Plain fields: it is its own record in the
/// live-state journal.
struct Binding {
    BindingId id;
    std::string aor;
    std::string contact;       ///< The URI.
    std::string instance;      ///< +sip.instance, with its angle brackets (RFC 5626 4.1).
    std::uint32_t reg_id = 0;  ///< RFC 5626 4.2; 0: none.
    std::uint16_t q = 1000;    ///< Preference in thousandths.
    std::string call_id;
    std::uint32_t cseq = 0;
    std::vector<std::string> path;  ///< RFC 3327: Route values towards it, the first hop first.
    Hop source;                     ///< Whence it registered: the way back through a NAT.
    bool behind_nat = false;
    std::string user_agent;
    Instant expires{};

    void reset() { *this = {}; }
};

struct BindingChange {
    enum class What : std::uint8_t { added, refreshed, removed, expired } what{};
    Binding binding;  ///< As it is now, or was last.
};

}  // namespace holdfast::sip
