// host/black_box/key_hider.hpp: keys of SRTP are not kept. They stand behind "inline:" wherever
// they are (RFC 4568 6.1): in SDP, and in the records that a life gets from the one before.
#pragma once
#include "base/ids.hpp"

#include <string>
#include <string_view>
#include <unordered_map>

namespace holdfast::host {

/// Replaces each by letters that are no key, length for length: what is kept reads as before.
void hide_keys(std::string& bytes);

/// The same for what comes on connections, where a key may be split between two reads.
class KeyHider {
public:
    std::string hidden(FlowId flow, std::string_view bytes);
    void forget(FlowId flow) { tails_.erase(flow); }

private:
    std::unordered_map<FlowId, std::string> tails_;  // ends of what came last
};

}  // namespace holdfast::host
