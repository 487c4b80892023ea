// tests/support/ledger_day.hpp: a working day of a small centre as rows of the ledger, from a seed:
// both lanes of every call, cut by the same instants, as the floor gives them.
#pragma once
#include "acd/ledger_row.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace holdfast::test {

class LedgerDay {
public:
    explicit LedgerDay(std::uint64_t seed, std::size_t agents = 20, std::uint64_t first_row = 1)
        : random_{seed * 2 + 1}, next_row_{first_row}, agents_(agents) {
        for (std::size_t i = 0; i < agents; ++i)
            agents_[i].number = std::to_string(2101 + i);
    }

    Instant now() const { return now_; }
    WallInstant wall() const { return wall_of(now_); }

    /// The next `count` rows, or one or two more: an event's rows are never torn apart.
    std::vector<acd::LedgerRow> rows(std::size_t count) {
        std::vector<acd::LedgerRow> all;
        while (rows_.size() < count)
            step();
        std::swap(all, rows_);
        return all;
    }

    /// Lets all that waits or talks end, and every agent go home.
    std::vector<acd::LedgerRow> evening() {
        now_ += 10s;
        while (!callers_.empty())
            end_call(0);
        for (auto& agent : agents_)
            if (agent.shift != acd::Uuid{}) log_out(agent);
        return std::exchange(rows_, {});
    }

private:
    struct Agent {
        std::string number;
        acd::Uuid shift{}, journey{};
        const char* state = "ready";
        Instant began{};
        std::uint32_t segments = 0;
    };
    struct Caller {
        acd::Uuid journey{};
        const char *state = "setup", *queue = "support";
        Instant began{}, held_since{};
        std::uint32_t segments = 0;
        Agent* agent = nullptr;
    };

