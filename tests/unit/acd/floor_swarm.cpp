// Random days on the floor: whatever happens in whatever order, lanes tile and agree, references
// hold, and an empty centre is empty.
#include "unit/acd/floor_fixture.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::acd;
using namespace holdfast::acd::test;

namespace {

Settings random_settings(Random& r) {
    auto s = two_queues();
    for (auto& q : s.queues) {
        q.strategy = static_cast<Strategy>(r.below(5));
        q.answer = static_cast<AnswerWhen>(r.below(2));
        q.no_agent = static_cast<NoAgent>(r.below(3));
        q.capacity = 1 + r.below(6);
        q.longest_wait = Micros{std::chrono::seconds{5 + r.below(200)}};
        q.ring_time = Micros{std::chrono::seconds{1 + r.below(20)}};
        q.wrap_up = Micros{std::chrono::seconds{r.below(3) * 10}};
        q.has_greeting = r.below(2) == 0;
        q.has_comfort = r.below(2) == 0;
        q.overflow = QueueId{r.below(3)};
        q.priority = static_cast<std::uint8_t>(r.below(3));
    }
    s.ready_after_login = r.below(2) == 0;
    return s;
}

/// One day: the random choices of everybody.
struct Day {
    Random r;
    Scene s;
    std::vector<CallId> outbound;

    explicit Day(std::uint64_t seed) : r{Random::from(seed)}, s{random_settings(r)} {}

