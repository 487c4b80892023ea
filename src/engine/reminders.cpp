#include "engine/reminders.hpp"

#include "engine/identity.hpp"
#include "sip/writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace holdfast::engine {
namespace {

constexpr Micros reminder_rings = 20s;

std::string in_minutes(Micros span) {
    const auto s = std::chrono::duration_cast<std::chrono::seconds>(span).count();
    return fmt::format("{}:{:02}", s / 60, s % 60);
}

}  // namespace

void Reminders::perform(const acd::Effect& effect) {
    if (const auto* order = std::get_if<acd::RemindAgent>(&effect)) remind(*order);
    if (const auto* order = std::get_if<acd::AlarmHold>(&effect)) alarm(*order);
}

void Reminders::remind(const acd::RemindAgent& order) {
    const auto* call = parts_.context.floor.call(order.call);
    const Leg* caller = parts_.queue_calls.caller_leg(order.call);
    if (call == nullptr || caller == nullptr || !call->agent) return;
    for (const auto& [id, timer] : ringing_)
        if (parts_.legs.find(id)->call == order.call) return;  // it rings already
    const auto& s = parts_.context.settings;
    const auto& agent = parts_.context.floor.agent(call->agent);
    const auto codecs = parts_.queue_calls.codecs_for_agent(*caller);
    // A phone that listens while it holds hears it; to others the media process sends nothing.
    if (const Leg* holding = parts_.queue_calls.agent_leg(order.call))
        parts_.context.media(media::Say{media_of(holding->id), {Sounds::reminder}});
    for (const auto& contact : parts_.contacts(agent.device)) {
        const auto host = own_host(s, contact.hop.listener);
        sip::InviteOrder invite;
        invite.request_uri = contact.request_uri;
        invite.targets = {contact.hop};
        invite.route = contact.route;
        invite.fixed_hop = contact.fixed_hop;
        invite.from_display =
            fmt::format("On hold {} {}", in_minutes(order.held), call->caller_number);
        invite.from_uri =
            own_uri(call->caller_number.empty() ? "anonymous" : call->caller_number, host);
        invite.to_uri = own_uri(s.devices[agent.device.value - 1].name, host);
        invite.contact_user = "acd";
        invite.extra = {{sip::Header::p_asserted_identity,
                         sip::name_addr(invite.from_display, invite.from_uri)}};
        auto& leg = parts_.legs.call(Role::recall, std::move(invite), codecs);
        leg.call = order.call;
        leg.agent = call->agent;
        leg.device = agent.device;
        ring_for(leg.id);
    }
}

void Reminders::ring_for(LegId leg) {
    auto& context = parts_.context;
    context.deadlines.arm(
        ringing_[leg], context.now + reminder_rings, {DeadlineOwner::leg, 0, leg.value});
}

void Reminders::alarm(const acd::AlarmHold& order) {
    const auto* call = parts_.context.floor.call(order.call);
    if (call == nullptr) return;
    const auto& floor = parts_.context.settings.floor;
    alarmed_.insert(order.call);
    parts_.alarms.raise(
        fmt::format("hold-{}", order.call.value),
        fmt::format("agent {} has held a caller of {} for {} min: see whether help is needed",
                    call->agent ? floor.agents[call->agent.value - 1].number : "?",
                    call->queue ? floor.queues[call->queue.value - 1].name : "no queue",
                    in_minutes(order.held)));
}

bool Reminders::still_held(const Leg& leg) const {
    const auto* call = parts_.context.floor.call(leg.call);
    return call != nullptr && call->lane.state == acd::caller::held && call->agent == leg.agent;
}

void Reminders::leg_event(const LegEvent& event, Leg& leg) {
    switch (event.what) {
        case LegEvent::What::opened:
        case LegEvent::What::rang:
            return;
        case LegEvent::What::answered:
            return answered(leg);
        case LegEvent::What::refused:
        case LegEvent::What::no_media:
            return ended(leg);
    }
}

void Reminders::answered(Leg& leg) {
    forget(leg.id);
    if (!still_held(leg)) return parts_.legs.end(leg);
    parts_.transfers.resume_at(leg.call, leg);
}

void Reminders::ended(Leg& leg) {
    forget(leg.id);
    parts_.legs.ended_by_peer(leg);
}

void Reminders::deadline(LegId id) {
    forget(id);
    if (Leg* leg = parts_.legs.find(id)) parts_.legs.end(*leg);
}

void Reminders::forget(LegId id) {
    const auto it = ringing_.find(id);
    if (it == ringing_.end()) return;
    parts_.context.deadlines.stop(it->second);
    ringing_.erase(it);
}

void Reminders::settle() {
    std::vector<LegId> over;
    for (const auto& [id, timer] : ringing_)
        if (!still_held(*parts_.legs.find(id))) over.push_back(id);
    std::ranges::sort(over);
    for (const LegId id : over) {
        forget(id);
        parts_.legs.end(*parts_.legs.find(id), "SIP;cause=200;text=\"Call completed elsewhere\"");
    }
    std::erase_if(alarmed_, [this](CallId id) {
        const auto* call = parts_.context.floor.call(id);
        const bool held = call != nullptr && call->note.holding;
        if (!held) parts_.alarms.clear(fmt::format("hold-{}", id.value));
        return !held;
    });
}

void Reminders::resume() {
    for (const LegId id : parts_.legs.ids()) {
        Leg& leg = *parts_.legs.find(id);
        if (leg.role != Role::recall) continue;
        if (leg.session)
            ring_for(id);
        else
            parts_.legs.end(leg);  // what its INVITE would have said died with the last life
    }
}

}  // namespace holdfast::engine
