#include "acd/floor.hpp"

#include "unit/acd/floor_fixture.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::acd;
using namespace holdfast::acd::test;
using Kinds = std::vector<std::string>;

TEST_CASE("floor: one call, from arrival to the end of wrap-up", "[acd][floor]") {
    Scene s;
    s.floor.log_in(ann, DeviceId{1}, s.when());
    s.drain();
    s.pass(10s);
    const auto call = s.arrive(support);
    CHECK(s.last<RingPhone>().agent == ann);
    s.pass(1s);
    s.floor.phone_rang(s.offer_to(ann), s.when());
    s.pass(2s);
    s.floor.phone_answered(s.offer_to(ann), s.when());
    s.drain();
    CHECK(s.last<ConnectCall>().call == call);
    s.pass(30s);
    s.floor.agent_held(call, s.when());
    s.pass(5s);
    s.floor.agent_resumed(call, s.when());
    s.pass(5s);
    s.floor.caller_left(call, s.when());
    s.drain();
    CHECK(s.all<HangUpAgent>().size() == 1);
    CHECK(s.floor.call_count() == 0);
    CHECK(s.floor.agent(ann).lane.state == agent::wrapping);
    s.pass(15s);
    s.drain();
    CHECK(s.floor.agent(ann).lane.state == agent::ready);
    CHECK(s.kinds(LaneKind::caller) ==
          Kinds{"setup", "queued", "ringing", "talking", "held", "talking"});
    CHECK(s.kinds(LaneKind::agent) ==
          Kinds{"ready", "reserved", "ringing", "talking", "held", "talking", "wrapping"});
    CHECK(s.floor.today(support).answered == 1);
    CHECK(s.floor.today(support).answered_in_target == 1);
    CHECK(s.floor.today(support).wait_of_answered == 3s);
    CHECK(s.floor.today(ann).talk == 35s);
    CHECK(s.floor.today(ann).hold == 5s);
}

TEST_CASE("floor: a missed offer costs the agent, not the caller's place", "[acd][floor]") {
    Scene s;
    s.log_in_all();
    const auto first = s.arrive(support);
    const AgentId offered = s.last<RingPhone>().agent;
    const Instant entered = s.floor.call(first)->entered;
    s.pass(5s);
    s.pass(15s);
    s.drain();
    CHECK(s.floor.agent(offered).lane.state == agent::not_ready);
    CHECK(s.floor.agent(offered).pause_reason == PauseReason::rona);
    CHECK(s.last<CancelPhone>().why == Withdrawal::ring_timeout);
    CHECK(s.floor.call(first)->entered == entered);
    const AgentId second = s.last<RingPhone>().agent;
    CHECK(second != offered);
    CHECK(s.last<RingPhone>().waited == 20s);
    s.floor.phone_refused(s.offer_to(second), 486, s.when());
    s.drain();
    CHECK(s.floor.agent(second).pause_reason == PauseReason::rejected);
    CHECK(s.floor.waiting(support).size() == 1);
    s.floor.make_ready(offered, s.when());
    s.drain();
    CHECK(s.last<RingPhone>().agent == offered);
    CHECK(s.floor.today(support).missed_offers == 1);
}

TEST_CASE("floor: ring all has exactly one winner", "[acd][floor]") {
    auto settings = two_queues();
    settings.queues[0].strategy = Strategy::ring_all;
    Scene s{settings};
    s.log_in_all();
    const auto call = s.arrive(support);
    REQUIRE(s.all<RingPhone>().size() == 2);
    const auto anns = s.offer_to(ann);
    const auto bobs = s.offer_to(bob);
    s.floor.phone_answered(bobs, s.when());
    s.floor.phone_answered(anns, s.when());
    s.drain();
    CHECK(s.all<ConnectCall>().size() == 1);
    CHECK(s.floor.call(call)->agent == bob);
    CHECK(s.last<CancelPhone>().offer == anns);
    CHECK(s.last<CancelPhone>().why == Withdrawal::answered_elsewhere);
    CHECK(s.floor.agent(ann).lane.state == agent::ready);
}

