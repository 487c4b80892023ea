// link/receiver.hpp: the board's half: octets in, requests for this board out.
#pragma once
#include "link/frame.hpp"
#include "link/messages.hpp"

#include <cstdint>
#include <optional>

namespace holdfast::link {

/// On a line that several boards share, each hears the others' answers; those are no requests.
class Receiver {
public:
    explicit Receiver(std::uint8_t node) : node_{node} {}

    std::uint8_t node() const { return node_; }
    const LineCounters& counters() const { return deframer_.counters(); }

    /// Takes one octet; the request to this board or to all, if it completed one. The board answers
    /// within 20 ms, and not at all what was said to all.
    std::optional<Request> take(std::uint8_t octet) {
        const auto frame = deframer_.take(octet);
        if (!frame || (frame->address != node_ && frame->address != broadcast)) return std::nullopt;
        return read_request(*frame);
    }

private:
    Deframer deframer_;
    std::uint8_t node_;
};

}  // namespace holdfast::link
