// Two user agents under random orders, a bad network, replayed and mangled messages, and restarts.
// Both must come to agree, and leave nothing behind.
#include "unit/sip/network.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace holdfast;
using namespace holdfast::sip;
using namespace holdfast::sip::test;

namespace {

/// An engine that does anything an engine may do.
class Engine {
public:
    Engine(Agent& agent, Random& random, const Endpoint& other, int session)
        : agent_{agent}, random_{random}, other_{other}, sdp_session_{session} {
        agent_.on_event = [this](Agent&, const Seen& event) { hear(event); };
    }

    std::set<SessionId> live, unanswered, connected;

    void act() {
        switch (random_.below(10)) {
            case 0:
            case 1:
                if (live.size() < 20) call();
                break;
            case 2:
                if (const auto id = any(unanswered)) progress(id);
                break;
            case 3:
            case 4:
                if (const auto id = any(unanswered)) answer(id);
                break;
            case 5:
                if (const auto id = any(unanswered)) refuse(id);
                break;
            case 6:
                if (const auto id = any(live); id && random_.below(2) == 0) end(id);
                break;
            case 7:
            case 8:
                if (const auto id = any(connected)) agent_.ua().offer(id, next_sdp(), agent_.now);
                break;
            case 9:
                if (const auto id = any(connected))
                    agent_.ua().request_in_dialog(id, Method::info, {}, {}, {}, agent_.now);
        }
        agent_.finish();
    }
    void end_all() {
        for (const SessionId id : std::set{live})
            end(id);
        agent_.finish();
    }
    void kill() {
        agent_.restart({live.begin(), live.end()});
        restarted = true;
    }
    bool restarted = false;

private:
    SessionId any(const std::set<SessionId>& of) {
        if (of.empty()) return {};
        return *std::next(of.begin(), random_.below(static_cast<std::uint32_t>(of.size())));
    }
    std::string next_sdp() {
        constexpr std::array<std::string_view, 4> directions{
            "sendrecv", "sendonly", "recvonly", "inactive"};
        return sdp(++version_, directions[random_.below(4)], sdp_session_);
    }
    void call() {
        auto order = order_to(other_);
        order.offer = next_sdp();
        live.insert(agent_.ua().invite(order, agent_.now));
    }
    void progress(SessionId id) {
        const bool early = random_.below(2) == 0;
        agent_.ua().progress(id, early ? 183 : 180, early ? next_sdp() : std::string{}, agent_.now);
    }
    void answer(SessionId id) {
        agent_.ua().answer(id, next_sdp(), {}, agent_.now);
        unanswered.erase(id);
        connected.insert(id);
    }
    void refuse(SessionId id) {
        agent_.ua().refuse(id, 486, {}, agent_.now);
        forget(id);
    }
    void end(SessionId id) { agent_.ua().end(id, "Q.850;cause=16", agent_.now); }
    void forget(SessionId id) {
        live.erase(id);
        unanswered.erase(id);
        connected.erase(id);
    }
    void hear(const Seen& event) {
        // Nothing is ever told of a session that was not begun or is over.
        if (event.session && event.name != "InviteArrived") REQUIRE(live.contains(event.session));
        if (event.name == "InviteArrived") {
            live.insert(event.session);
            unanswered.insert(event.session);
        } else if (event.name == "SessionAnswered") {
            connected.insert(event.session);
        } else if (event.name == "SessionRefused" || event.name == "SessionEnded") {
            forget(event.session);
        } else if (event.name == "OfferArrived") {
            if (random_.below(4) == 0)
                agent_.ua().refuse_offer(event.session, 488, agent_.now);
            else
                agent_.ua().accept_offer(event.session, next_sdp(), agent_.now);
        } else if (event.name == "RequestArrived") {
            agent_.ua().respond(event.transaction, 200, {}, {}, {}, agent_.now);
        }
    }

