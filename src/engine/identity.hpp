// engine/identity.hpp: who calls, as one side tells it to the other: numbers, names, displays.
#pragma once
#include "base/ids.hpp"
#include "base/time.hpp"
#include "engine/settings.hpp"
#include "sip/message.hpp"

#include <string>
#include <string_view>

namespace holdfast::engine {

struct CallerIdentity {
    std::string number, name;  ///< Empty where withheld.
};

/// The caller of an INVITE from a trunk: P-Asserted-Identity (RFC 3325) before From; nothing where
/// Privacy asks for it (RFC 3323 4.2) or From is anonymous. The trunk's rules are applied.
CallerIdentity identity_of(const sip::Message& invite, const TrunkSettings& trunk);

/// Host part of our own URIs towards peers of that listener, IPv6 in brackets, port where needed.
std::string own_host(const Settings& settings, ListenerId listener);
std::string own_uri(std::string_view user, std::string_view host);

/// What an agent's phone shows before answer: queue, waited time, caller, in what phones can show.
std::string offer_display(std::string_view queue, Micros waited, std::string_view caller);

}  // namespace holdfast::engine
