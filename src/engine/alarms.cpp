#include "engine/alarms.hpp"

#include <algorithm>

namespace holdfast::engine {

void Alarms::raise(const std::string& id, const std::string& text, AlarmRank rank) {
    const auto it = alarms_.find(id);
    if (it != alarms_.end() && it->second.active && it->second.text == text) return;
    if (it == alarms_.end() && alarms_.size() >= most_alarms) {
        const auto over = std::ranges::find_if(alarms_, [](auto& a) { return !a.second.active; });
        if (over == alarms_.end()) return context_.log(LogLevel::error, "alarm {}: {}", id, text);
        alarms_.erase(over);
    }
    auto& alarm = alarms_[id] = {text, context_.now, true, false, rank};
    context_.log(LogLevel::error, "alarm {}: {}", id, text);
    note(id, alarm);
}

void Alarms::note(const std::string& id, const Alarm& alarm) {
    changed_.push_back(line(id, alarm));
    ++changes_;
}

void Alarms::clear(const std::string& id) {
    const auto it = alarms_.find(id);
    if (it == alarms_.end() || !it->second.active) return;
    it->second.active = false;
    context_.log(LogLevel::info, "alarm {} is over", id);
    note(id, it->second);
    if (it->second.acknowledged) alarms_.erase(it);
}

bool Alarms::acknowledge(const std::string& id) {
    const auto it = alarms_.find(id);
    if (it == alarms_.end()) return false;
    it->second.acknowledged = true;
    note(id, it->second);
    if (!it->second.active) alarms_.erase(it);
    return true;
}

console::AlarmLine Alarms::line(const std::string& id, const Alarm& alarm) const {
    const std::chrono::duration<double> since = context_.now - alarm.since;
    return {id, alarm.text, "error", since.count(), alarm.active, alarm.acknowledged};
}

std::vector<console::AlarmLine> Alarms::lines() const {
    std::vector<console::AlarmLine> lines;
    lines.reserve(alarms_.size());
    for (const auto& [id, alarm] : alarms_)
        lines.push_back(line(id, alarm));
    return lines;
}

std::vector<wallboard::AlarmFigure> Alarms::figures() const {
    std::vector<const Alarm*> shown;
    for (const auto& [id, alarm] : alarms_)
        if (alarm.active || (alarm.rank.latches && !alarm.acknowledged)) shown.push_back(&alarm);
    std::ranges::stable_sort(shown, [](const Alarm* a, const Alarm* b) {
        return std::pair{b->rank.priority, a->since} < std::pair{a->rank.priority, b->since};
    });
    std::vector<wallboard::AlarmFigure> figures;
    figures.reserve(shown.size());
    for (const Alarm* alarm : shown)
        figures.push_back({alarm->text, alarm->rank.priority, alarm->active, alarm->acknowledged});
    return figures;
}

std::vector<LatchedAlarm> Alarms::latched() const {
    std::vector<LatchedAlarm> all;
    for (const auto& [id, alarm] : alarms_)
        if (alarm.rank.latches && !alarm.acknowledged)
            all.push_back({id, alarm.text, alarm.since, alarm.rank.priority});
    return all;
}

void Alarms::restore(const LatchedAlarm& alarm) {
    alarms_[alarm.id] = {alarm.text, alarm.since, false, false, {alarm.priority, true}};
    ++changes_;
}

std::size_t Alarms::active() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(alarms_, [](auto& a) { return a.second.active; }));
}

}  // namespace holdfast::engine
