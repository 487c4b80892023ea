#include "engine/features.hpp"

#include "base/ascii.hpp"

#include <algorithm>

namespace holdfast::engine {
namespace {

constexpr Micros answer_within = 20s;  // silence of the agent; each digit starts it anew
constexpr int most_trials = 3;
constexpr int most_wrong_pins = 5;  // then the number rests, wherever it is tried from
constexpr Micros wrong_pin_rest = 60s;
constexpr std::size_t longest_entry = 16;

/// Takes the same time whatever differs.
bool same(std::string_view a, std::string_view b) {
    unsigned differs = a.size() == b.size() ? 0 : 1;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
        differs |= static_cast<unsigned>(a[i] ^ b[i]);
    return differs == 0;
}

}  // namespace

void Features::begin(Leg& leg, const ToCode& code) {
    leg.role = Role::feature;
    legs_.touch(leg);
    dialogues_[leg.id];
    context_.floor.device_in_use(leg.device, true);
    legs_.answer(leg);
    switch (code.code) {
        case ToCode::Code::log_in:
            return log_in_or_out(leg, code.rest);
        case ToCode::Code::ready:
            return toggle_ready(leg, code.rest);
        case ToCode::Code::hold:
            return explain_hold(leg, code.rest);
        case ToCode::Code::park:
            break;
    }
    confirm(leg, false);
}

void Features::explain_hold(Leg& leg, std::string_view rest) {
    const AgentId agent = context_.floor.agent_at(leg.device);
    const auto said = hold_code(rest);
    confirm(leg,
            agent && said &&
                context_.floor.hold_explained(agent, said->reason, said->promise, context_.when()));
}

void Features::log_in_or_out(Leg& leg, std::string_view rest) {
    auto& floor = context_.floor;
    if (const AgentId there = floor.agent_at(leg.device); there && rest.empty()) {
        floor.log_out(there, context_.when());
        return confirm(leg, true);
    }
    const auto& agents = context_.settings.floor.agents;
    const auto bound = std::ranges::find(agents, leg.device, &acd::AgentSettings::bound_device);
    if (rest.empty() && bound != agents.end())
        return confirm(
            leg, log_in(leg, AgentId{static_cast<std::uint32_t>(bound - agents.begin()) + 1}));
    if (rest.empty()) return ask(leg);
    // "*45*2101*1234" on a key of the phone: number and PIN in one.
    if (rest.front() == '*') rest.remove_prefix(1);
    auto& d = dialogues_[leg.id];
    const auto star = rest.find('*');
    d.number = rest.substr(0, star);
    d.pin = star == rest.npos ? std::string_view{} : rest.substr(star + 1);
    const AgentId agent = agent_with(d.number, d.pin);
    confirm(leg, agent && log_in(leg, agent));
}

void Features::toggle_ready(Leg& leg, std::string_view rest) {
    const AgentId agent = context_.floor.agent_at(leg.device);
    if (!agent) return confirm(leg, false);
    const auto& a = context_.floor.agent(agent);
    if (rest.size() == 1 && is_digit(rest.front())) {
        const auto code = static_cast<std::uint8_t>(rest.front() - '0');
        context_.floor.pause(agent, acd::PauseReason::code, code, context_.when());
    } else if (!rest.empty()) {
        return confirm(leg, false);
    } else if (a.lane.state == acd::agent::wrapping ||
               (a.pause_wished && a.lane.state != acd::agent::ready)) {
        context_.floor.make_ready(agent, context_.when());
    } else {
        context_.floor.pause(agent, acd::PauseReason::chosen, 0, context_.when());
    }
    confirm(leg, true);
}

void Features::ask(Leg& leg) {
    auto& d = dialogues_[leg.id];
    d.step = Step::number;
    d.number.clear();
    d.pin.clear();
    legs_.hear(leg, Sounds::ask);
    context_.deadlines.arm(
        d.timer, context_.now + answer_within, {DeadlineOwner::leg, 0, leg.id.value});
}

void Features::digit(Leg& leg, char digit) {
    const auto it = dialogues_.find(leg.id);
    if (it == dialogues_.end() || it->second.step == Step::done) return;
    auto& d = it->second;
    context_.deadlines.arm(
        d.timer, context_.now + answer_within, {DeadlineOwner::leg, 0, leg.id.value});
    auto& entry = d.step == Step::number ? d.number : d.pin;
    if (digit == '*') return entry.clear();
    if (digit != '#') {
        if (entry.size() < longest_entry) entry += digit;
        return;
    }
    if (d.step == Step::number) {
        d.step = Step::pin;
        return legs_.hear(leg, Sounds::ask);
    }
    try_login(leg, d);
}

void Features::try_login(Leg& leg, Dialogue& d) {
    const AgentId agent = agent_with(d.number, d.pin);
    if (agent && log_in(leg, agent)) return confirm(leg, true);
    if (++d.trials >= most_trials) return confirm(leg, false);
    ask(leg);
    legs_.hear(leg, Sounds::refuse);
}

/// Nobody for a wrong number or PIN: neither tells which. A number that is guessed at rests.
AgentId Features::agent_with(std::string_view number, std::string_view pin) {
    const auto& agents = context_.settings.floor.agents;
    const auto it = std::ranges::find(agents, number, &acd::AgentSettings::number);
    if (it == agents.end() || it->pin.empty()) return {};
    const AgentId agent{static_cast<std::uint32_t>(it - agents.begin()) + 1};
    auto& g = guesses_[agent];
    if (g.wrong >= most_wrong_pins && context_.now < g.until) return {};
    if (same(it->pin, pin)) {
        g = {};
        return agent;
    }
    g.wrong = g.wrong >= most_wrong_pins ? 1 : g.wrong + 1;
    g.until = context_.now + wrong_pin_rest;
    if (g.wrong == most_wrong_pins)
        context_.log(LogLevel::warning,
                     "agent {}: {} wrong PINs, no login for {} s",
                     it->number,
                     most_wrong_pins,
                     std::chrono::duration_cast<std::chrono::seconds>(wrong_pin_rest).count());
    return {};
}

bool Features::log_in(Leg& leg, AgentId agent) {
    const auto result = context_.floor.log_in(agent, leg.device, context_.when());
    return result == acd::LoginResult::done || result == acd::LoginResult::moved;
}

/// The tone, and then the phone is hung up.
void Features::confirm(Leg& leg, bool done) {
    auto& d = dialogues_[leg.id];
    d.step = Step::done;
    legs_.hear(leg, done ? Sounds::confirm : Sounds::refuse);
    // Where no tone can be played, the phone is hung up all the same.
    context_.deadlines.arm(d.timer, context_.now + 3s, {DeadlineOwner::leg, 0, leg.id.value});
}

void Features::play_ended(Leg& leg, SourceId source) {
    const auto it = dialogues_.find(leg.id);
    if (it == dialogues_.end() || it->second.step != Step::done) return;
    const auto* hears = std::get_if<media::HearSource>(&leg.hears);
    if (hears != nullptr && hears->source == source) deadline(leg.id);
}

void Features::deadline(LegId id) {
    Leg* leg = legs_.find(id);
    if (leg == nullptr) return;
    forget(*leg);
    legs_.end(*leg, {}, 480);
}

void Features::ended(Leg& leg) {
    forget(leg);
    legs_.ended_by_peer(leg);
}

void Features::forget(Leg& leg) {
    const auto it = dialogues_.find(leg.id);
    if (it == dialogues_.end()) return;
    context_.deadlines.stop(it->second.timer);
    dialogues_.erase(it);
}

}  // namespace holdfast::engine
