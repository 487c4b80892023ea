// report/repeats.hpp: which callers came again: resolution at the first contact, by windows of days
// after the end of a journey. Who has not been gone for the whole window cannot be judged yet.
#pragma once
#include "report/reader.hpp"
#include "report/tally.hpp"
#include "report/totals.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <unordered_map>
#include <vector>

namespace holdfast::report {

class Repeats {
public:
    /// `moment` is where the journey's judgement is counted.
    void add(const Journey& journey, WallInstant moment);

    struct Judged {
        WallInstant moment{};
        std::uint32_t queue = 0, agent = 0;
        std::array<bool, repeat_days.size()> eligible{}, resolved{};
    };
    /// Looks all journeys up that began until the last window's end. `now` is where the ledger
    /// ends.
    void judge(Reader& reader, WallInstant now, const std::function<void(const Judged&)>& take);

private:
    struct Entry {
        Uuid id{};
        WallInstant began{}, ended{}, moment{}, again = WallInstant::max();
        std::uint32_t queue = 0, agent = 0;
        bool completed = false, known = false;  ///< known: by the caller's number.
    };
    void find_returns(Reader& reader, WallInstant now);
    Judged judged(const Entry& entry, WallInstant now) const;

    std::vector<Entry> entries_;
};

}  // namespace holdfast::report
