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
    finish(leg, Outcome::refused, {Prompt::not_possible});
}

void Features::explain_hold(Leg& leg, std::string_view rest) {
    const AgentId agent = context_.floor.agent_at(leg.device);
    if (!agent) return finish(leg, Outcome::refused, {Prompt::no_agent_here});
    const auto said = hold_code(rest);
    if (!said || !take_hold_code(context_, agent, *said))
        return finish(leg, Outcome::refused, {Prompt::not_possible});
    if (said->what == HoldCode::What::customer_works)
        return finish(leg, Outcome::done, {Prompt::customer_working});
    if (said->what == HoldCode::What::mask_digits) {
        const auto* call = context_.floor.call(context_.floor.agent(agent).call);
        const bool on = call != nullptr && call->listening.masking.on;
        return finish(leg, Outcome::done, {on ? Prompt::digits_masked : Prompt::digits_passed});
    }
    auto sentence = sounds_.sentence();
    sentence.say({said->reason == acd::HoldReason::research  ? Prompt::hold_research
                  : said->reason == acd::HoldReason::consult ? Prompt::hold_consult
                                                             : Prompt::hold_other});
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(said->promise).count();
    if (minutes > 0) sentence.say({Prompt::for_minutes}).minutes(static_cast<unsigned>(minutes));
    finish(leg, Outcome::done, sentence);
}

void Features::log_in_or_out(Leg& leg, std::string_view rest) {
    auto& floor = context_.floor;
    if (const AgentId there = floor.agent_at(leg.device); there && rest.empty()) {
        floor.log_out(there, context_.when());
        const bool out = floor.agent(there).lane.state == acd::agent::logged_out;
        return finish(
            leg, Outcome::done, {out ? Prompt::logged_out : Prompt::logged_out_after_call});
    }
    const auto& agents = context_.settings.floor.agents;
    const auto bound = std::ranges::find(agents, leg.device, &acd::AgentSettings::bound_device);
    if (rest.empty() && bound != agents.end())
        return logged_in(
            leg, log_in(leg, AgentId{static_cast<std::uint32_t>(bound - agents.begin()) + 1}));
    if (rest.empty()) return ask(leg);
    // "*45*2101*1234" on a key of the phone: number and PIN in one.
    if (rest.front() == '*') rest.remove_prefix(1);
    auto& d = dialogues_[leg.id];
    const auto star = rest.find('*');
    d.number = rest.substr(0, star);
    d.pin = star == rest.npos ? std::string_view{} : rest.substr(star + 1);
    const AgentId agent = agent_with(d.number, d.pin);
    if (!agent) return finish(leg, Outcome::refused, {Prompt::wrong_pin});
    logged_in(leg, log_in(leg, agent));
}

void Features::logged_in(Leg& leg, bool done) {
    if (!done) return finish(leg, Outcome::refused, {Prompt::not_possible});
    const AgentId agent = context_.floor.agent_at(leg.device);
    const bool ready = agent && !context_.floor.agent(agent).pause_wished;
    finish(leg, Outcome::done, {Prompt::logged_in, ready ? Prompt::ready : Prompt::not_ready});
}

void Features::toggle_ready(Leg& leg, std::string_view rest) {
    const AgentId agent = context_.floor.agent_at(leg.device);
    if (!agent) return finish(leg, Outcome::refused, {Prompt::no_agent_here});
    const auto& a = context_.floor.agent(agent);
    if (rest.size() == 1 && is_digit(rest.front())) {
        const auto code = static_cast<std::uint8_t>(rest.front() - '0');
        context_.floor.pause(agent, acd::PauseReason::code, code, context_.when());
        auto sentence = sounds_.sentence();
        sentence.say({Prompt::not_ready, Prompt::reason}).number(code);
        return finish(leg, Outcome::done, sentence);
    }
    if (!rest.empty()) return finish(leg, Outcome::refused, {Prompt::not_possible});
    if (a.lane.state == acd::agent::wrapping) {
        context_.floor.make_ready(agent, context_.when());
        return finish(leg, Outcome::done, {Prompt::wrap_up_ended, Prompt::ready});
    }
    if (a.pause_wished && a.lane.state != acd::agent::ready) {
        context_.floor.make_ready(agent, context_.when());
        return finish(leg, Outcome::done, {Prompt::ready});
    }
    context_.floor.pause(agent, acd::PauseReason::chosen, 0, context_.when());
    finish(leg, Outcome::done, {Prompt::not_ready});
}

void Features::ask(Leg& leg) {
    auto& d = dialogues_[leg.id];
    d.step = Step::number;
    d.number.clear();
    d.pin.clear();
    Spoken question;
    static_cast<void>(d.trials > 0 && question.push_back(Prompt::wrong_pin));
    static_cast<void>(question.push_back(Prompt::enter_number));
    tell(leg, d.trials > 0 ? Sounds::refuse : Sounds::ask, question);
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
        tell(leg, Sounds::ask, sounds_.sentence().say({Prompt::enter_pin}).spoken());
        return;
    }
    try_login(leg, d);
}

void Features::try_login(Leg& leg, Dialogue& d) {
    const AgentId agent = agent_with(d.number, d.pin);
    if (agent && log_in(leg, agent)) return logged_in(leg, true);
    if (++d.trials >= most_trials) return finish(leg, Outcome::refused, {Prompt::wrong_pin});
    ask(leg);
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

/// Says it, and where that cannot be said, plays the tone. Whether it is said.
bool Features::tell(Leg& leg, const media::HearSource& tone, const Spoken& spoken) {
    auto& d = dialogues_[leg.id];
    const bool said = sounds_.say(media_of(leg.id), spoken, Sounds::Behind::hush);
    d.last = said ? Sounds::hush : tone.source;
    if (!said) legs_.hear(leg, tone);
    return said;
}

void Features::finish(Leg& leg, Outcome outcome, std::initializer_list<Prompt> prompts) {
    finish(leg, outcome, sounds_.sentence().say(prompts));
}

/// And then the phone is hung up.
void Features::finish(Leg& leg, Outcome outcome, const Sentence& sentence) {
    auto& d = dialogues_[leg.id];
    d.step = Step::done;
    const auto tone = outcome == Outcome::done ? Sounds::confirm : Sounds::refuse;
    const bool said = tell(leg, tone, sentence.spoken());
    // Where nothing can be played, the phone is hung up all the same.
    context_.deadlines.arm(
        d.timer, context_.now + (said ? 15s : 3s), {DeadlineOwner::leg, 0, leg.id.value});
}

void Features::play_ended(Leg& leg, SourceId source) {
    const auto it = dialogues_.find(leg.id);
    if (it == dialogues_.end() || it->second.step != Step::done) return;
    if (it->second.last == source) deadline(leg.id);
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