TEST_CASE("floor: who picks up what rings elsewhere has not rung for it", "[acd][floor]") {
    Scene s;
    s.floor.log_in(ann, DeviceId{1}, s.when());
    const auto call = s.arrive(support);
    s.floor.log_in(bob, DeviceId{2}, s.when());
    s.pass(3s);
    const auto picked = s.floor.pick_up(call, bob, s.when());
    REQUIRE(picked);
    s.floor.phone_answered(picked, s.when());
    s.drain();
    CHECK(s.floor.call(call)->agent == bob);
    CHECK(s.floor.agent(ann).lane.state == agent::ready);
    s.floor.caller_left(call, s.when());
    s.drain();
    CHECK(s.kinds(LaneKind::caller) == Kinds{"setup", "queued", "ringing", "talking"});
    CHECK(s.kinds(LaneKind::caller, "2102") == Kinds{"talking"});
}

TEST_CASE("floor: wishes made in a call are obeyed after it", "[acd][floor]") {
    Scene s;
    s.floor.log_in(ann, DeviceId{1}, s.when());
    s.drain();
    const auto call = s.arrive(support);
    s.floor.phone_answered(s.offer_to(ann), s.when());
    SECTION("pause with a reason") {
        s.floor.pause(ann, PauseReason::code, 3, s.when());
        s.floor.agent_hung_up(call, s.when());
        s.pass(15s);
        s.drain();
        CHECK(s.floor.agent(ann).lane.state == agent::not_ready);
        CHECK(reason_text(s.floor.agent(ann).pause_reason, s.floor.agent(ann).pause_code) == "3");
    }
    SECTION("log out") {
        s.floor.log_out(ann, s.when());
        CHECK(s.floor.agent(ann).lane.state == agent::talking);
        s.floor.caller_left(call, s.when());
        s.drain();
        CHECK(s.floor.agent(ann).lane.state == agent::logged_out);
    }
    SECTION("no second login in mid-call") {
        CHECK(s.floor.log_in(ann, DeviceId{4}, s.when()) == LoginResult::in_call);
        CHECK(s.floor.log_in(cat, DeviceId{1}, s.when()) == LoginResult::phone_in_call);
    }
}

TEST_CASE("floor: a second login moves the agent, and the lane goes on", "[acd][floor]") {
    Scene s;
    s.floor.log_in(ann, DeviceId{1}, s.when());
    const auto shift = s.floor.agent(ann).shift;
    CHECK(s.floor.log_in(ann, DeviceId{4}, s.when()) == LoginResult::moved);
    CHECK(s.floor.agent(ann).shift == shift);
    CHECK(s.floor.agent_at(DeviceId{1}) == AgentId{});
    CHECK(s.floor.log_in(bob, DeviceId{4}, s.when()) == LoginResult::done);
    CHECK(s.floor.agent(ann).lane.state == agent::logged_out);
}

TEST_CASE("floor: the agent's phone dies in mid-call: the caller is first again", "[acd][floor]") {
    Scene s;
    s.floor.log_in(ann, DeviceId{1}, s.when());
    s.drain();
    const auto call = s.arrive(support);
    s.floor.phone_answered(s.offer_to(ann), s.when());
    s.pass(10s);
    const auto other = s.arrive(support);
    s.floor.agent_lost(call, s.when());
    s.drain();
    CHECK(s.floor.agent(ann).lane.state == agent::unreachable);
    CHECK(s.floor.waiting(support).front().call == call);
    CHECK(s.floor.waiting(support).size() == 2);
    s.floor.device_returned(DeviceId{1}, s.when());
    s.drain();
    CHECK(s.last<RingPhone>().call == call);
    CHECK(s.floor.call(other)->lane.state == caller::queued);
}

