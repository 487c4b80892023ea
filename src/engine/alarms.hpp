// engine/alarms.hpp: what a person must know: raised once, cleared when over, kept until then.
#pragma once
#include "console/requests.hpp"
#include "engine/context.hpp"
#include "engine/records.hpp"
#include "wallboard/figures.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace holdfast::engine {

/// What wallboards make of an alarm.
struct AlarmRank {
    std::uint8_t priority = 5;  ///< 9 is shown before 0.
    bool latches = false;       ///< Shown until acknowledged, also when it is over.
};

class Alarms {
public:
    explicit Alarms(Context& context) : context_{context} {}

    /// `id` names the trouble ("trunk-carrier"), `text` says what is wrong and what to do.
    void raise(const std::string& id, const std::string& text, AlarmRank rank = {});
    void clear(const std::string& id);
    bool acknowledge(const std::string& id);
    std::vector<console::AlarmLine> lines() const;
    std::size_t active() const;
    /// What boards show: the most urgent first, then the oldest.
    std::vector<wallboard::AlarmFigure> figures() const;
    /// Grows whenever an alarm comes, goes or is acknowledged.
    std::uint64_t changes() const { return changes_; }
    /// Those that latch and nobody has acknowledged; they outlive the process, as over.
    std::vector<LatchedAlarm> latched() const;
    void restore(const LatchedAlarm& alarm);
    std::vector<console::AlarmLine> take_changed() { return std::exchange(changed_, {}); }

private:
    struct Alarm {
        std::string text;
        Instant since{};
        bool active = true, acknowledged = false;
        AlarmRank rank;
    };
    void note(const std::string& id, const Alarm& alarm);
    console::AlarmLine line(const std::string& id, const Alarm& alarm) const;
    static constexpr std::size_t most_alarms = 256;

    Context& context_;
    std::map<std::string, Alarm> alarms_;
    std::vector<console::AlarmLine> changed_;
    std::uint64_t changes_ = 0;
};

}  // namespace holdfast::engine
