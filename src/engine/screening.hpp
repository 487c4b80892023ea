// engine/screening.hpp: how often a source may be wrong before it is met with silence. Bounded: the
// source not seen for longest makes room.
#pragma once
#include "base/address.hpp"
#include "base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

namespace holdfast::engine {

/// One bucket per (claimed user, source address): ten failures at once, then one every two seconds.
/// A phone behind the same address with another user is not touched; nor is the user elsewhere.
class Screening {
public:
    /// Whether anything of this source was ever wrong: most are strangers here, and cost nothing.
    bool knows(const IpAddress& source) const { return sources_.contains(source); }
    /// Whether a request of this user from this source is worth looking at now.
    bool allows(std::string_view user, const IpAddress& source, Instant now);
    void failed(std::string_view user, const IpAddress& source, Instant now);
    void succeeded(std::string_view user, const IpAddress& source);
    std::uint64_t silenced() const { return silenced_; }
    std::size_t size() const { return buckets_.size(); }
    static constexpr std::size_t most_sources = 4096;

private:
    struct Bucket {
        double left = 0;
        Instant filled{};
        IpAddress source;
        std::list<std::string>::iterator age;
    };
    static std::string key_of(std::string_view user, const IpAddress& source);
    Bucket& touch(std::string_view user, const IpAddress& source, Instant now);
    void drop(std::unordered_map<std::string, Bucket>::iterator bucket);

    std::unordered_map<std::string, Bucket> buckets_;
    std::list<std::string> by_age_;  // longest unseen first
    std::map<IpAddress, int> sources_;
    std::uint64_t silenced_ = 0;
};

}  // namespace holdfast::engine