TEST_CASE("floor: queues have limits", "[acd][floor]") {
    auto settings = two_queues();
    settings.queues[0].capacity = 2;
    settings.queues[0].longest_wait = 60s;
    SECTION("full without overflow: refused") {
        Scene s{settings};
        s.arrive(support);
        s.arrive(support);
        s.arrive(support);
        CHECK(s.last<RefuseCaller>().why == RefusalCause::full);
        CHECK(s.floor.call_count() == 2);
    }
    SECTION("full with overflow: goes there") {
        settings.queues[0].overflow = sales;
        Scene s{settings};
        for (int i = 0; i < 3; ++i)
            s.arrive(support);
        CHECK(s.floor.waiting(sales).size() == 1);
    }
    SECTION("longest wait, then overflow with the entry time kept") {
        settings.queues[0].overflow = sales;
        Scene s{settings};
        const auto call = s.arrive(support);
        const auto entered = s.floor.call(call)->entered;
        s.pass(61s);
        CHECK(s.floor.waiting(sales).size() == 1);
        CHECK(s.floor.call(call)->entered == entered);
        CHECK(s.floor.today(support).diverted_out == 1);
        CHECK(s.floor.today(sales).diverted_in == 1);
    }
    SECTION("longest wait without overflow ends the call with a reason") {
        Scene s{settings};
        s.arrive(support);
        s.pass(61s);
        CHECK(s.last<RefuseCaller>().why == RefusalCause::waited_too_long);
        CHECK(s.floor.call_count() == 0);
    }
    SECTION("a circle of full queues refuses") {
        settings.queues[0].capacity = settings.queues[1].capacity = 0;
        settings.queues[0].overflow = sales;
        settings.queues[1].overflow = support;
        Scene s{settings};
        s.arrive(support);
        CHECK(s.last<RefuseCaller>().why == RefusalCause::full);
    }
}

TEST_CASE("floor: nobody logged in", "[acd][floor]") {
    auto settings = two_queues();
    settings.queues[0].no_agent = NoAgent::refuse;
    Scene s{settings};
    s.arrive(support);
    CHECK(s.last<RefuseCaller>().why == RefusalCause::no_agent);
    s.floor.log_in(ann, DeviceId{1}, s.when());
    s.floor.pause(ann, PauseReason::chosen, 0, s.when());
    s.drain();
    s.arrive(support);
    CHECK(s.floor.waiting(support).size() == 1);
    s.floor.log_out(ann, s.when());
    s.drain();
    CHECK(s.floor.waiting(support).empty());
    CHECK(s.all<RefuseCaller>().size() == 2);
}

TEST_CASE("floor: closed hours play the announcement, then end", "[acd][floor]") {
    auto settings = two_queues();
    settings.queues[0].hours.spans = {*parse_span("mo-fr 10:00-11:00")};
    settings.queues[0].has_closed_announcement = true;
    Scene s{settings};
    const auto call = s.arrive(support);
    CHECK(s.last<PlayToCaller>().what == Playing::closed);
    s.pass(4s);
    s.floor.announcement_ended(call, s.when());
    s.drain();
    CHECK(s.last<RefuseCaller>().why == RefusalCause::closed);
    CHECK(s.kinds(LaneKind::caller) == Kinds{"setup", "announced"});
}

TEST_CASE("floor: priority ages, so nobody starves", "[acd][floor]") {
    auto settings = two_queues();
    settings.queues[1].priority = 1;  // a level counts as 60 s
    Scene s{settings};
    const auto early = s.arrive(support);
    s.pass(59s);
    const auto urgent = s.arrive(sales);
    s.pass(10s);
    const auto late = s.arrive(sales);
    s.floor.log_in(bob, DeviceId{2}, s.when());
    s.drain();
    CHECK(s.last<RingPhone>().call == urgent);
    s.floor.caller_left(urgent, s.when());
    s.drain();
    CHECK(s.last<RingPhone>().call == early);
    CHECK(s.floor.call(late)->lane.state == caller::queued);
}

TEST_CASE("floor: a late stamp never moves a boundary back", "[acd][floor]") {
    Scene s;
    s.floor.log_in(ann, DeviceId{1}, s.when());
    s.drain();
    s.pass(10s);
    const auto call = s.arrive(support);
    const Instant offered = s.now;
    s.pass(1s);
    s.floor.phone_answered(s.offer_to(ann), {offered - 5s, s.now});
    s.drain();
    CHECK(s.floor.call(call)->lane.began == offered);
    CHECK(s.floor.agent(ann).lane.began == offered);
}

TEST_CASE("floor: an outbound call, answered or not", "[acd][floor]") {
    Scene s;
    s.floor.log_in(ann, DeviceId{1}, s.when());
    s.drain();
    const auto call = s.floor.dialled_out(ann, "0301234", TrunkId{1}, s.when());
    s.drain();
    CHECK(s.floor.agent(ann).lane.state == agent::dialing);
    s.arrive(support);
    CHECK(s.all<RingPhone>().empty());
    s.pass(5s);
    SECTION("answered: talk, then straight to ready") {
        s.floor.customer_answered(call, s.when());
        s.drain();
        CHECK(s.floor.agent(ann).lane.state == agent::talking);
        s.floor.customer_answered(call, s.when());  // told twice
        CHECK(s.floor.agent(ann).side_calls == 0);
        s.pass(60s);
        s.floor.agent_hung_up(call, s.when());
        s.drain();
        CHECK(s.all<HangUpCaller>().size() == 1);
    }
    SECTION("busy") {
        s.floor.customer_refused(call, 486, s.when());
        s.drain();
    }
    SECTION("agent gives up") {
        s.floor.agent_hung_up(call, s.when());
        s.drain();
    }
    CHECK(s.all<RingPhone>().size() == 1);  // the waiting caller, at once
    CHECK(s.floor.agent(ann).lane.state == agent::reserved);
}

