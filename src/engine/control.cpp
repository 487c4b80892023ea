#include "engine/control.hpp"

#include "engine/alarms.hpp"
#include "engine/legs.hpp"
#include "engine/phones.hpp"
#include "engine/trunks.hpp"
#include "engine/wallboards.hpp"
#include "sip/denial.hpp"
#include "sip/fault.hpp"

#include <algorithm>

namespace holdfast::engine {
namespace {

double seconds(Micros span) {
    return std::chrono::duration<double>(span).count();
}

template <class Id, class Line>
std::vector<Line> lines(std::size_t count, const Control& control) {
    std::vector<Line> all;
    for (std::uint32_t i = 1; i <= count; ++i)
        all.push_back(control.line(Id{i}));
    return all;
}

/// Counts by fault or denial, into the sum and by name.
template <class Reason>
void count_refusals(console::StatusAnswer& status, std::span<const std::uint64_t> counts) {
    for (std::size_t i = 0; i < counts.size(); ++i) {
        if (counts[i] == 0) continue;
        status.messages_refused += counts[i];
        status.refused_by_reason[std::string{sip::name_of(static_cast<Reason>(i))}] += counts[i];
    }
}

void count_call(console::StatusAnswer& s,
                const acd::Call& call,
                const std::vector<acd::QueueSettings>& queues) {
    using namespace acd::caller;
    constexpr Set waits{queued, ringing}, talks{talking, conference, outside},
        holds{held, consult, transferring, parked};
    const auto state = call.lane.state;
    ++s.calls;
    if (state == queued) ++s.waiting;
    if (state == ringing) ++s.ringing;
    if (talks.has(state)) ++s.talking;
    if (holds.has(state)) ++s.held;
    if (waits.has(state) && call.kind == acd::CallKind::queue &&
        queues[call.queue.value - 1].escalation)
        ++s.escalations_waiting;
}

void count_agents(console::StatusAnswer& s, const acd::Floor& floor) {
    for (std::uint32_t i = 1; i <= floor.settings().agents.size(); ++i) {
        const auto state = floor.agent(AgentId{i}).lane.state;
        if (state != acd::agent::logged_out) ++s.agents_logged_in;
        if (state == acd::agent::ready) ++s.agents_ready;
    }
}

}  // namespace

void Control::asked(const Commanded& command, const ControlFigures& figures) {
    context_.out.push_back(AnswerCommand{command.connection, command.id, answer(command, figures)});
}

void Control::tell(const console::Event& event) {
    for (const auto connection : watchers_)
        context_.out.push_back(TellWatcher{connection, event});
}

console::Answer Control::answer(const Commanded& command, const ControlFigures& figures) {
    using namespace console;
    struct Visit {
        Control& c;
        const Commanded& command;
        const ControlFigures& figures;

        Answer operator()(const ShowStatus&) const { return c.status(figures); }
        Answer operator()(const ShowQueues&) const {
            return lines<QueueId, QueueLine>(c.context_.settings.floor.queues.size(), c);
        }
        Answer operator()(const ShowAgents&) const {
            return lines<AgentId, AgentLine>(c.context_.settings.floor.agents.size(), c);
        }
        Answer operator()(const ShowCalls&) const {
            std::vector<CallLine> all;
            for (const CallId id : c.context_.floor.calls())
                all.push_back(c.line(id));
            return all;
        }
        Answer operator()(const ShowPhones&) const { return c.phone_lines(); }
        Answer operator()(const ShowTrunks&) const { return c.trunk_lines(); }
        Answer operator()(const ShowAlarms&) const { return c.alarms_.lines(); }
        Answer operator()(const ShowBoards&) const { return c.wallboards_.lines(); }
        Answer operator()(const WriteBoard& request) const { return c.wallboards_.write(request); }
        Answer operator()(const console::UpdateBoard& r) const { return c.wallboards_.update(r); }
        Answer operator()(const ShowState&) const { return StateAnswer{figures.state_hash}; }
        Answer operator()(const Watch&) const {
            if (c.watchers_.size() >= most_watchers)
                return Refused{fmt::format("{} connections watch already", most_watchers)};
            c.watchers_.push_back(command.connection);
            return Done{};
        }
        Answer operator()(const OrderAgent& order) const { return c.order(order); }
        Answer operator()(const OrderQueue& order) const { return c.order(order); }
        Answer operator()(const HangUp& request) const { return c.hang_up(CallId{request.call}); }
        Answer operator()(const Drain& drain) const {
            c.context_.floor.set_draining(drain.on);
            c.context_.log(LogLevel::info,
                           "{}",
                           drain.on ? "draining: new calls are refused" : "draining is over");
            return Done{};
        }
        Answer operator()(const AcknowledgeAlarm& request) const {
            if (c.alarms_.acknowledge(request.alarm)) return Done{};
            return Refused{fmt::format("there is no alarm \"{}\"", request.alarm)};
        }
    };
    return std::visit(Visit{*this, command, figures}, command.request);
}

console::Answer Control::hang_up(CallId call) {
    if (context_.floor.call(call) == nullptr)
        return console::Refused{
            fmt::format("there is no call {}; \"calls\" lists them", call.value)};
    for (const LegId id : legs_.ids())
        if (Leg* leg = legs_.find(id); leg != nullptr && leg->call == call &&
                                       (leg->role == Role::caller || leg->role == Role::callee))
            legs_.end(*leg, "SIP;cause=480;text=\"Ended by the operator\"", 480);
    context_.floor.caller_left(call, {context_.now, context_.now});
    return console::Done{};
}

console::Answer Control::order(const console::OrderAgent& order) {
    using namespace console;
    const auto& agents = context_.settings.floor.agents;
    const auto it = std::ranges::find(agents, order.agent, &acd::AgentSettings::number);
    if (it == agents.end())
        return Refused{fmt::format("there is no agent \"{}\"; \"agents\" lists them", order.agent)};
    const AgentId agent{static_cast<std::uint32_t>(it - agents.begin()) + 1};
    const acd::When when{context_.now, context_.now};
    const bool logged_out = context_.floor.agent(agent).lane.state == acd::agent::logged_out;
    if (logged_out && order.order != AgentOrder::log_in)
        return Refused{fmt::format("agent {} is logged out; log in first", order.agent)};
    switch (order.order) {
        case AgentOrder::ready:
            context_.floor.make_ready(agent, when);
            return Done{};
        case AgentOrder::pause:
            context_.floor.pause(agent, acd::PauseReason::supervisor, 0, when);
            return Done{};
        case AgentOrder::log_out:
            context_.floor.log_out(agent, when);
            return Done{};
        case AgentOrder::log_in:
            break;
    }
    DeviceId device = it->bound_device;
    if (!order.phone.empty()) {
        const auto& devices = context_.settings.devices;
        const auto d = std::ranges::find(devices, order.phone, &DeviceSettings::name);
        if (d == devices.end())
            return Refused{
                fmt::format("there is no phone \"{}\"; \"phones\" lists them", order.phone)};
        device = DeviceId{static_cast<std::uint32_t>(d - devices.begin()) + 1};
    }
    if (!device)
        return Refused{fmt::format("agent {} has no phone of its own; name one", order.agent)};
    switch (context_.floor.log_in(agent, device, when)) {
        case acd::LoginResult::in_call:
            return Refused{"the agent is in a call"};
        case acd::LoginResult::phone_in_call:
            return Refused{"the phone is in a call"};
        case acd::LoginResult::done:
        case acd::LoginResult::moved:
            break;
    }
    return Done{};
}

console::Answer Control::order(const console::OrderQueue& order) {
    using namespace console;
    const auto& queues = context_.settings.floor.queues;
    const auto named = [&](const std::string& name) {
        const auto it = std::ranges::find(queues, name, &acd::QueueSettings::name);
        return it == queues.end() ? QueueId{}
                                  : QueueId{static_cast<std::uint32_t>(it - queues.begin()) + 1};
    };
    const auto unknown = [](const std::string& name) {
        return Refused{fmt::format("there is no queue \"{}\"; \"queues\" lists them", name)};
    };
    const QueueId queue = named(order.queue);
    if (!queue) return unknown(order.queue);
    if (order.order != QueueOrder::move) {
        const bool close = order.order == QueueOrder::close;
        context_.floor.close_queue(queue, close);
        context_.log(LogLevel::info,
                     "queue {} {} by order",
                     order.queue,
                     close ? "takes no new callers" : "is open as its hours say");
        return Done{};
    }
    const QueueId to = named(order.to);
    if (!to) return unknown(order.to);
    if (to == queue) return Refused{"who waits there is there already; name another queue"};
    const auto waiting = context_.floor.waiting(queue).size();
    const auto moved = context_.floor.move_waiting(queue, to, {context_.now, context_.now});
    context_.log(LogLevel::info, "{} callers moved from {} to {}", moved, order.queue, order.to);
    if (moved == waiting) return Done{};
    return Refused{
        fmt::format("{} of {} callers moved: {} takes no more. It is closed or full, or "
                    "nobody is logged in",
                    moved,
                    waiting,
                    order.to)};
}

console::QueueLine Control::line(QueueId id) const {
    const auto& s = context_.settings.floor.queues[id.value - 1];
    const auto& today = context_.floor.today(id);
    const auto& waiting = context_.floor.waiting(id);
    console::QueueLine l;
    l.name = s.name;
    l.waiting = static_cast<std::uint32_t>(waiting.size());
    Instant oldest = context_.now;
    for (const auto& key : waiting)
        oldest = std::min(oldest, context_.floor.call(key.call)->entered);
    l.longest_wait_s = seconds(context_.now - oldest);
    l.agents_logged_in = static_cast<std::uint32_t>(context_.floor.logged_in(id));
    for (std::uint32_t i = 1; i <= context_.settings.floor.agents.size(); ++i) {
        const auto& queues = context_.settings.floor.agents[i - 1].queues;
        if (context_.floor.agent(AgentId{i}).lane.state == acd::agent::ready &&
            std::ranges::find(queues, id) != queues.end())
            ++l.agents_ready;
    }
    l.offered = today.offered;
    l.answered = today.answered;
    l.answered_in_target = today.answered_in_target;
    l.abandoned = today.abandoned;
    l.short_abandoned = today.short_abandoned;
    l.refused = today.refused;
    l.diverted_out = today.diverted_out;
    l.diverted_in = today.diverted_in;
    l.missed_offers = today.missed_offers;
    if (today.answered > 0)
        l.average_wait_s = seconds(today.wait_of_answered) / static_cast<double>(today.answered);
    l.open = context_.floor.is_open(id, context_.now);
    l.closed_by_order = context_.floor.is_closed_by_order(id);
    l.escalation = s.escalation;
    return l;
}

console::AgentLine Control::line(AgentId id) const {
    const auto& s = context_.settings.floor.agents[id.value - 1];
    const auto& a = context_.floor.agent(id);
    const auto& today = context_.floor.today(id);
    console::AgentLine l;
    l.number = s.number;
    l.name = s.name;
    l.state = text(a.lane.state);
    if (a.lane.state == acd::agent::not_ready)
        l.reason = acd::reason_text(a.pause_reason, a.pause_code);
    if (a.device) l.phone = context_.settings.devices[a.device.value - 1].name;
    if (a.queue) l.queue = context_.settings.floor.queues[a.queue.value - 1].name;
    l.in_state_s =
        a.lane.state == acd::agent::logged_out ? 0 : seconds(context_.now - a.lane.began);
    l.call = a.call.value;
    l.handled = today.handled;
    l.missed = today.missed;
    l.rejected = today.rejected;
    l.talk_s = seconds(today.talk);
    l.hold_s = seconds(today.hold);
    l.wrap_s = seconds(today.wrap);
    l.holds_unexplained = today.holds_unexplained;
    l.talk_measured_s = seconds(today.talk_measured);
    l.dead_air_s = seconds(today.dead_air);
    return l;
}

console::CallLine Control::line(CallId id) const {
    console::CallLine l;
    l.call = id.value;
    const auto* call = context_.floor.call(id);
    if (call == nullptr) {
        l.state = "over";
        return l;
    }
    l.state = text(call->lane.state);
    if (call->queue) l.queue = context_.settings.floor.queues[call->queue.value - 1].name;
    if (call->agent) l.agent = context_.settings.floor.agents[call->agent.value - 1].number;
    l.caller = call->caller_number;
    l.dialled = call->dialled;
    l.in_state_s = seconds(context_.now - call->lane.began);
    l.since_entry_s = seconds(context_.now - call->entered);
    return l;
}

console::StatusAnswer Control::status(const ControlFigures& figures) const {
    console::StatusAnswer s;
    s.version = HOLDFAST_VERSION;
    s.site = context_.settings.site;
    s.phones = static_cast<std::uint32_t>(context_.settings.devices.size());
    s.uptime_s = seconds(context_.now - figures.started);
    s.draining = context_.floor.state().draining;
    for (const CallId id : context_.floor.calls())
        count_call(s, *context_.floor.call(id), context_.settings.floor.queues);
    count_agents(s, context_.floor);
    for (std::uint32_t i = 1; i <= context_.settings.devices.size(); ++i)
        if (phones_.registered(DeviceId{i})) ++s.phones_registered;
    s.trunks = static_cast<std::uint32_t>(context_.settings.trunks.size());
    for (std::uint32_t i = 1; i <= s.trunks; ++i)
        if (trunks_.up(TrunkId{i})) ++s.trunks_up;
    s.rows_written = figures.rows_written;
    s.rows_waiting = context_.floor.uncommitted().size();
    s.media = figures.media;
    s.media_endpoints = figures.media_endpoints;
    count_refusals<sip::Fault>(s, context_.sip.faults());
    count_refusals<sip::Denial>(s, context_.sip.denied());
    s.sources_refused = phones_.refused() + phones_.silenced_count();
    s.alarms = static_cast<std::uint32_t>(alarms_.active());
    for (const auto& queue : context_.settings.floor.queues)
        if (queue.escalation) s.escalation_queues.push_back(queue.name);
    s.boards = wallboards_.boards();
    s.boards_up = wallboards_.boards_up();
    s.board_troubles = wallboards_.troubles();
    return s;
}

std::vector<console::PhoneLine> Control::phone_lines() const {
    std::vector<console::PhoneLine> all;
    for (std::uint32_t i = 1; i <= context_.settings.devices.size(); ++i) {
        const DeviceId id{i};
        console::PhoneLine l;
        l.name = context_.settings.devices[i - 1].name;
        if (const AgentId agent = context_.floor.agent_at(id))
            l.agent = context_.settings.floor.agents[agent.value - 1].number;
        l.registered = phones_.registered(id);
        l.reachable = phones_.reachable(id);
        l.expires_s = std::chrono::duration<double>(phones_.registered_for(id)).count();
        if (const auto contacts = phones_.contacts(id); !contacts.empty()) {
            const auto& hop = contacts.front().hop;
            l.address =
                fmt::format("{}:{}", holdfast::text_of(hop.remote.address).view(), hop.remote.port);
            l.transport = sip::text_of(hop.transport);
        }
        all.push_back(std::move(l));
    }
    return all;
}

std::vector<console::TrunkLine> Control::trunk_lines() const {
    std::vector<console::TrunkLine> all;
    for (std::uint32_t i = 1; i <= context_.settings.trunks.size(); ++i)
        all.push_back({context_.settings.trunks[i - 1].name,
                       trunks_.state_text(TrunkId{i}),
                       context_.settings.trunks[i - 1].server_uri,
                       legs_.calls_of(TrunkId{i})});
    return all;
}

}  // namespace holdfast::engine