    Agent& agent_;
    Random& random_;
    Endpoint other_;
    int sdp_session_;
    int version_ = 0;
};

/// Sends a message of before again, as it was or with some bytes changed.
void replay(Network& network, const Endpoint& to) {
    if (network.history.empty()) return;
    auto& random = network.random;
    auto [from, bytes] =
        network.history[random.below(static_cast<std::uint32_t>(network.history.size()))];
    for (auto changes = random.below(4); changes > 0; --changes)
        bytes[random.below(static_cast<std::uint32_t>(bytes.size()))] =
            static_cast<char>(random.below(256));
    if (random.below(3) == 0) from.remote = {IpAddress::v4(203, 0, 113, 9), 5060};
    network.carry(from, to, bytes);
}

/// What each side believes of each call: Call-ID, and the two descriptions from its side.
std::map<std::string, std::pair<std::string, std::string>> views(Agent& agent,
                                                                 const Engine& engine,
                                                                 bool from_other_side,
                                                                 bool with_sdp) {
    std::map<std::string, std::pair<std::string, std::string>> out;
    for (const SessionId id : engine.connected) {
        const auto record = agent.ua().record(id);
        if (!record) continue;
        std::pair pair{record->local_sdp, record->remote_sdp};
        if (!with_sdp) pair = {};
        if (from_other_side) std::swap(pair.first, pair.second);
        out[record->dialog.call_id] = pair;
    }
    return out;
}

struct Plan {
    Weather weather;
    bool replays = false, restarts = false;
};

void swarm(std::uint64_t seed, const Plan& plan) {
    CAPTURE(seed, plan.weather.loss, plan.replays, plan.restarts);
    Network network{seed};
    // Half of them want every provisional response to arrive (RFC 3262).
    const auto settings = [&](const Endpoint& at, std::uint64_t bit) {
        auto s = settings_at(at);
        s.assures = (seed & bit) != 0;
        return s;
    };
    Agent a{settings(here, 1), seed * 2}, b{settings(there, 2), seed * 2 + 1};
    network.join(here, a);
    network.join(there, b);
    Engine left{a, network.random, there, 1}, right{b, network.random, here, 2};
    network.weather = plan.weather;
    for (int step = 0; step < 150; ++step) {
        (network.random.below(2) == 0 ? left : right).act();
        if (plan.replays && network.random.below(3) == 0)
            replay(network, network.random.below(2) == 0 ? here : there);
        if (plan.restarts && network.random.below(30) == 0)
            (network.random.below(2) == 0 ? left : right).kill();
        network.advance(Micros{1000} * network.random.below(400));
    }
    network.weather = {};
    network.advance(120s);
    // Mangled messages may have changed a description on its way; restarts raise versions.
    const bool same_sdp = !left.restarted && !right.restarted;
    if (!plan.replays) CHECK(views(a, left, false, same_sdp) == views(b, right, true, same_sdp));
    left.end_all();
    right.end_all();
    network.run_out();
    CHECK(left.live.empty());
    CHECK(right.live.empty());
    CHECK(a.is_idle());
    CHECK(b.is_idle());
}

}  // namespace

TEST_CASE("two user agents agree over a good network", "[sip][swarm]") {
    for (std::uint64_t seed = 1; seed <= 60; ++seed)
        swarm(seed, {});
}

TEST_CASE("two user agents agree over a bad network", "[sip][swarm]") {
    for (std::uint64_t seed = 1; seed <= 80; ++seed)
        swarm(seed, {{.loss = 0.2, .repeat = 0.2, .delay_ms = 5, .jitter_ms = 300}});
}

TEST_CASE("replayed and mangled messages leave nothing behind", "[sip][swarm]") {
    for (std::uint64_t seed = 1; seed <= 80; ++seed)
        swarm(seed, {{.loss = 0.1, .repeat = 0.1, .delay_ms = 5, .jitter_ms = 100}, true});
}

TEST_CASE("restarts in mid-call leave nothing behind", "[sip][swarm]") {
    for (std::uint64_t seed = 1; seed <= 80; ++seed)
        swarm(seed, {{.loss = 0.1, .repeat = 0.1, .delay_ms = 5, .jitter_ms = 100}, false, true});
}
