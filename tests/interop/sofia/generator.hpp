// Makes SIP messages from a seed: well-formed ones of many shapes, and the same with one thing
// broken.
#pragma once
#include "base/random.hpp"

#include <span>
#include <string>
#include <string_view>

namespace holdfast::differential {

enum class Mutation {
    none,
    byte_changed,
    byte_removed,
    special_inserted,  // a separator, a quote, a control
    line_doubled,
    line_removed,
    lines_swapped,
    cut_short,
    number_grown,
    line_ended_by_lf,
};

class Generator {
public:
    explicit Generator(std::uint64_t seed) : random_{Random::from(seed)} {}

    std::string message();
    std::string broken(std::string message, Mutation mutation);
    Mutation mutation();

private:
    bool chance(std::uint32_t percent) { return random_.below(100) < percent; }
    std::string_view pick(std::span<const std::string_view> from) {
        return from[random_.below(static_cast<std::uint32_t>(from.size()))];
    }
    std::string number(std::uint32_t most) { return std::to_string(random_.below(most) + 1); }
    std::string word();
    std::string blank();
    std::string host();
    std::string uri();
    std::string parameters();
    std::string party(bool tag);
    std::string via();
    std::string contacts();
    std::string name(std::string_view full, std::string_view compact);
    std::string body();
    void add_optional(std::string& out, std::span<const std::string_view> fields);

    Random random_;
};

}  // namespace holdfast::differential
