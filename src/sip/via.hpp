// sip/via.hpp: reads a Via as far as it goes, since a malformed one may still tell where the
// refusal belongs.
#pragma once
#include "sip/fault.hpp"
#include "sip/values.hpp"

#include <optional>
#include <string_view>

namespace holdfast::sip {

struct ViaReading {
    Via via;
    bool routable = false;  ///< sent-by was read.
    std::optional<Fault> fault;
};
ViaReading read_via(std::string_view text);

}  // namespace holdfast::sip
