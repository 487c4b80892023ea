// tests/unit/sip/network.hpp: user agents joined by a network that loses, repeats, delays and
// reorders, in virtual time and from a seed.
#pragma once
#include "unit/sip/agent.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace holdfast::sip::test {

struct Weather {
    double loss = 0, repeat = 0;
    int delay_ms = 1, jitter_ms = 0;
};

class Network {
public:
    explicit Network(std::uint64_t seed) : random{Random::from(seed)} {}

    Random random;
    Weather weather;
    Instant now{10s};
    std::size_t carried = 0;
    std::vector<std::pair<Hop, std::string>> history;  ///< What was carried, with its sender.

    void join(const Endpoint& at, Agent& agent) { agents_[at] = &agent; }

    /// Puts on the wire what the agents have sent.
    void collect() {
        for (auto& [at, agent] : agents_)
            for (auto& transmit : agent->taken())
                carry(udp_hop(at), transmit.hop.remote, transmit.bytes);
    }
    void carry(const Hop& from, const Endpoint& to, const std::string& bytes) {
        history.emplace_back(from, bytes);
        if (chance(weather.loss)) return;
        for (int copies = chance(weather.repeat) ? 2 : 1; copies > 0; --copies) {
            const auto jitter = weather.jitter_ms > 0
                                    ? random.below(static_cast<std::uint32_t>(weather.jitter_ms))
                                    : 0u;
            const Instant at = now + Micros{1000} * weather.delay_ms + Micros{1000} * jitter;
            wire_.emplace(std::pair{at, ++carried}, Packet{from, to, bytes});
        }
    }
    void run_until(Instant then) {
        for (collect();;) {
            const auto next = next_instant();
            if (!next || *next > then) break;
            now = std::max(now, *next);
            step();
            collect();
        }
        now = std::max(now, then);
        for (auto& [at, agent] : agents_)
            agent->now = now;
    }
    void advance(Micros span) { run_until(now + span); }
    /// Until no packet is on the wire and no deadline is left.
    void run_out() {
        collect();
        while (const auto next = next_instant())
            run_until(*next);
        for (auto& [at, agent] : agents_)
            agent->take("\r\n\r\n");
    }
    bool chance(double p) { return p > 0 && random.unit() < p; }

private:
    struct Packet {
        Hop from;
        Endpoint to;
        std::string bytes;
    };

    std::optional<Instant> next_instant() const {
        std::optional<Instant> next;
        if (!wire_.empty()) next = wire_.begin()->first.first;
        for (const auto& [at, agent] : agents_)
            if (const auto due = agent->next_deadline(); due && (!next || *due < *next)) next = due;
        return next;
    }
    void step() {
        for (auto& [at, agent] : agents_)
            agent->run_until(now);
        while (!wire_.empty() && wire_.begin()->first.first <= now) {
            const Packet packet = wire_.begin()->second;
            wire_.erase(wire_.begin());
            const auto agent = agents_.find(packet.to);
            if (agent != agents_.end()) agent->second->take(packet.bytes, packet.from);
        }
    }

    std::map<Endpoint, Agent*> agents_;
    std::map<std::pair<Instant, std::size_t>, Packet> wire_;
};

}  // namespace holdfast::sip::test