    std::uint64_t draw(std::uint64_t below) {
        random_ ^= random_ << 13;
        random_ ^= random_ >> 7;
        random_ ^= random_ << 17;
        return random_ % below;
    }
    WallInstant wall_of(Instant at) const {
        return WallInstant{Micros{1'790'000'000'000'000}} + at.time_since_epoch();
    }
    acd::Stamp stamp(Instant at) const { return {wall_of(at), 7200}; }

    /// RFC 9562 version 7: milliseconds first, then random bits.
    acd::Uuid uuid() {
        acd::Uuid id{};
        auto ms = static_cast<std::uint64_t>(wall().time_since_epoch().count()) / 1000;
        for (std::size_t i = 6; i-- > 0; ms >>= 8)
            id[i] = static_cast<std::uint8_t>(ms);
        for (std::size_t i = 6; i < id.size(); ++i)
            id[i] = static_cast<std::uint8_t>(draw(256));
        id[6] = static_cast<std::uint8_t>(0x70 | (id[6] & 0x0f));
        id[8] = static_cast<std::uint8_t>(0x80 | (id[8] & 0x3f));
        return id;
    }

    template <class What>
    void add(What what) {
        rows_.push_back({next_row_++, std::move(what)});
    }

    void step() {
        now_ += Micros{1 + static_cast<std::int64_t>(draw(400'000))};
        auto& agent = agents_[draw(agents_.size())];
        if (agent.shift == acd::Uuid{}) return log_in(agent);
        const auto dice = draw(100);
        if (callers_.empty() || (dice < 15 && callers_.size() < 3 * agents_.size()))
            return arrive();
        if (dice < 17 && agent.journey == acd::Uuid{}) return log_out(agent);
        if (std::string_view{agent.state} == "wrapping" && dice < 60) {
            agent.journey = {};
            return cut(agent, "wrap_limit", "ready");
        }
        advance(draw(callers_.size()), dice);
    }

    void advance(std::size_t i, std::uint64_t dice) {
        auto& c = callers_[i];
        const std::string_view state = c.state;
        if (state == "setup") return cut(c, "queue_entered", "queued");
        if (state == "queued") return dice < 20 ? end_call(i) : offer(c);
        if (state == "ringing") {
            cut(*c.agent, "agent_answered", "talking");
            return cut(c, "agent_answered", "talking");
        }
        if (dice < 30) {
            const bool held = state == "held";
            cut(*c.agent, held ? "agent_resumed" : "agent_held", held ? "talking" : "held");
            return cut(c, held ? "agent_resumed" : "agent_held", held ? "talking" : "held");
        }
        if (dice < 40 && c.held_since == Instant{})
            c.held_since = now_;
        else
            end_call(i);
    }

    void offer(Caller& c) {
        for (auto& agent : agents_) {
            if (agent.shift == acd::Uuid{} || std::string_view{agent.state} != "ready") continue;
            c.agent = &agent;
            cut(agent, "offer_made", "ringing");
            agent.journey = c.journey;
            return cut(c, "offer_made", "ringing");
        }
    }

    void arrive() {
        Caller c;
        c.journey = uuid();
        c.began = now_;
        c.queue = draw(3) == 0 ? "sales" : "support";
        const bool outbound = draw(10) == 0, withheld = draw(8) == 0;
        const auto number = "+4930" + std::to_string(1'000'000 + draw(9'000'000));
        add(acd::JourneyOpened{c.journey,
                               outbound || withheld ? "" : number,
                               outbound || withheld ? "" : "Erika Mustermann",
                               outbound ? number : "030555100",
                               "carrier",
                               outbound,
                               now_,
                               stamp(now_)});
        callers_.push_back(c);
    }

    void end_call(std::size_t i) {
        auto c = callers_[i];
        if (c.held_since != Instant{})
            add(acd::MarkClosed{c.journey, "held_by_caller", c.held_since, now_});
        const bool talked = c.agent != nullptr && std::string_view{c.state} != "ringing";
        if (c.agent != nullptr) {
            cut(*c.agent, "caller_left", talked ? "wrapping" : "ready");
            if (!talked) c.agent->journey = {};
        }
        cut(c, "caller_left", "closed", talked ? acd::Outcome::completed : acd::Outcome::abandoned);
        callers_.erase(callers_.begin() + static_cast<std::ptrdiff_t>(i));
    }

    void log_in(Agent& agent) {
        agent.shift = uuid();
        agent.state = "ready";
        agent.began = now_;
        agent.segments = 0;
        agent.journey = {};
        add(acd::ShiftOpened{
            agent.shift, agent.number, "Agent " + agent.number, "desk", now_, stamp(now_)});
    }

    void log_out(Agent& agent) {
        cut(agent, "agent_logged_out", "logged_out", acd::Outcome::ended);
        agent.shift = agent.journey = {};
    }

    template <class Lane>
    acd::SegmentClosed closed(Lane& lane, const char* by, const char* next, acd::Outcome outcome) {
        acd::SegmentClosed s;
        s.number = ++lane.segments;
        s.kind = std::exchange(lane.state, next);
        s.ended_by = by;
        s.journey = lane.journey;
        s.ended = now_;
        s.began = std::exchange(lane.began, now_);
        s.stamp = stamp(s.began);
        s.outcome = outcome;
        return s;
    }
    void cut(Agent& agent, const char* by, const char* next, acd::Outcome outcome = {}) {
        auto s = closed(agent, by, next, outcome);
        s.lane_kind = acd::LaneKind::agent;
        s.lane = agent.shift;
        s.agent = agent.number;
        if (s.journey != acd::Uuid{}) s.queue = "support";
        add(std::move(s));
    }
    /// What is marked of a talk: its voices were heard, and one or two things in it.
    void mark_talk(const Caller& c) {
        const Micros length = now_ - c.began;
        const auto add_mark = [&](const char* kind, Micros from, Micros to, bool digits = false) {
            acd::MarkClosed mark{c.journey, kind, c.began + from, c.began + to, {}};
            if (digits) mark.digits = static_cast<std::uint32_t>(draw(20));
            add(std::move(mark));
        };
        const auto dice = draw(4);
        if (dice == 0) add_mark("muted", length / 4, length / 2);
        if (dice == 1) add_mark("dead_air", length / 8, length / 3);
        if (dice == 2) add_mark("digits_masked", Micros{}, length / 2, true);
        add_mark("voice_measured", Micros{}, length);
    }
    void cut(Caller& c, const char* by, const char* next, acd::Outcome outcome = {}) {
        if (std::string_view{c.state} == "talking") mark_talk(c);
        auto s = closed(c, by, next, outcome);
        s.lane_kind = acd::LaneKind::caller;
        s.lane = c.journey;
        if (c.agent != nullptr) s.agent = c.agent->number;
        s.queue = c.queue;
        add(std::move(s));
    }

    std::uint64_t random_;
    std::uint64_t next_row_;
    Instant now_{1h};
    std::vector<Agent> agents_;
    std::vector<Caller> callers_;
    std::vector<acd::LedgerRow> rows_;
};

}  // namespace holdfast::test
