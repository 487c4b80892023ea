// A colleague's phone sends a call elsewhere: 3xx (RFC 3261 8.1.3.4, 21.3). Followed only for a
// call that a colleague dials: callers are not sent where nobody of ours is. Of the Contact the
// user part alone counts, as if the colleague whose phone it is had dialled it.
#include "engine/dials.hpp"
#include "engine/identity.hpp"
#include "sip/values.hpp"

#include <algorithm>
#include <utility>

namespace holdfast::engine {
namespace {

// Each is a phone that has been called; more is a circle that does not look like one.
constexpr std::size_t most_forwards = 5;

}  // namespace

/// 0 where the call goes on, else what the caller is told; where to, nobody is.
int Dials::follow(Dial& dial) {
    const auto forward = std::exchange(dial.forward, {});
    const auto& s = context_.settings;
    const auto& by = s.floor.agents[dial.colleague.value - 1];
    const auto contact = sip::parse_name_addr(forward);
    if (!contact || contact->uri.scheme == sip::Uri::Scheme::other) return 480;
    if (dial.forwarded_by.size() == most_forwards) {
        context_.log(LogLevel::warning,
                     "agent {}: the phone forwards a call that {} phones have forwarded before",
                     by.number,
                     most_forwards);
        return 480;
    }
    dial.forwarded_by.push_back(dial.colleague);
    auto dialled = sip::unescape(contact->uri.user);
    const auto to = phone_destination(s, by.class_of_service, dialled);
    if (const auto* agent = std::get_if<ToAgent>(&to)) return forward_to_agent(dial, agent->agent);
    if (const auto* queue = std::get_if<ToQueue>(&to))
        return forward_to_queue(dial, queue->queue, std::move(dialled));
    if (const auto* trunk = std::get_if<ToTrunk>(&to)) return forward_outside(dial, *trunk);
    return 480;
}

int Dials::forward_to_agent(Dial& dial, AgentId agent) {
    const auto& agents = context_.settings.floor.agents;
    if (agent == dial.caller ||
        std::ranges::find(dial.forwarded_by, agent) != dial.forwarded_by.end()) {
        context_.log(LogLevel::warning,
                     "agent {}: the phone forwards a call to agent {}, who has had it: it goes "
                     "round",
                     agents[dial.colleague.value - 1].number,
                     agents[agent.value - 1].number);
        return 480;
    }
    if (const int status = obstacle(agent, dial.caller)) return status;
    context_.floor.side_call_ended(dial.colleague, false, context_.when());
    if (const Leg* from = legs_.find(dial.from); from != nullptr && !Legs::was_answered(*from))
        context_.sip.progress(from->session, 181, {}, context_.now);
    const auto& me = agents[dial.caller.value - 1];
    ring_colleague(dial, agent, {me.name, me.number, {}});
    return 0;
}

/// Who called waits there, as if the queue had been dialled.
int Dials::forward_to_queue(Dial& dial, QueueId queue, std::string dialled) {
    Leg* from = legs_.find(dial.from);
    if (from == nullptr || context_.floor.closed_to(queue, context_.now)) return 480;
    const AgentId caller = dial.caller, colleague = dial.colleague;
    const auto& me = context_.settings.floor.agents[caller.value - 1];
    forget(dial);
    from->role = Role::caller;
    from->dial = {};
    queue_calls_.arrived(*from, {me.number, me.name, std::move(dialled), {}, queue, caller});
    context_.floor.side_call_ended(colleague, false, context_.when());
    context_.floor.side_call_ended(caller, false, context_.when());
    return 0;
}

/// By the class of service of who forwards, against whom the call counts.
int Dials::forward_outside(Dial& dial, const ToTrunk& to) {
    Leg* from = legs_.find(dial.from);
    if (from == nullptr || to.emergency) return 480;
    if (admit(dial.colleague, to) != 0) return 480;
    const auto trunk = to.trunks.empty() ? TrunkId{} : to.trunks.front();
    dial.call = context_.floor.dialled_out(dial.caller, to.number, trunk, context_.when());
    context_.floor.sponsored(dial.call, dial.colleague);
    context_.floor.side_call_ended(std::exchange(dial.colleague, {}), false, context_.when());
    context_.floor.side_call_ended(dial.caller, false, context_.when());
    from->call = dial.call;
    legs_.touch(*from);
    legs_.keep_digits(*from, false);
    queue_calls_.bind(dial.call, {}, from->id);
    if (!Legs::was_answered(*from)) context_.sip.progress(from->session, 181, {}, context_.now);
    ring_outside(dial, to);
    return 0;
}

/// Through whose phones the call has come: RFC 5806 (the last one first), which carriers read, and
/// RFC 7044.
void Dials::tell_history(sip::InviteOrder& order,
                         const Dial& dial,
                         const std::string& host,
                         const std::string& target) const {
    if (dial.forwarded_by.empty()) return;
    std::string diversion, history, index = "1";
    for (const AgentId agent : dial.forwarded_by) {
        const auto uri = own_uri(context_.settings.floor.agents[agent.value - 1].number, host);
        diversion = fmt::format(
            "<{}>;reason=unknown;counter=1{}{}", uri, diversion.empty() ? "" : ", ", diversion);
        history +=
            fmt::format("<{}?Reason=SIP%3Bcause%3D302>;index={}{}, ",
                        uri,
                        index,
                        index == "1" ? std::string{} : ";mp=" + index.substr(0, index.size() - 2));
        index += ".1";
    }
    history += fmt::format(
        "<{}>;index={};mp={}", own_uri(target, host), index, index.substr(0, index.size() - 2));
    order.extra.push_back({sip::Header::diversion, std::move(diversion)});
    order.extra.push_back({sip::Header::history_info, std::move(history)});
}

}  // namespace holdfast::engine