TEST_CASE("floor: a colleague's call counts as busy until its end", "[acd][floor]") {
    Scene s;
    s.log_in_all();
    s.floor.side_call_began(ann, false, s.when());
    s.floor.side_call_began(bob, true, s.when());
    s.arrive(support);
    CHECK(s.all<RingPhone>().empty());
    s.floor.colleague_answered(ann, s.when());
    s.floor.colleague_answered(bob, s.when());
    s.pass(9s);
    s.floor.side_call_ended(ann, true, s.when());
    s.floor.side_call_ended(bob, true, s.when());
    s.drain();
    CHECK(s.all<RingPhone>().size() == 1);
    CHECK(s.floor.agent(bob).lane.state == agent::ready);
}

TEST_CASE("floor: the caller leaves while the agent asks a colleague: still busy", "[acd][floor]") {
    Scene s;
    s.floor.log_in(ann, DeviceId{1}, s.when());
    s.drain();
    const auto call = s.arrive(support);
    s.floor.phone_answered(s.offer_to(ann), s.when());
    s.floor.agent_held(call, s.when());
    s.floor.side_call_began(ann, false, s.when());
    s.floor.colleague_answered(ann, s.when());
    s.floor.caller_left(call, s.when());
    s.drain();
    CHECK(s.floor.agent(ann).lane.state == agent::internal);
    s.floor.side_call_ended(ann, true, s.when());
    s.drain();
    CHECK(s.floor.agent(ann).lane.state == agent::ready);
}

TEST_CASE("floor: draining refuses the new and keeps the old", "[acd][floor]") {
    Scene s;
    const auto old = s.arrive(support);
    s.floor.set_draining(true);
    s.arrive(support);
    CHECK(s.last<RefuseCaller>().why == RefusalCause::draining);
    CHECK(s.floor.call(old) != nullptr);
}

TEST_CASE("floor: unreachable for too long is logged out; back in time keeps the wish",
          "[acd][floor]") {
    Scene s;
    s.floor.log_in(ann, DeviceId{1}, s.when());
    s.floor.device_lost(DeviceId{1}, s.when());
    s.drain();
    CHECK(s.floor.agent(ann).lane.state == agent::unreachable);
    SECTION("back") {
        s.pass(29min);
        s.floor.device_returned(DeviceId{1}, s.when());
        s.drain();
        CHECK(s.floor.agent(ann).lane.state == agent::ready);
    }
    SECTION("too long") {
        s.pass(30min);
        s.drain();
        CHECK(s.floor.agent(ann).lane.state == agent::logged_out);
    }
}

TEST_CASE("floor: restored from its records, it goes on where it was", "[acd][floor]") {
    auto settings = two_queues();
    Scene s{settings};
    s.log_in_all();
    for (int i = 0; i < 5; ++i)
        s.arrive(support);
    s.floor.phone_answered(s.offer_to(ann), s.when());
    s.drain();
    s.pass(1s);

    Scene t{settings};
    t.now = s.now;
    t.floor.restore(s.floor.state());
    for (const auto id : s.floor.calls())
        t.floor.restore(*s.floor.call(id));
    for (std::uint32_t i = 1; i <= 3; ++i)
        t.floor.restore(s.floor.agent(AgentId{i}), s.floor.today(AgentId{i}));
    for (std::uint32_t i = 1; i <= 2; ++i)
        t.floor.restore(QueueId{i}, s.floor.today(QueueId{i}));
    t.floor.resume(t.now);
    t.check();
    CHECK(t.floor.waiting(support).size() == s.floor.waiting(support).size());
    CHECK(t.deadlines->size() == s.deadlines->size());
    CHECK(t.deadlines->next()->at == s.deadlines->next()->at);
}
