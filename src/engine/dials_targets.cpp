// Whom a dialled call reaches: a colleague's phone, or the outside over a trunk.
#include "engine/dials.hpp"
#include "engine/identity.hpp"
#include "sip/writer.hpp"

#include <fmt/format.h>

#include <utility>

namespace holdfast::engine {
namespace {

int status_of(acd::Denial denial) {
    return denial == acd::Denial::concurrent ? 486 : 403;
}

}  // namespace

bool Dials::agent_is_free(AgentId agent) const {
    constexpr Set free{acd::agent::not_ready, acd::agent::ready, acd::agent::wrapping};
    const auto& a = context_.floor.agent(agent);
    return free.has(a.lane.state) && !a.device_lost;
}

int Dials::obstacle(AgentId colleague, AgentId caller) const {
    const auto& a = context_.floor.agent(colleague);
    constexpr Set absent{acd::agent::logged_out, acd::agent::unreachable};
    if (absent.has(a.lane.state) || colleague == caller || needs_.contacts(a.device).empty())
        return 480;
    return agent_is_free(colleague) ? 0 : 486;
}

void Dials::ring_colleague(Dial& dial, AgentId colleague, const Shown& shown) {
    const auto& s = context_.settings;
    const auto device = context_.floor.agent(colleague).device;
    dial.colleague = colleague;
    context_.floor.side_call_began(colleague, true, context_.when());
    const auto codecs = queue_calls_.codecs_for_agent(*legs_.find(dial.from));
    for (const auto& contact : needs_.contacts(device)) {
        const auto host = own_host(s, contact.hop.listener);
        sip::InviteOrder order;
        order.request_uri = contact.request_uri;
        order.targets = {contact.hop};
        order.route = contact.route;
        order.fixed_hop = contact.fixed_hop;
        order.from_display = shown.display;
        order.from_uri = own_uri(shown.number.empty() ? "anonymous" : shown.number, host);
        order.to_uri = own_uri(s.floor.agents[colleague.value - 1].number, host);
        order.contact_user = "acd";
        order.extra = {
            {sip::Header::p_asserted_identity, sip::name_addr(shown.display, order.from_uri)}};
        if (!shown.referred_by.empty())  // RFC 3892
            order.extra.push_back(
                {sip::Header::referred_by, sip::name_addr({}, own_uri(shown.referred_by, host))});
        tell_history(order, dial, host, s.floor.agents[colleague.value - 1].number);
        auto& to = legs_.call(Role::callee, std::move(order), codecs);
        to.dial = dial.id;
        to.agent = colleague;
        to.device = device;
        to.local.keeps_digits = context_.settings.codes.in_call;
        dial.to.push_back(to.id);
    }
    touch(dial);
}

int Dials::admit(AgentId caller, const ToTrunk& to) {
    if (to.emergency) return 0;
    const auto& s = context_.settings;
    const auto& agent = s.floor.agents[caller.value - 1];
    std::uint32_t concurrent = 0;
    for (const CallId id : context_.floor.calls()) {
        const auto* call = context_.floor.call(id);
        if (call->kind == acd::CallKind::outbound && call->passed.sponsor == caller) ++concurrent;
    }
    const auto utc = wall_of(context_.anchor, context_.now);
    const auto denial = acd::judge(s.classes[agent.class_of_service],
                                   to.number,
                                   {concurrent, use_today(caller)},
                                   utc,
                                   utc_offset_at(context_.anchor, utc));
    if (denial == acd::Denial::none) {
        ++use_[caller];
        return 0;
    }
    context_.log(LogLevel::info,
                 "agent {}: external call denied ({}); class of service \"{}\"",
                 agent.number,
                 text(denial),
                 s.classes[agent.class_of_service].name);
    return status_of(denial);
}

/// Calls over the trunks; a call that is made for a caller has a customer of its own, and no agent.
void Dials::ring_outside(Dial& dial, const ToTrunk& to) {
    dial.number = to.number;
    dial.trunks = to.trunks;
    dial.emergency = to.emergency;
    const LegId dialled_at = dial.passing ? dial.passing.sender_leg : dial.from;
    if (const Leg* leg = legs_.find(dialled_at); dial.emergency && leg != nullptr && leg->device)
        needs_.alarm("emergency-call",
                     fmt::format("emergency number dialled from phone {}",
                                 context_.settings.devices[leg->device.value - 1].name));
    if (dial.passing) {
        dial.call = context_.floor.dialled_out(
            {}, to.number, to.trunks.empty() ? TrunkId{} : to.trunks.front(), context_.when());
        context_.floor.detach(dial.call, dial.passing.sender);
        queue_calls_.bind(dial.call, {}, {});
    }
    call_trunk(dial);
}

sip::InviteOrder Dials::trunk_invitation(const Dial& dial,
                                         TrunkId trunk,
                                         const TrunkTarget& target) const {
    const auto& s = context_.settings;
    const auto& t = s.trunks[trunk.value - 1];
    std::string number = t.caller_id;
    std::string name = s.site;
    if (number.empty() && dial.caller) number = s.floor.agents[dial.caller.value - 1].number;
    if (number.empty()) number = t.user;
    if (const Leg* from = legs_.find(dial.from); from != nullptr && number.empty())
        number = s.devices[from->device.value - 1].name;  // nobody is logged in: an emergency
    const auto host = t.from_domain.empty() ? own_host(s, t.listener) : t.from_domain;
    sip::InviteOrder order;
    order.request_uri = target.request_uri;
    order.targets = target.hops;
    order.tls_names = target.tls_names;
    order.from_display = std::move(name);
    order.from_uri = own_uri(number, host);
    order.to_uri = target.request_uri;
    order.contact_user = t.user.empty() ? "acd" : t.user;
    order.extra = {{sip::Header::p_asserted_identity, sip::name_addr({}, order.from_uri)}};
    tell_history(order, dial, host, dial.number);
    order.credentials = {t.auth_user.empty() ? t.user : t.auth_user, t.password, t.realm};
    return order;
}

/// Calls over the next trunk that is up; refuses the phone where none is left.
void Dials::call_trunk(Dial& dial) {
    while (!dial.trunks.empty()) {
        const TrunkId trunk = dial.trunks.front();
        dial.trunks.erase(dial.trunks.begin());
        const auto& t = context_.settings.trunks[trunk.value - 1];
        const auto number = dial.emergency ? dial.number : rewritten(t.outbound, dial.number);
        const auto target = needs_.target(trunk, number, dial.emergency);
        if (!target) continue;
        const auto& codecs = t.codecs.empty() ? context_.settings.media.codecs : t.codecs;
        auto& leg = legs_.call(Role::callee, trunk_invitation(dial, trunk, *target), codecs);
        leg.dial = dial.id;
        leg.call = dial.call;
        legs_.assign(leg, trunk);
        dial.to = {leg.id};
        queue_calls_.bind(dial.call, leg.id, dial.passing ? LegId{} : dial.from);
        return touch(dial);
    }
    if (dial.emergency)
        needs_.alarm("emergency-failed", "an emergency call found no trunk that takes it");
    refuse(dial, 503);
}

}  // namespace holdfast::engine
