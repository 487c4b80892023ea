// acd/settings.hpp: what a technician decides about queues, agents and who may call where.
#pragma once
#include "acd/hours.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace holdfast::acd {

/// Who of the free agents gets the caller. Ties go to the longest idle, then to the settings'
/// order.
enum class Strategy : std::uint8_t { longest_idle, fewest_calls, fixed_order, random, ring_all };

/// When the caller's INVITE is answered: at once (music as a call), or by the agent (early media).
enum class AnswerWhen : std::uint8_t { on_entry, on_agent };

/// What becomes of callers while nobody is logged in to the queue.
enum class NoAgent : std::uint8_t { wait, refuse, overflow };

struct QueueSettings {
    std::string name;
    std::vector<std::string> numbers;
    OpeningHours hours;
    Strategy strategy = Strategy::longest_idle;
    AnswerWhen answer = AnswerWhen::on_entry;
    NoAgent no_agent = NoAgent::wait;
    bool escalation = false;       ///< For callers whom somebody passes on because it is urgent.
    QueueId overflow;              ///< Where callers go who cannot stay; none: they are refused.
    std::uint32_t capacity = 100;  ///< Callers waiting at a time.
    Micros longest_wait = 30min;   ///< Then overflow, or the call is ended with an apology.
    Micros ring_time = 20s;
    Micros wrap_up = 15s;
    std::uint8_t priority = 0;  ///< 0..9. One level counts as `ageing` of waiting.
    Micros ageing = 60s;
    Micros comfort_every = 30s;
    bool has_greeting = false, has_comfort = false, has_closed_announcement = false;
    Micros service_level_target = 20s;
    Micros short_abandon = 5s;
    Micros hold_reminder = 3min;  ///< A caller held that long: the agent is reminded; 0: never.
    Micros hold_alarm = 5min;     ///< And then the supervisors are told; 0: never.
    /// After the alarm the caller goes back to the queue. Nobody wants to be taken off the phone
    /// by a machine: only where somebody has said so.
    bool requeue_after_alarm = false;
    Micros dead_air = 8s;        ///< Silence in a talk that is marked; 0: voices are not measured.
    Micros dead_air_tone = 12s;  ///< Then a tone to the agent; 0: never.
};

struct AgentSettings {
    std::string number, name, pin;
    std::vector<QueueId> queues;
    DeviceId bound_device;               ///< None: logs in anywhere with number and PIN.
    std::uint32_t class_of_service = 0;  ///< Index into the classes; 0 allows nothing external.
    std::vector<std::string> numbers{};  ///< By which callers outside reach this agent alone.
    QueueId no_answer{};  ///< Where such a caller goes whom nobody answers; none: is refused.
};

struct DeviceSettings {
    std::string name;  ///< User part of its address of record.
};

struct Settings {
    std::vector<QueueSettings> queues;  ///< QueueId n is at n - 1; so with the others.
    std::vector<AgentSettings> agents;
    std::vector<DeviceSettings> devices;
    std::vector<std::string> trunks;  ///< Names, for the ledger.
    bool ready_after_login = false;
    Micros outbound_wrap_up = 0s;
    Micros absence_limit = 30min;  ///< Unreachable that long is logged out.
    Micros mask_limit = 3min;      ///< A caller's digits are kept from the agent so long; 0: never.
};

}  // namespace holdfast::acd
