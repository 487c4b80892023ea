#include "report/repeats.hpp"

#include <algorithm>
#include <string>

namespace holdfast::report {
namespace {

constexpr std::chrono::days longest_window{repeat_days.back()};

}  // namespace

void Repeats::add(const Journey& journey, WallInstant moment) {
    if (journey.outbound || !journey.closed) return;
    entries_.push_back({journey.id,
                        journey.began,
                        journey.ended,
                        moment,
                        WallInstant::max(),
                        journey.queue,
                        journey.agent,
                        journey.completed,
                        false});
}

void Repeats::judge(Reader& reader,
                    WallInstant now,
                    const std::function<void(const Judged&)>& take) {
    if (entries_.empty()) return;
    find_returns(reader, now);
    for (const Entry& entry : entries_)
        if (entry.known) take(judged(entry, now));
}

/// Goes through all arrivals in the order of time; whoever is being waited for stands under the
/// caller's number.
void Repeats::find_returns(Reader& reader, WallInstant now) {
    std::ranges::sort(entries_, {}, &Entry::id);
    const auto began = std::ranges::min(entries_, {}, &Entry::began).began;
    const auto ended = std::ranges::max(entries_, {}, &Entry::ended).ended;
    std::unordered_map<std::string, std::vector<Entry*>> waited_for;
    std::string number;
    const Interval looked_at{
        began - std::chrono::seconds{1},
        std::min<WallInstant>(ended + longest_window, now) + std::chrono::seconds{1}};
    reader.each_arrival(looked_at, [&](const Arrival& arrival) {
        number = arrival.number;
        const auto open = waited_for.find(number);
        if (open != waited_for.end())
            std::erase_if(open->second, [&](Entry* entry) {
                if (arrival.began <= entry->ended) return false;
                entry->again = arrival.began;
                return true;
            });
        const auto own = std::ranges::lower_bound(entries_, arrival.journey, {}, &Entry::id);
        if (own == entries_.end() || own->id != arrival.journey) return;
        own->known = true;
        waited_for[number].push_back(&*own);
    });
}

Repeats::Judged Repeats::judged(const Entry& entry, WallInstant now) const {
    Judged judged{entry.moment, entry.queue, entry.agent, {}, {}};
    for (std::size_t i = 0; i < repeat_days.size(); ++i) {
        const WallInstant until = entry.ended + std::chrono::days{repeat_days[i]};
        judged.eligible[i] = until <= now;
        judged.resolved[i] = judged.eligible[i] && entry.completed && entry.again > until;
    }
    return judged;
}

}  // namespace holdfast::report
