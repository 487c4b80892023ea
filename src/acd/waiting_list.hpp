// acd/waiting_list.hpp: the callers of one queue in the order they are due. Priority ages: a level
// counts as a fixed time of waiting, so the order never changes while callers wait and nobody
// starves. Who was offered and came back stands first.
#pragma once
#include "base/ids.hpp"
#include "base/time.hpp"

#include <compare>
#include <cstddef>
#include <optional>
#include <set>

namespace holdfast::acd {

/// Lower is served first.
struct WaitingKey {
    bool fresh = true;     ///< False for a caller who came back from an offer.
    Instant aged_entry{};  ///< Entry, less `ageing` for each level of priority.
    CallId call;
    friend auto operator<=>(const WaitingKey&, const WaitingKey&) = default;
};

class WaitingList {
public:
    void add(const WaitingKey& key) { keys_.insert(key); }
    void remove(const WaitingKey& key) { keys_.erase(key); }
    bool empty() const { return keys_.empty(); }
    std::size_t size() const { return keys_.size(); }
    const WaitingKey& front() const { return *keys_.begin(); }
    auto begin() const { return keys_.begin(); }
    auto end() const { return keys_.end(); }

private:
    std::set<WaitingKey> keys_;
};

}  // namespace holdfast::acd
