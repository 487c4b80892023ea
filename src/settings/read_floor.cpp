// The sections about people: queues, agents, phones, classes of service.
#include "base/ascii.hpp"
#include "base/limits.hpp"
#include "settings/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace holdfast::settings {

acd::OpeningHours Reader::hours(Section& s) {
    acd::OpeningHours hours;
    for (const auto& text : s.texts("hours")) {
        const auto span = acd::parse_span(text);
        if (span)
            hours.spans.push_back(*span);
        else
            s.fault(
                "hours",
                fmt::format("hours: \"{}\": {}; write \"mo-fr 08:00-18:00\"",
                            text,
                            span.error() == acd::HoursFault::bad_day ? "no day of the week"
                            : span.error() == acd::HoursFault::bad_time
                                ? "no time of the day"
                                : "it ends before it starts (write a span over midnight as two)"));
    }
    for (const auto& text : s.texts("holidays")) {
        if (const auto day = acd::parse_holiday(text))
            hours.holidays.push_back(*day);
        else
            s.fault(
                "holidays",
                fmt::format("holidays: \"{}\" is no date; write \"2026-12-24\", or \"12-25\" for "
                            "every year",
                            text));
    }
    return hours;
}

void Reader::queue(Section& s) {
    using namespace acd;
    auto& floor = out_.engine.floor;
    if (floor.queues.size() == limits::queues)
        return s.fault("name", fmt::format("more than {} queues", limits::queues));
    const std::size_t index = floor.queues.size();
    QueueSettings q;
    q.name = unique_name(s, "name", "queue");
    q.numbers = s.texts("numbers");
    for (const auto& n : q.numbers)
        if (const auto [it, fresh] = numbers_.emplace(n, std::pair{s.name(), s.line_of("numbers")});
            !fresh)
            s.fault("numbers", fmt::format("number {} belongs to {} already", n, it->second.first));
    q.hours = hours(s);
    q.strategy = s.choice("strategy", q.strategy);
    q.answer = s.choice("answer", q.answer);
    q.no_agent = s.choice("no_agent", q.no_agent);
    q.escalation = s.flag("escalation", false);
    q.capacity = static_cast<std::uint32_t>(s.number("capacity", 100, 0, limits::calls));
    q.longest_wait = s.span("longest_wait", 30min, 1s, 24h);
    q.ring_time = s.span("ring_time", 20s, 1s, 10min);
    q.wrap_up = s.span("wrap_up", 15s, 0s, 1h);
    q.priority = static_cast<std::uint8_t>(s.number("priority", 0, 0, 9));
    q.ageing = s.span("ageing", 60s, 0s, 1h);
    q.comfort_every = s.span("comfort_every", 30s, 5s, 1h);
    q.service_level_target = s.span("service_level_target", 20s, 1s, 1h);
    q.short_abandon = s.span("short_abandon", 5s, 0s, 20s);
    q.hold_reminder = s.span("hold_reminder", 3min, 0s, 1h);
    q.hold_alarm = s.span("hold_alarm", 5min, 0s, 2h);
    q.dead_air = s.span("dead_air", 8s, 0s, 10min);
    if (q.dead_air > 0s && q.dead_air < 4s)
        s.fault("dead_air",
                "dead_air: voices are heard as ended after 2 s; write 4s or more, or 0s");
    q.dead_air_tone = s.span("dead_air_tone", 12s, 0s, 10min);
    if (q.dead_air_tone > 0s && q.dead_air_tone < q.dead_air)
        s.fault("dead_air_tone", "dead_air_tone comes before dead_air: write a longer time, or 0s");
    q.requeue_after_alarm = s.flag("requeue_after_hold_alarm", false);
    engine::Settings::QueueSounds sounds;
    sounds.music = s.file("music", readable_);
    sounds.greeting = s.file("greeting", readable_);
    sounds.comfort = s.file("comfort", readable_);
    sounds.closed = s.file("closed", readable_);
    sounds.hold_music = s.choice("hold_music", sounds.hold_music);
    q.has_greeting = !sounds.greeting.empty();
    q.has_comfort = !sounds.comfort.empty();
    q.has_closed_announcement = !sounds.closed.empty();
    const auto overflow = s.text("overflow");
    if (overflow.empty() && q.no_agent == NoAgent::overflow)
        s.fault("no_agent", "no_agent = \"overflow\" needs overflow = \"another queue\"");
    if (!overflow.empty() && overflow == q.name)
        s.fault("overflow", "overflow names the queue itself");
    refer(s, "overflow", "queue", overflow, [this, index](std::uint32_t to) {
        out_.engine.floor.queues[index].overflow = QueueId{to};
    });
    floor.queues.push_back(std::move(q));
    out_.engine.sounds.push_back(std::move(sounds));
}

