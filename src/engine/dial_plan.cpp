#include "engine/dial_plan.hpp"

#include "base/ascii.hpp"

#include <algorithm>

namespace holdfast::engine {
namespace {

template <class Items, class Fits>
std::uint32_t index_of(const Items& items, Fits fits) {
    const auto it = std::ranges::find_if(items, fits);
    return it == items.end() ? 0 : static_cast<std::uint32_t>(it - items.begin()) + 1;
}

std::optional<ToQueue> queue_of(const Settings& settings, std::string_view number) {
    const auto index = index_of(settings.floor.queues, [&](const acd::QueueSettings& q) {
        return q.name == number || std::ranges::find(q.numbers, number) != q.numbers.end();
    });
    return index == 0 ? std::nullopt : std::optional{ToQueue{QueueId{index}}};
}

std::optional<ToAgent> agent_of(const Settings& settings, std::string_view number) {
    const auto index = index_of(settings.floor.agents,
                                [&](const acd::AgentSettings& a) { return a.number == number; });
    return index == 0 ? std::nullopt : std::optional{ToAgent{AgentId{index}}};
}

/// By a number that callers outside may dial; an agent's own one is not among them.
std::optional<ToAgent> agent_reached_by(const Settings& settings, std::string_view number) {
    const auto index = index_of(settings.floor.agents, [&](const acd::AgentSettings& a) {
        return std::ranges::find(a.numbers, number) != a.numbers.end();
    });
    return index == 0 ? std::nullopt : std::optional{ToAgent{AgentId{index}}};
}

std::vector<TrunkId> every_trunk(const Settings& settings) {
    std::vector<TrunkId> trunks;
    for (std::uint32_t i = 1; i <= settings.trunks.size(); ++i)
        trunks.push_back(TrunkId{i});
    return trunks;
}

}  // namespace

std::string rewritten(const std::vector<NumberRule>& rules, std::string_view number) {
    const NumberRule* best = nullptr;
    for (const auto& rule : rules)
        if (number.starts_with(rule.prefix) &&
            (best == nullptr || rule.prefix.size() > best->prefix.size()))
            best = &rule;
    if (best == nullptr) return std::string{number};
    return best->prepend +
           std::string{number.substr(std::min<std::size_t>(best->strip, number.size()))};
}

std::string digits_of(std::string_view user) {
    std::string number;
    for (const char c : user) {
        const bool plus = c == '+' && number.empty();
        if (is_digit(c) || c == '*' || c == '#' || plus) number += c;
    }
    return number;
}

Destination inbound_destination(const Settings& settings, TrunkId trunk, std::string_view user) {
    const auto& rules = settings.trunks[trunk.value - 1].inbound;
    const auto number = rewritten(rules, user);
    if (const auto queue = queue_of(settings, number)) return *queue;
    if (const auto agent = agent_reached_by(settings, number)) return *agent;
    return ToNobody{};
}

Destination phone_destination(const Settings& settings,
                              std::uint32_t class_of_service,
                              std::string_view user) {
    for (const auto& [code, meaning] :
         {std::pair{std::string_view{settings.codes.log_in}, ToCode::Code::log_in},
          std::pair{std::string_view{settings.codes.ready}, ToCode::Code::ready},
          std::pair{std::string_view{settings.codes.park}, ToCode::Code::park},
          std::pair{std::string_view{settings.codes.hold}, ToCode::Code::hold}})
        if (user.starts_with(code)) return ToCode{meaning, std::string{user.substr(code.size())}};
    const auto& emergency = settings.emergency;
    if (std::ranges::find(emergency.numbers, user) != emergency.numbers.end())
        return ToTrunk{std::string{user},
                       emergency.trunks.empty() ? every_trunk(settings) : emergency.trunks,
                       true};
    if (const auto agent = agent_of(settings, user)) return *agent;
    if (const auto agent = agent_reached_by(settings, user)) return *agent;
    if (const auto queue = queue_of(settings, user)) return *queue;
    auto number = digits_of(user);
    if (number.empty()) return ToNobody{};
    const auto& trunks = settings.class_trunks[class_of_service];
    return ToTrunk{std::move(number), trunks.empty() ? every_trunk(settings) : trunks, false};
}

}  // namespace holdfast::engine
