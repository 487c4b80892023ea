// A floor with two queues and three agents in virtual time, and checks that must hold after each
// step whatever happened.
#pragma once
#include "acd/floor.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace holdfast::acd::test {

inline constexpr QueueId support{1}, sales{2};
inline constexpr AgentId ann{1}, bob{2}, cat{3};

inline Settings two_queues() {
    Settings s;
    s.queues.resize(2);
    s.queues[0].name = "support";
    s.queues[1].name = "sales";
    for (auto& q : s.queues)
        q.ageing = 60s;
    s.devices = {{"desk1"}, {"desk2"}, {"desk3"}, {"desk4"}};
    s.trunks = {"carrier"};
    s.ready_after_login = true;
    const auto agent = [&](const char* number, std::vector<QueueId> queues, DeviceId device) {
        s.agents.push_back({number, "", "", std::move(queues), device, 0});
    };
    agent("2101", {support}, DeviceId{1});
    agent("2102", {support, sales}, DeviceId{2});
    agent("2103", {sales}, DeviceId{3});
    return s;
}

struct Scene {
    std::unique_ptr<Deadlines> deadlines = std::make_unique<Deadlines>();
    Random random = Random::from(7);
    Floor floor;
    Instant now{1000s};
    std::vector<Effect> effects;
    std::map<std::string, std::vector<SegmentClosed>> lanes;  // by uuid text
    std::vector<std::string> words;                           // effects in short, in order

    explicit Scene(Settings settings = two_queues())
        : floor{std::move(settings), *deadlines, random} {
        // 2026-11-24 09:00 UTC at `now`.
        floor.anchor({now, WallInstant{std::chrono::seconds{1'795'510'800}}, 0}, now);
        drain();
    }

    When when() const { return {now, now}; }
    void log_in_all() {
        for (std::uint32_t i = 1; i <= 3; ++i)
            floor.log_in(AgentId{i}, DeviceId{i}, when());
        drain();
    }
    CallId arrive(QueueId queue) {
        const CallId id =
            floor.caller_arrived({"0301234", "Caller", "555", TrunkId{1}, queue}, when());
        drain();
        return id;
    }
    /// Lets time pass, with every deadline at its instant.
    void pass(Micros span) {
        const Instant until = now + span;
        while (const auto due = deadlines->next()) {
            if (due->at > until) break;
            now = std::max(now, due->at);
            floor.deadline(deadlines->pop(now)->key, now);
            drain();
        }
        now = until;
    }
    void drain();
    void check();

    template <class E>
    std::vector<E> all() const {
        std::vector<E> found;
        for (const auto& e : effects)
            if (const auto* f = std::get_if<E>(&e)) found.push_back(*f);
        return found;
    }
    template <class E>
    E last() const {
        const auto found = all<E>();
        REQUIRE_FALSE(found.empty());
        return found.back();
    }
    OfferId offer_to(AgentId agent) const { return floor.agent(agent).offer; }
    std::vector<std::string> kinds(LaneKind kind, const std::string& agent = {}) const {
        std::vector<std::string> out;
        for (const auto& [id, lane] : lanes)
            for (const auto& s : lane)
                if (s.lane_kind == kind && (agent.empty() || s.agent == agent))
                    out.push_back(s.kind);
        return out;
    }
};

inline void Scene::check() {
    const auto recount = floor.recount();
    INFO(recount.flaw);
    REQUIRE(recount.sound);
}

inline void Scene::drain() {
    floor.settle(now);
    for (auto& e : floor.take_effects())
        effects.push_back(e);
    for (const auto row : floor.take_changed().rows) {
        const auto* s = std::get_if<SegmentClosed>(&floor.row(row)->what);
        if (s == nullptr) continue;
        auto& lane = lanes[std::string(s->lane.begin(), s->lane.end())];
        CAPTURE(s->kind, s->ended_by, (s->ended - s->began).count());
        REQUIRE(s->ended >= s->began);
        REQUIRE(s->ended <= now);
        REQUIRE(s->number == lane.size() + 1);
        if (!lane.empty()) {
            REQUIRE(lane.back().outcome == Outcome::none);
            REQUIRE(lane.back().ended == s->began);
        }
        lane.push_back(*s);
    }
    check();
}

}  // namespace holdfast::acd::test