/// By which callers outside reach the agent, and where they go who are not answered.
void Reader::own_numbers(Section& s, acd::AgentSettings& a, std::size_t index) {
    a.numbers = s.texts("numbers");
    for (const auto& n : a.numbers) {
        if (n.empty() || !std::ranges::all_of(n, [](char c) { return is_digit(c) || c == '+'; }))
            s.fault("numbers",
                    fmt::format("numbers: \"{}\" must be digits, as the trunk sends them and "
                                "called_in of the trunk leaves them",
                                n));
        if (const auto [it, fresh] = numbers_.emplace(n, std::pair{s.name(), s.line_of("numbers")});
            !fresh)
            s.fault("numbers", fmt::format("number {} belongs to {} already", n, it->second.first));
    }
    if (s.has("no_answer") && a.numbers.empty())
        s.fault("no_answer", "no_answer is for callers who dial the agent's numbers; add numbers");
    refer(s, "no_answer", "queue", s.text("no_answer"), [this, index](std::uint32_t to) {
        out_.engine.floor.agents[index].no_answer = QueueId{to};
    });
}

/// One phone is that of one agent.
void Reader::own_phone(Section& s, const acd::AgentSettings& a, std::size_t index) {
    const auto phone = s.text("phone");
    if (phone.empty() && a.pin.empty())
        s.fault("number", "an agent needs a phone of its own (phone) or a pin to log in with");
    refer(s,
          "phone",
          "phone",
          phone,
          [this, index, line = s.line_of("phone"), who = s.name()](std::uint32_t to) {
              auto& agents = out_.engine.floor.agents;
              for (std::size_t i = 0; i < index; ++i)
                  if (agents[i].bound_device == DeviceId{to})
                      faults_.push_back(
                          {line,
                           fmt::format(
                               "{}: the phone is agent {}'s already", who, agents[i].number)});
              agents[index].bound_device = DeviceId{to};
          });
}

void Reader::agent(Section& s) {
    auto& floor = out_.engine.floor;
    if (floor.agents.size() == limits::agents)
        return s.fault("number", fmt::format("more than {} agents", limits::agents));
    const std::size_t index = floor.agents.size();
    acd::AgentSettings a;
    a.number = unique_name(s, "number", "agent");
    if (!a.number.empty() && !std::ranges::all_of(a.number, is_digit))
        s.fault(
            "number",
            fmt::format("number = \"{}\" must be digits, so that a phone can dial it", a.number));
    if (const auto [it, fresh] =
            numbers_.emplace(a.number, std::pair{s.name(), s.line_of("number")});
        !fresh)
        s.fault("number",
                fmt::format("number {} belongs to {} already", a.number, it->second.first));
    own_numbers(s, a, index);
    a.name = s.text("name", a.number);
    a.pin = s.text("pin");
    if (!a.pin.empty() && (a.pin.size() < 4 || !std::ranges::all_of(a.pin, is_digit)))
        s.fault("pin", "pin must be four or more digits");
    const auto queues = s.texts("queues");
    if (queues.size() > limits::queues_per_agent)
        s.fault("queues", fmt::format("more than {} queues", limits::queues_per_agent));
    for (const auto& name : queues)
        refer(s, "queues", "queue", name, [this, index](std::uint32_t to) {
            out_.engine.floor.agents[index].queues.push_back(QueueId{to});
        });
    own_phone(s, a, index);
    refer(s, "class", "class", s.text("class"), [this, index](std::uint32_t to) {
        out_.engine.floor.agents[index].class_of_service = to;
    });
    floor.agents.push_back(std::move(a));
}

void Reader::phone(Section& s) {
    auto& e = out_.engine;
    if (e.devices.size() == limits::devices)
        return s.fault("name", fmt::format("more than {} phones", limits::devices));
    engine::DeviceSettings d;
    d.name = unique_name(s, "name", "phone");
    if (!std::ranges::all_of(
            d.name, [](char c) { return is_alnum(c) || c == '-' || c == '_' || c == '.'; }))
        s.fault("name", fmt::format("name = \"{}\" must be letters, digits, - _ .", d.name));
    d.auth_user = s.text("user", d.name);
    d.password = s.wanted("password");
    if (!d.password.empty() && d.password.size() < 6)
        s.fault("password", "password is too short to resist guessing; use 12 or more characters");
    if (s.has("srtp"))
        d.srtp = s.choice("srtp", d.srtp);
    else
        later([this, index = e.devices.size()] {
            out_.engine.devices[index].srtp = out_.engine.media.srtp;
        });
    for (const auto& other : e.devices)
        if (other.auth_user == d.auth_user)
            s.fault("user",
                    fmt::format("user \"{}\" is phone \"{}\"'s already", d.auth_user, other.name));
    e.floor.devices.push_back({d.name});
    e.devices.push_back(std::move(d));
}

void Reader::service_class(Section& s) {
    auto& e = out_.engine;
    const std::size_t index = e.classes.size();
    acd::ClassOfService c;
    c.name = unique_name(s, "name", "class");
    c.allowed_prefixes = s.texts("allow");
    c.denied_prefixes = s.texts("deny");
    c.hours = hours(s);
    c.concurrent_calls = static_cast<std::uint32_t>(s.number("concurrent_calls", 2, 0, 100));
    c.daily_calls = static_cast<std::uint32_t>(s.number("daily_calls", 100, 0, 100'000));
    c.may_leave_outsiders = s.flag("leave_outsiders", false);
    e.classes.push_back(std::move(c));
    e.class_trunks.push_back({});
    for (const auto& name : s.texts("trunks"))
        refer(s, "trunks", "trunk", name, [this, index](std::uint32_t to) {
            out_.engine.class_trunks[index].push_back(TrunkId{to});
        });
}

}  // namespace holdfast::settings