    AgentId any_agent() { return AgentId{1 + r.below(3)}; }
    DeviceId any_device() { return DeviceId{1 + r.below(4)}; }
    CallId any_call() {
        const auto calls = s.floor.calls();
        if (calls.empty()) return {};
        return calls[r.below(static_cast<std::uint32_t>(calls.size()))];
    }
    When when() { return {s.now - Micros{r.below(4) == 0 ? r.below(300'000) : 0}, s.now}; }
    void about_offers() {
        const OfferId offer = s.offer_to(any_agent());
        if (!offer) return;
        switch (r.below(4)) {
            case 0:
                return s.floor.phone_rang(offer, when());
            case 1:
                return s.floor.phone_answered(offer, when());
            case 2:
                return s.floor.phone_refused(offer, 486, when());
            default:
                return s.floor.phone_failed(offer, 408, when());
        }
    }
    void about_calls() {
        const CallId call = any_call();
        if (!call) return;
        switch (r.below(10)) {
            case 0:
                return s.floor.caller_left(call, when());
            case 1:
                return s.floor.agent_held(call, when());
            case 2:
                return s.floor.agent_resumed(call, when());
            case 3:
                return s.floor.caller_held(call, when());
            case 4:
                return s.floor.caller_resumed(call, when());
            case 5:
                return s.floor.agent_lost(call, when());
            case 6:
                return s.floor.customer_answered(call, when());
            case 7:
                if (s.floor.call(call)->lane.state == caller::setup)
                    s.floor.customer_refused(call, 486, when());
                return;
            case 8:
                return s.floor.announcement_ended(call, when());
            default:
                if (s.floor.call(call)->agent) s.floor.agent_hung_up(call, when());
        }
    }
    bool can_take(AgentId agent, const Call& call) const {
        using namespace acd::agent;
        constexpr Set free{not_ready, ready, wrapping, called, internal};
        return free.has(s.floor.agent(agent).lane.state) && call.agent != agent;
    }
    /// What an engine may say of a call that is somebody's, or was.
    void about_transfers() {
        const CallId id = any_call();
        if (!id) return;
        const Call& call = *s.floor.call(id);
        const AgentId agent = any_agent();
        const bool passed = call.lane.state == caller::transferring;
        const bool connected = caller::connected.has(call.lane.state);
        switch (r.below(8)) {
            case 0:
            case 1:
                if (!passed && s.floor.may_pass(id)) s.floor.transfer_began(id, when());
                return;
            case 2:
                if (passed && call.agent) s.floor.transfer_failed(id, when());
                return;
            case 3:
                if (passed) s.floor.sender_left(id, r.below(2) == 0, when());
                return;
            case 4:
                if ((connected || call.lane.state == caller::parked) && can_take(agent, call))
                    s.floor.took_over(id, agent, when());
                return;
            case 5:
                if (connected) s.floor.send_to_queue(id, QueueId{1 + r.below(2)}, when());
                return;
            case 6:
                if (connected && !passed) s.floor.park(id, when());
                return;
            default:
                if (passed && !call.agent) return s.floor.give_up(id, when());
                if (call.lane.state == caller::parked) return s.floor.transfer_began(id, when());
                join(id);
        }
    }
    void join(CallId id) {
        const CallId other = any_call();
        const auto talks = [&](CallId c) {
            return caller::connected.has(s.floor.call(c)->lane.state);
        };
        if (id != other && talks(id) && talks(other)) s.floor.join_outside(id, other, when());
    }
    void about_agents() {
        const AgentId agent = any_agent();
        // Half of the time somebody gets ready: an idle floor proves nothing.
        if (r.below(2) == 0) {
            static_cast<void>(s.floor.log_in(agent, DeviceId{agent.value}, when()));
            return s.floor.make_ready(agent, when());
        }
        switch (r.below(9)) {
            case 0:
            case 1:
                static_cast<void>(s.floor.log_in(agent, any_device(), when()));
                return;
            case 2:
                return s.floor.log_out(agent, when());
            case 3:
                return s.floor.make_ready(agent, when());
            case 4:
                return s.floor.pause(
                    agent, PauseReason::code, static_cast<std::uint8_t>(r.below(10)), when());
            case 5:
                return s.floor.device_lost(any_device(), when());
            case 6:
                return s.floor.device_returned(any_device(), when());
            case 7: {
                const bool dials = s.floor.agent(agent).lane.state != agent::logged_out;
                if (dials) s.floor.dialled_out(agent, "030", TrunkId{1}, when());
                return;
            }
            default:
                if (s.floor.agent(agent).side_calls == 0) {
                    if (s.floor.agent(agent).lane.state != agent::logged_out)
                        s.floor.side_call_began(agent, r.below(2) == 0, when());
                } else if (r.below(2) == 0) {
                    s.floor.colleague_answered(agent, when());
                } else if (!s.floor.call(s.floor.agent(agent).call) ||
                           s.floor.call(s.floor.agent(agent).call)->kind == CallKind::queue) {
                    s.floor.side_call_ended(agent, r.below(2) == 0, when());
                }
        }
    }
    void step() {
        switch (r.below(9)) {
            case 8:
                about_transfers();
                break;
            case 0:
                s.arrive(QueueId{1 + r.below(2)});
                break;
            case 1:
            case 2:
                about_offers();
                break;
            case 3:
            case 4:
                about_calls();
                break;
            case 5:
            case 6:
                about_agents();
                break;
            default:
                s.pass(Micros{r.below(8'000'000)});
        }
        s.drain();
    }
    void close() {
        for (const CallId call : s.floor.calls())
            s.floor.caller_left(call, when());
        for (std::uint32_t i = 1; i <= 3; ++i)
            while (s.floor.agent(AgentId{i}).side_calls > 0)
                s.floor.side_call_ended(AgentId{i}, true, when());
        s.drain();
        s.pass(24h);
        s.drain();
        for (std::uint32_t i = 1; i <= 3; ++i)
            s.floor.log_out(AgentId{i}, when());
        s.drain();
    }
};

}  // namespace

TEST_CASE("floor: random days", "[acd][floor][swarm]") {
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        CAPTURE(seed);
        Day day{seed};
        for (int i = 0; i < 400; ++i) {
            CAPTURE(i);
            day.step();
        }
        day.close();
        REQUIRE(day.s.floor.call_count() == 0);
        REQUIRE(day.s.deadlines->size() == 0);
        for (const auto& [id, lane] : day.s.lanes)
            REQUIRE(lane.back().outcome != Outcome::none);
        for (std::uint32_t q = 1; q <= 2; ++q)
            REQUIRE(day.s.floor.waiting(QueueId{q}).empty());
    }
}
