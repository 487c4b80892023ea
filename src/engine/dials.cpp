#include "engine/dials.hpp"

#include "engine/identity.hpp"
#include "sip/writer.hpp"

#include <algorithm>
#include <utility>

namespace holdfast::engine {

namespace {

constexpr std::string_view normal_clearing = "Q.850;cause=16;text=\"Normal call clearing\"";

/// Whether another trunk may do better: it was never reached, or has trouble of its own. A busy or
/// unknown number stays so.
bool worth_another_trunk(int status) {
    return status == 408 || status == 403 || status == 404 || status / 100 == 5;
}

int status_of(acd::Denial denial) {
    return denial == acd::Denial::concurrent ? 486 : 403;
}

}  // namespace

Dials::Dials(Context& context, Legs& legs, QueueCalls& queue_calls, Sounds& sounds, Needs needs)
    : context_{context},
      legs_{legs},
      queue_calls_{queue_calls},
      sounds_{sounds},
      needs_{std::move(needs)} {}

Dial* Dials::find(DialId id) {
    const auto it = dials_.find(id);
    return it == dials_.end() ? nullptr : &it->second;
}

const Dial* Dials::find(DialId id) const {
    const auto it = dials_.find(id);
    return it == dials_.end() ? nullptr : &it->second;
}

std::vector<DialId> Dials::ids() const {
    std::vector<DialId> ids;
    for (const auto& [id, dial] : dials_)
        ids.push_back(id);
    std::ranges::sort(ids);
    return ids;
}

std::uint32_t Dials::use_today(AgentId agent) const {
    const auto it = use_.find(agent);
    return it == use_.end() ? 0 : it->second;
}

Dial& Dials::begin(Leg& leg, AgentId caller) {
    const DialId id{next_++};
    auto& dial = dials_[id];
    dial.id = id;
    dial.from = leg.id;
    dial.caller = caller;
    leg.dial = id;
    leg.agent = caller;
    legs_.touch(leg);
    touch(dial);
    return dial;
}

bool Dials::agent_is_free(AgentId agent) const {
    constexpr Set free{acd::agent::not_ready, acd::agent::ready, acd::agent::wrapping};
    const auto& a = context_.floor.agent(agent);
    return free.has(a.lane.state) && !a.device_lost;
}

void Dials::to_colleague(Leg& leg, AgentId caller, AgentId colleague) {
    const auto& a = context_.floor.agent(colleague);
    constexpr Set absent{acd::agent::logged_out, acd::agent::unreachable};
    const auto contacts = absent.has(a.lane.state) || colleague == caller
                              ? std::vector<PhoneContact>{}
                              : needs_.contacts(a.device);
    if (contacts.empty()) return legs_.end(leg, {}, 480);
    if (!agent_is_free(colleague)) return legs_.end(leg, {}, 486);
    auto& dial = begin(leg, caller);
    dial.colleague = colleague;
    context_.floor.side_call_began(caller, false, context_.when());
    context_.floor.side_call_began(colleague, true, context_.when());
    const auto& s = context_.settings;
    const auto& me = s.floor.agents[caller.value - 1];
    const LegId from = leg.id;
    for (const auto& contact : contacts) {
        const auto host = own_host(s, contact.hop.listener);
        sip::InviteOrder order;
        order.request_uri = contact.request_uri;
        order.targets = {contact.hop};
        order.route = contact.route;
        order.fixed_hop = contact.fixed_hop;
        order.from_display = me.name;
        order.from_uri = own_uri(me.number, host);
        order.to_uri = own_uri(s.floor.agents[colleague.value - 1].number, host);
        order.contact_user = "acd";
        order.extra = {{sip::Header::p_asserted_identity, sip::name_addr(me.name, order.from_uri)}};
        auto& to = legs_.call(Role::callee, std::move(order), legs_.find(from)->local.codecs);
        to.dial = dial.id;
        to.agent = colleague;
        to.device = a.device;
        dial.to.push_back(to.id);
    }
}

void Dials::to_outside(Leg& leg, AgentId caller, const ToTrunk& to) {
    const auto& s = context_.settings;
    if (!to.emergency) {
        const auto& agent = s.floor.agents[caller.value - 1];
        std::uint32_t concurrent = 0;
        for (const auto& [id, d] : dials_)
            if (d.caller == caller && d.call) ++concurrent;
        const auto utc = wall_of(context_.anchor, context_.now);
        const auto denial = acd::judge(s.classes[agent.class_of_service],
                                       to.number,
                                       {concurrent, use_today(caller)},
                                       utc,
                                       utc_offset_at(context_.anchor, utc));
        if (denial != acd::Denial::none) {
            context_.log(LogLevel::info,
                         "agent {}: external call denied ({}); class of service \"{}\"",
                         agent.number,
                         text(denial),
                         s.classes[agent.class_of_service].name);
            return legs_.end(leg, {}, status_of(denial));
        }
        ++use_[caller];
    } else {
        needs_.alarm("emergency-call",
                     fmt::format("emergency number dialled from phone {}",
                                 s.devices[leg.device.value - 1].name));
    }
    auto& dial = begin(leg, caller);
    dial.number = to.number;
    dial.trunks = to.trunks;
    dial.emergency = to.emergency;
    dial.call = context_.floor.dialled_out(
        caller, to.number, dial.trunks.empty() ? TrunkId{} : dial.trunks.front(), context_.when());
    leg.call = dial.call;
    queue_calls_.bind(dial.call, {}, leg.id);
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
        queue_calls_.bind(dial.call, leg.id, dial.from);
        return touch(dial);
    }
    if (dial.emergency)
        needs_.alarm("emergency-failed", "an emergency call found no trunk that takes it");
    refuse(dial, 503);
}

