// What a world tells of a day: messages and states, for whoever reads the log of one seed.
#include "sim/world.hpp"

#include <utility>

namespace holdfast::sim {

void World::note(std::string line) {
    const double s = static_cast<double>(now.time_since_epoch().count()) / 1e6 - 3600;
    log_.push_back(fmt::format("{:9.3f} {}", s, line));
}

void World::note_message(const Endpoint& from, const Endpoint& to, const std::string& bytes) {
    const auto name = [](const Endpoint& e) {
        return e == exchange_at  ? std::string{"us"}
               : e == carrier_at ? std::string{"carrier"}
                                 : fmt::format("desk{}", e.address.bytes[3] - 10);
    };
    sip::Message m;
    const bool read = m.read(bytes).has_value();
    note(fmt::format("{} -> {}: {} {} {}",
                     name(from),
                     name(to),
                     bytes.substr(0, bytes.find("\r\n")),
                     read ? m.cseq().method_text : "",
                     read ? m.call_id().substr(0, 6) : ""));
}

void World::note_states() {
    const auto tell = [&](const std::string& who, const std::string& state) {
        if (std::exchange(noted_[who], state) != state) note(fmt::format("   {}: {}", who, state));
    };
    for (std::size_t i = 0; i < phones.size(); ++i)
        tell(fmt::format("agent {}", i + 1),
             fmt::format("{} call {}",
                         agent_state(i),
                         floor().agent(AgentId{static_cast<std::uint32_t>(i + 1)}).call.value));
    for (const CallId id : floor().calls())
        tell(fmt::format("call {}", id.value),
             fmt::format(
                 "{} agent {}", text(floor().call(id)->lane.state), floor().call(id)->agent.value));
}

}  // namespace holdfast::sim
