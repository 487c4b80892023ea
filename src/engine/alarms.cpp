#include "engine/alarms.hpp"

#include <algorithm>

namespace holdfast::engine {

void Alarms::raise(const std::string& id, const std::string& text) {
    const auto it = alarms_.find(id);
    if (it != alarms_.end() && it->second.active && it->second.text == text) return;
    if (it == alarms_.end() && alarms_.size() >= most_alarms) {
        const auto over = std::ranges::find_if(alarms_, [](auto& a) { return !a.second.active; });
        if (over == alarms_.end()) return context_.log(LogLevel::error, "alarm {}: {}", id, text);
        alarms_.erase(over);
    }
    auto& alarm = alarms_[id] = {text, context_.now, true, false};
    context_.log(LogLevel::error, "alarm {}: {}", id, text);
    changed_.push_back(line(id, alarm));
}

void Alarms::clear(const std::string& id) {
    const auto it = alarms_.find(id);
    if (it == alarms_.end() || !it->second.active) return;
    it->second.active = false;
    context_.log(LogLevel::info, "alarm {} is over", id);
    changed_.push_back(line(id, it->second));
    if (it->second.acknowledged) alarms_.erase(it);
}

bool Alarms::acknowledge(const std::string& id) {
    const auto it = alarms_.find(id);
    if (it == alarms_.end()) return false;
    it->second.acknowledged = true;
    changed_.push_back(line(id, it->second));
    if (!it->second.active) alarms_.erase(it);
    return true;
}

console::AlarmLine Alarms::line(const std::string& id, const Alarm& alarm) const {
    const std::chrono::duration<double> since = context_.now - alarm.since;
    return {id, alarm.text, "error", since.count(), alarm.active, alarm.acknowledged};
}

std::vector<console::AlarmLine> Alarms::lines() const {
    std::vector<console::AlarmLine> lines;
    for (const auto& [id, alarm] : alarms_)
        lines.push_back(line(id, alarm));
    return lines;
}

std::size_t Alarms::active() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(alarms_, [](auto& a) { return a.second.active; }));
}

}  // namespace holdfast::engine