/// Nobody could be reached: the phone hears why, the floor too.
void Dials::refuse(Dial& dial, int status) {
    const auto code = static_cast<std::uint16_t>(status);
    if (Leg* from = legs_.find(dial.from)) legs_.end(*from, {}, status);
    if (dial.call) {
        context_.floor.customer_refused(dial.call, code, context_.when());
    } else {
        context_.floor.side_call_ended(dial.caller, context_.when());
        context_.floor.side_call_ended(dial.colleague, context_.when());
    }
    forget(dial);
}

void Dials::forget(Dial& dial) {
    touch(dial);
    dials_.erase(dial.id);
}

void Dials::callee_event(const LegEvent& event, Leg& leg) {
    Dial* dial = find(leg.dial);
    if (dial == nullptr) return;
    Leg* from = legs_.find(dial->from);
    switch (event.what) {
        case LegEvent::What::opened:
            return;
        case LegEvent::What::rang:
            if (from == nullptr) return;
            if (leg.negotiated) {
                legs_.early(*from);
                legs_.join(*from, leg);
            } else if (!Legs::was_answered(*from)) {
                context_.sip.progress(from->session, 180, {}, context_.now);
            }
            return;
        case LegEvent::What::answered:
            return answered(*dial, leg);
        case LegEvent::What::refused:
        case LegEvent::What::no_media:
            break;
    }
    std::erase(dial->to, leg.id);
    legs_.ended_by_peer(leg);
    if (!dial->to.empty()) return;  // another contact of the phone still rings
    if (dial->call && worth_another_trunk(event.sip_status) && !dial->trunks.empty())
        return call_trunk(*dial);
    refuse(*dial, event.sip_status);
}

void Dials::answered(Dial& dial, Leg& winner) {
    for (const LegId id : std::exchange(dial.to, {winner.id}))
        if (Leg* leg = legs_.find(id); leg != nullptr && id != winner.id)
            legs_.end(*leg, "SIP;cause=200;text=\"Call completed elsewhere\"");
    dial.answered = true;
    touch(dial);
    Leg* from = legs_.find(dial.from);
    if (from == nullptr) return;
    if (!from->negotiated) {
        from->local.codecs.clear();
        for (const auto& agreed : winner.agreed.codecs)
            from->local.codecs.push_back(agreed.codec);
    }
    legs_.answer(*from);
    legs_.join(*from, winner);
    if (dial.call) {
        context_.floor.customer_answered(dial.call, context_.when());
    } else {
        context_.floor.colleague_answered(dial.caller, context_.when());
        context_.floor.colleague_answered(dial.colleague, context_.when());
    }
}

/// The dialling phone's own leg could not come up: no port, or no codec in common.
void Dials::dialler_event(const LegEvent& event, Leg& leg) {
    if (event.what == LegEvent::What::no_media) ended(leg, sip::EndCause::gone);
}

void Dials::ended(Leg& leg, sip::EndCause) {
    Dial* dial = find(leg.dial);
    const LegId id = leg.id;
    legs_.ended_by_peer(leg);
    if (dial == nullptr) return;
    const bool by_dialler = id == dial->from;
    if (dial->call) {
        // The floor ends the other side (queue_calls.cpp) and writes both lanes.
        const CallId call = dial->call;
        if (!by_dialler && !dial->answered) {
            std::erase(dial->to, id);
            return refuse(*dial, 480);
        }
        forget(*dial);
        by_dialler ? context_.floor.agent_hung_up(call, context_.when())
                   : context_.floor.caller_left(call, context_.when());
        return;
    }
    std::erase(dial->to, id);
    if (!by_dialler && !dial->answered && !dial->to.empty()) return;
    for (const LegId other : dial->to)
        if (Leg* to = legs_.find(other)) legs_.end(*to, normal_clearing);
    if (Leg* from = by_dialler ? nullptr : legs_.find(dial->from))
        legs_.end(*from, normal_clearing, 480);
    context_.floor.side_call_ended(dial->caller, context_.when());
    context_.floor.side_call_ended(dial->colleague, context_.when());
    forget(*dial);
}

void Dials::hold_changed(Leg& leg) {
    Dial* dial = find(leg.dial);
    if (dial == nullptr) return;
    if (dial->call) return queue_calls_.hold_changed(leg);
    Leg* peer = legs_.find(leg.peer);
    if (peer == nullptr) return;
    if (leg.agreed.peer_holds)
        legs_.hear(*peer, sounds_.hold_music());
    else
        legs_.join(leg, *peer);
}

void Dials::new_day() {
    use_.clear();
}

/// What their INVITEs would have said died with the last life, and no trunk is known to be up yet.
void Dials::refuse_never_called() {
    for (const LegId id : legs_.ids())
        if (Leg* leg = legs_.find(id); leg != nullptr && leg->role == Role::callee && !leg->session)
            callee_event({LegEvent::What::no_media, id, 503}, *leg);
}

void Dials::restore(const Dial& dial) {
    dials_[dial.id] = dial;
    next_ = std::max(next_, dial.id.value + 1);
}

}  // namespace holdfast::engine
