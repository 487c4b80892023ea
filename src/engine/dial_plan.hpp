// engine/dial_plan.hpp: what a number means, for a caller on a trunk and for a phone of ours. Pure:
// the answer depends on the settings, the number and who asks.
#pragma once
#include "base/ids.hpp"
#include "engine/settings.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace holdfast::engine {

struct ToQueue {
    QueueId queue;
};
struct ToAgent {
    AgentId agent;
};
/// A feature code. `rest` is what was dialled behind it.
struct ToCode {
    enum class Code : std::uint8_t { log_in, ready, park, hold } code{};
    std::string rest;
};
struct ToTrunk {
    std::string number;           ///< As the agent dialled it; each trunk applies its own rules.
    std::vector<TrunkId> trunks;  ///< In order of trial.
    bool emergency = false;
};
struct ToNobody {};

using Destination = std::variant<ToQueue, ToAgent, ToCode, ToTrunk, ToNobody>;

/// The number after the rule with the longest fitting prefix; unchanged where none fits.
std::string rewritten(const std::vector<NumberRule>& rules, std::string_view number);

/// Only what a number may consist of: '+' first, digits, '*', '#'; visual separators go.
std::string digits_of(std::string_view user);

/// What a caller on `trunk` reaches.
Destination inbound_destination(const Settings& settings, TrunkId trunk, std::string_view user);

/// What a phone of ours reaches. Feature codes before everything, then emergency numbers, agents,
/// queues, and external numbers over the trunks of the class of service.
Destination phone_destination(const Settings& settings,
                              std::uint32_t class_of_service,
                              std::string_view user);

}  // namespace holdfast::engine
