// What is in hand, named for the next life; and calls that have ended lives, which are let go of.
#include "engine/engine_impl.hpp"
#include "engine/in_hand.hpp"
#include "engine/recovery.hpp"

#include <algorithm>

namespace holdfast::engine {
namespace {

/// Ended politely the first time: callers hear of it. Where that ends a life too, the next one does
/// not touch its dialogs at all, and peers find out by themselves.
constexpr std::uint32_t polite_until = 2;

constexpr std::string_view dropped_reason = "SIP;cause=500;text=\"Dropped\"";

bool is_of(const Leg& leg, std::uint64_t word) {
    const auto what = in_hand_of(word);
    return in_hand_of(leg) == what ||
           (what.kind == InHand::Kind::dial && leg.dial.value == what.id);
}

}  // namespace

void Engine::Impl::name(std::uint64_t word) {
    if (tell_in_hand_) tell_in_hand_(word);
}

void Engine::Impl::name(const Leg* leg) {
    name(leg == nullptr ? 0 : word_of(in_hand_of(*leg)));
}

void Engine::Impl::name(CallId call) {
    name(word_of({InHand::Kind::call, call.value}));
}

void Engine::Impl::name(const DeadlineKey& key) {
    switch (key.owner) {
        case DeadlineOwner::call:
            return name(CallId{key.id});
        case DeadlineOwner::offer: {
            const auto offer = floor_.offer(acd::OfferId{key.id});
            return name(offer ? floor_.agent(offer->agent).call : CallId{});
        }
        case DeadlineOwner::leg:
            return name(legs_.find(LegId{key.id}));
        case DeadlineOwner::session:
            return name(legs_.of_session(SessionId{key.id}));
        case DeadlineOwner::dial:
            return name(word_of({InHand::Kind::dial, key.id}));
        case DeadlineOwner::agent:
            return name(floor_.agent(AgentId{key.id}).call);
        case DeadlineOwner::transaction:
        case DeadlineOwner::binding:
        case DeadlineOwner::registration:
        case DeadlineOwner::lookup:
        case DeadlineOwner::flow:
        case DeadlineOwner::trunk:
        case DeadlineOwner::device:
        case DeadlineOwner::engine:
            return name_nothing();
    }
}

/// Before anything is made of the records: whose politeness has ended a life too has no dialogs.
void Engine::Impl::strip_suspects(Found& found, const std::vector<Suspect>& suspects) {
    for (const auto& suspect : suspects) {
        if (suspect.lives <= polite_until) continue;
        for (const Leg& leg : found.legs) {
            if (!is_of(leg, suspect.in_hand)) continue;
            context_.media(media::Close{media_of(leg.id)});
            forget(RecordKind::leg, leg.id.value);
            forget(RecordKind::session, leg.session.value);
            std::erase_if(found.sessions, [&](const sip::SessionRecord& session) {
                return session.session == leg.session;
            });
        }
        std::erase_if(found.legs, [&](const Leg& leg) { return is_of(leg, suspect.in_hand); });
    }
}

/// Once all others are taken up. What is left of the call afterwards is what has no leg.
void Engine::Impl::drop_suspects(const std::vector<Suspect>& suspects) {
    for (const auto& suspect : suspects) {
        const auto what = in_hand_of(suspect.in_hand);
        name(suspect.in_hand);
        const CallId call{what.kind == InHand::Kind::call ? what.id : 0};
        auto legs = legs_.ids();
        std::erase_if(legs, [&](LegId id) { return !is_of(*legs_.find(id), suspect.in_hand); });
        if (legs.empty() && floor_.call(call) == nullptr) continue;  // gone before
        floor_.mark(call, acd::MarkKind::dropped_after_crashes, context_.now, context_.now);
        for (const LegId id : legs) {
            Leg* leg = legs_.find(id);
            if (leg == nullptr) continue;
            sip_.end(leg->session, dropped_reason, context_.now);
            end_leg(*leg, sip::EndCause::gone);
            settle();
        }
        floor_.caller_left(call, {context_.now, context_.now});
        settle();
        const auto line = fmt::format(
            "call {} is dropped: {} times within a minute the daemon died while it worked at it; "
            "report this, with the black box of the last life",
            what.id,
            suspect.lives);
        context_.log(LogLevel::error, "{}", line);
        alarms_.raise(fmt::format("dropped-{}", suspect.in_hand), line);
    }
    name_nothing();
}

}  // namespace holdfast::engine
