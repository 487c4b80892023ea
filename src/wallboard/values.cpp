#include "wallboard/values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace holdfast::wallboard {
namespace {

using acd::agent::State;

const ScopeFigures& scope_of(const Figures& figures, std::size_t scope) {
    static const ScopeFigures nothing;
    return scope < figures.scopes.size() ? figures.scopes[scope] : nothing;
}

Reading number(std::uint64_t count) {
    return {static_cast<std::int64_t>(count), {}};
}

Reading span(std::optional<Micros> length) {
    if (!length) return {};
    return {std::chrono::floor<std::chrono::seconds>(*length).count(), {}};
}

/// Tenths of a percent, rounded down: 99.96 % is not yet all.
Reading share(std::uint64_t part, std::uint64_t whole) {
    if (whole == 0) return {};
    return {static_cast<std::int64_t>(part * 1000 / whole), {}};
}

template <auto Field>
Reading counted(const Figures& f, std::size_t scope) {
    return number(scope_of(f, scope).*Field);
}

template <auto Field>
Reading lasting(const Figures& f, std::size_t scope) {
    return span(scope_of(f, scope).*Field);
}

template <State... Of>
Reading agents(const Figures& f, std::size_t scope) {
    const auto& by_state = scope_of(f, scope).agents;
    return number((std::uint64_t{by_state[static_cast<std::size_t>(Of)]} + ...));
}

Reading logged_in(const Figures& f, std::size_t scope) {
    std::uint64_t all = 0;
    for (const State s : every<State>)
        if (s != State::logged_out) all += scope_of(f, scope).agents[static_cast<std::size_t>(s)];
    return number(all);
}

/// Short abandons count in neither part: who leaves at once did not wait.
Reading level_today(const Figures& f, std::size_t scope) {
    const auto& s = scope_of(f, scope);
    return share(s.answered_in_target, s.answered + s.abandoned - s.short_abandoned);
}

Reading level_now(const Figures& f, std::size_t scope) {
    const auto& s = scope_of(f, scope);
    return share(s.recent_in_target, s.recent);
}

Reading average_wait(const Figures& f, std::size_t scope) {
    const auto& s = scope_of(f, scope);
    if (s.answered == 0) return {};
    return span(s.wait_of_answered / static_cast<std::int64_t>(s.answered));
}

Reading dead_air_share(const Figures& f, std::size_t scope) {
    const auto& s = scope_of(f, scope);
    const auto us = [](Micros span) { return static_cast<std::uint64_t>(span.count()); };
    return share(us(s.dead_air), us(s.talk_measured));
}

Reading clock(const Figures& f, std::size_t) {
    const auto local = f.wall.time_since_epoch() + std::chrono::seconds{f.utc_offset_s};
    const auto of_day = local - std::chrono::floor<std::chrono::days>(local);
    return {std::chrono::floor<std::chrono::minutes>(of_day).count(), {}};
}

Reading alarm_count(const Figures& f, std::size_t) {
    return number(static_cast<std::uint64_t>(
        std::ranges::count_if(f.alarms, [](const AlarmFigure& a) { return a.active; })));
}

Reading alarm(const Figures& f, std::size_t) {
    return {{}, f.alarms.empty() ? std::string{} : f.alarms.front().text};
}
Reading message(const Figures& f, std::size_t) {
    return {{}, f.message};
}
Reading praise(const Figures& f, std::size_t) {
    return {{}, f.praise};
}

constexpr auto queue = Reach::queue;
constexpr auto centre = Reach::centre;
using F = ScopeFigures;

// clang-format off
constexpr Value all[] = {
    {"waiting",             Kind::count, queue,  counted<&F::waiting>, {}, "callers nobody has answered yet, those being rung too"},
    {"past_two_minutes",    Kind::count, queue,  counted<&F::past_two_minutes>, {}, "of these, who has waited for more than two minutes"},
    {"longest_wait",        Kind::span,  queue,  lasting<&F::longest_wait>, {}, "of those who wait now, since they came"},
    {"service_level_now",   Kind::share, queue,  level_now, {}, "waits of the last 15 minutes that ended in an answer within the target, of those that ended or passed the target"},
    {"service_level_today", Kind::share, queue,  level_today, {}, "the same of the day: answered within the target, of answered and abandoned without short abandons"},
    {"average_wait",        Kind::span,  queue,  average_wait, {}, "of today's answered callers"},
    {"offered_today",       Kind::count, queue,  counted<&F::offered>, {}, "callers who came into the queue today"},
    {"answered_today",      Kind::count, queue,  counted<&F::answered>, {}, "of these, who was answered"},
    {"abandoned_today",     Kind::count, queue,  counted<&F::abandoned>, {}, "of these, who left before an answer"},
    {"calls",               Kind::count, queue,  counted<&F::calls>, {}, "callers waiting, talking or held"},
    {"held",                Kind::count, queue,  counted<&F::held>, {}, "callers on hold now, also while the agent asks somebody or passes them on, and parked"},
    {"held_over_limit",     Kind::count, queue,  counted<&F::held_over_limit>, {}, "of these, for longer than [site] hold_limit"},
    {"longest_hold",        Kind::span,  queue,  lasting<&F::longest_hold>, {}, "of those on hold now"},
    {"agents_ready",        Kind::count, queue,  agents<State::ready>, {}, "agents who would get the next caller"},
    {"agents_ringing",      Kind::count, queue,  agents<State::reserved, State::ringing>, {}, "agents whose phone rings"},
    {"agents_talking",      Kind::count, queue,  agents<State::talking, State::conference>, {}, "agents in talk with a caller"},
    {"agents_holding",      Kind::count, queue,  agents<State::held, State::consult, State::transferring>, {}, "agents whose caller is on hold"},
    {"agents_wrapping",     Kind::count, queue,  agents<State::wrapping>, {}, "agents in wrap-up"},
    {"agents_not_ready",    Kind::count, queue,  agents<State::not_ready>, {}, "agents in a pause"},
    {"agents_elsewhere",    Kind::count, queue,  agents<State::dialing, State::called, State::internal>, {}, "agents in a call outside the queues"},
    {"agents_unreachable",  Kind::count, queue,  agents<State::unreachable>, {}, "agents whose phone is gone"},
    {"agents_logged_in",    Kind::count, queue,  logged_in, {}, "agents in any of these states"},
    {"clock",               Kind::clock, centre, clock, {}, "local time"},
    {"message",             Kind::text,  centre, message, {}, "what the supervisor wrote with \"holdfast boards message\""},
    {"praise",              Kind::text,  centre, praise, {}, "what the supervisor wrote with \"holdfast boards praise\""},
    {"alarm",               Kind::text,  centre, alarm, {}, "the most urgent alarm"},
    {"alarms",              Kind::count, centre, alarm_count, {}, "alarms that last"},
    {"escalations_waiting", Kind::count, queue,  counted<&F::escalations_waiting>, {}, "of those who wait, who waits in a queue with escalation = true", true},
    {"escalations_oldest",  Kind::span,  queue,  lasting<&F::escalations_oldest>, {}, "the longest wait of these, since they came", true},
    {"promises_due",        Kind::count, queue,  counted<&F::promises_due>, {}, "of those on hold, to whom the agent has promised to be back by now"},
    {"dead_air_share",      Kind::share, queue,  dead_air_share, {}, "today's silence of all while nobody held, of the talk that could be listened to; \"-\" where none could"},
    {"callbacks_due",       Kind::count, queue,  nullptr, "there are no callbacks yet", "callbacks that are due"},
    {"satisfaction",        Kind::share, queue,  nullptr, "there are no surveys yet", "callers who were content"},
};
// clang-format on

/// "9+" in two characters, "99+" in three.
std::string more_than(std::size_t width) {
    return std::string(width - 1, '9') + "+";
}

std::string count_text(std::int64_t count, std::size_t width) {
    auto text = fmt::format("{}", count);
    return text.size() <= width ? text : more_than(width);
}

/// 4:05, from an hour on 1h05, from ten hours on 10h+.
std::string span_text(std::int64_t seconds, std::size_t width) {
    const std::int64_t minutes = seconds / 60;
    const std::int64_t hours = minutes / 60;
    auto text = hours == 0   ? fmt::format("{}:{:02}", minutes, seconds % 60)
                : hours < 10 ? fmt::format("{}h{:02}", hours, minutes % 60)
                             : fmt::format("{}h+", std::min<std::int64_t>(hours, 99));
    return text.size() <= width ? text : more_than(width);
}

}  // namespace

