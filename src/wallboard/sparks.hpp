// wallboard/sparks.hpp: what sparklines show: how a value went, a point for each span of time.
#pragma once
#include "wallboard/layout.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace holdfast::wallboard {

/// How much of `full` a reading is, in thousandths; nothing to tell and less than nothing are none.
std::uint32_t permille_of(const Reading& reading, std::int64_t full);

class Sparks {
public:
    explicit Sparks(const Layout& layout);

    /// A point is the highest reading of its span, so that no peak is lost between two points.
    void take(const Figures& figures, Instant now);
    /// For the firmware: an octet a point, the newest last; none before the first span is over.
    std::string points(const Cell& cell) const;

private:
    struct Series {
        const Value* value = nullptr;
        std::size_t scope = 0;
        std::int64_t full = 1;
        Micros every{};
        std::size_t most = 0;  ///< As many as the widest cell shows.
        Instant until = never;
        std::uint8_t highest = 0;
        std::string points{};

        bool is_of(const Cell& cell) const;
    };
    std::vector<Series> all_;
};

}  // namespace holdfast::wallboard
