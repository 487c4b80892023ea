// sip/outbox.hpp: what must leave, in order.
#pragma once
#include "sip/hop.hpp"

#include <string_view>
#include <utility>
#include <vector>

namespace holdfast::sip {

class Outbox {
public:
    void add(Transmit transmit) { waiting_.push_back(std::move(transmit)); }
    void add(const Hop& hop, std::string_view bytes) {
        waiting_.push_back({hop, std::string{bytes}, {}});
    }
    std::vector<Transmit> take() { return std::exchange(waiting_, {}); }

private:
    std::vector<Transmit> waiting_;
};

}  // namespace holdfast::sip