std::span<const Value> values() {
    return all;
}

const Value* find_value(std::string_view name) {
    const auto* const it = std::ranges::find(all, name, &Value::name);
    return it == std::end(all) ? nullptr : it;
}

std::expected<const Value*, std::string> value_named(std::string_view name) {
    const Value* value = find_value(name);
    if (value == nullptr) {
        std::string known;
        for (const auto& v : all)
            if (v.missing.empty()) known += fmt::format("{}{}", known.empty() ? "" : ", ", v.name);
        return std::unexpected{fmt::format("\"{}\" is no value; known are {}", name, known)};
    }
    if (!value->missing.empty())
        return std::unexpected{fmt::format("\"{}\" cannot be shown: {}", name, value->missing)};
    return value;
}

std::size_t least_width(Kind kind) {
    switch (kind) {
        case Kind::count:
            return 2;  // "9+"
        case Kind::share:
            return 4;     // "100%"
        case Kind::span:  // "59:59"
        case Kind::clock:
            return 5;  // "14:32"
        case Kind::text:
            break;
    }
    return 1;
}

std::string text_of(const Reading& reading, Kind kind, std::size_t width) {
    if (kind == Kind::text) return reading.text;
    if (!reading.number) return "-";
    const auto n = *reading.number;
    switch (kind) {
        case Kind::share:
            return fmt::format("{}%", n / 10);
        case Kind::span:
            return span_text(n, width);
        case Kind::clock:
            return fmt::format("{:02}:{:02}", n / 60, n % 60);
        case Kind::count:
        case Kind::text:
            break;
    }
    return count_text(n, width);
}

}  // namespace holdfast::wallboard
