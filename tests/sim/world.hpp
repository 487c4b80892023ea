// tests/sim/world.hpp: the real engine in virtual time, with phones, a carrier, a network that
// loses, delays, doubles and reorders, a media process, a store, and crashes. The same seed gives
// the same run, event for event.
#pragma once
#include "engine/engine.hpp"
#include "peers/carrier.hpp"
#include "peers/phone.hpp"
#include "sim/checks.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace holdfast::sim {

struct Weather {
    double loss = 0, twice = 0;  ///< Chance of each datagram.
    Micros least_delay = 1ms, most_delay = 5ms;
    Micros most_lag = 0ms;  ///< How long a datagram may wait in our socket: the engine is busy.
};

inline const Endpoint exchange_at{IpAddress::v4(10, 0, 0, 1), 5060};
inline const Endpoint carrier_at{IpAddress::v4(10, 0, 0, 100), 5060};
inline Endpoint phone_at(std::size_t index) {
    return {IpAddress::v4(10, 0, 0, static_cast<std::uint8_t>(11 + index)), 5060};
}

/// Two queues, `phones` agents bound to their phones, one static trunk.
engine::Settings centre(std::size_t phones);
/// With a recording for everything that can be said.
engine::Settings with_speech(engine::Settings settings);

class World {
public:
    World(std::uint64_t seed, engine::Settings settings, Weather weather = {});
    ~World();

    // ---- What happens ---------------------------------------------------------------------------
    void run(Micros span);
    void later(Micros span, std::function<void()> what) {
        queue_.emplace(now + span, std::move(what));
    }
    /// The process dies; what is in the network and the sockets' place is lost until it is back.
    void crash(Micros dead_for);
    /// The same in the middle of the next step that sends something: the journal has the step, and
    /// some of what it sends is never sent.
    void crash_while_sending(Micros dead_for) { dies_sending_ = dead_for; }
    void media_crash();
    /// Who sends from there speaks, or falls silent: told where somebody hears it.
    void speak(const Endpoint& from, bool speaks);
    /// Who sends from there presses a key, by RFC 4733.
    void press(const Endpoint& from, char digit);
    /// What is told of the microphone there.
    void mute(const Endpoint& from, media::Mute mute, Instant since);
    /// Everybody speaks and falls silent at random.
    void babble() { babbles_ = true; }
    /// The machine sleeps: nothing of ours runs, what is sent to it is lost, and CLOCK_BOOTTIME
    /// goes on. The others go on too.
    void suspend(Micros span);
    /// The media process reports that nothing comes from that agent's phone.
    void silence_of_agent(std::size_t phone);
    void log_in(std::size_t phone);
    void command(console::Request request);
    /// Somebody sets the clock.
    void anchor(const WallAnchor& anchor) {
        checks_.days_may_change();
        give(engine::ClockAnchored{anchor});
    }
    /// Everybody hangs up and goes home; then nothing may be left.
    void close();

    // ---- Who is there ---------------------------------------------------------------------------
    std::vector<std::unique_ptr<peers::Phone>> phones;
    std::unique_ptr<peers::Carrier> carrier;
    bool phone_dead(std::size_t i) const { return dead_[i]; }
    void kill_phone(std::size_t i);
    void revive_phone(std::size_t i) { dead_[i] = false; }

    Instant now{3600s};
    Weather weather;
    Micros files_load_in = 5ms;             ///< The media process reads and encodes recordings.
    std::vector<engine::Suspect> suspects;  ///< Told to the next life.
    bool narrate = false;  ///< Every message and every change of an agent goes to the log.
    Random random;

    // ---- What one looks at
    // -----------------------------------------------------------------------
    bool alive() const { return engine_ != nullptr; }
    const engine::Engine& engine() const { return *engine_; }
    const acd::Floor& floor() const { return engine_->floor(); }
    std::string agent_state(std::size_t i) const;
    /// What it said that it worked at, ever.
    const std::set<std::uint64_t>& named() const { return named_; }
    /// What the media process plays to somebody now.
    std::set<SourceId> playing() const;
    /// How many hear a conference.
    std::size_t conferring() const;
    /// What the media process was told to say to that party.
    std::vector<SourceId> said_to(const Endpoint& party) const;
    /// The digits that the media process was told to send.
    std::string digits() const;
    const Checks& checks() const { return checks_; }
    const Journal& journal() const { return journal_; }
    std::uint64_t steps() const { return steps_; }
    /// Everything that happened, in one number.
    std::string hash() const;
    const std::vector<std::string>& log() const { return log_; }

private:
    struct Media;
    void start();
    void give(const engine::Input& input) { give(input, now); }
    void give(const engine::Input& input, Instant received_at);
    bool asleep() const { return now < asleep_until_; }
    void perform(std::vector<engine::Effect> effects);
    void keep(engine::Effect& effect);
    bool dies_now(std::size_t effects);
    void read_socket();
    void look_at_phones();
    void do_effect(engine::Effect&& effect);
    void send(const Endpoint& from, const Endpoint& to, std::string bytes);
    void arrive(const Endpoint& from, const Endpoint& to, const std::string& bytes);
    void collect(peers::Peer& peer);
    std::optional<Instant> next_event() const;
    void listen_to_dead(std::size_t i);
    void note(std::string line);
    void note_message(const Endpoint& from, const Endpoint& to, const std::string& bytes);
    void note_states();

    engine::Settings settings_;
    std::uint64_t seed_;
    std::uint64_t life_ = 0;
    std::set<std::uint64_t> named_;
    Instant died_at_{};
    std::unique_ptr<engine::Engine> engine_;
    std::unique_ptr<Media> media_;
    std::multimap<Instant, std::function<void()>> queue_;
    Journal journal_;
    struct Waiting {
        Endpoint from;
        std::string bytes;
        Instant received_at;
    };
    std::vector<Waiting> socket_;  // while the engine is busy with something else
    std::optional<Micros> dies_sending_;
    bool babbles_ = false;
    Random babble_;
    Instant asleep_until_{};
    std::vector<bool> dead_;
    Checks checks_;
    std::vector<std::string> log_;
    std::uint64_t steps_ = 0, trace_ = 0xcbf29ce484222325;
    std::uint64_t stored_ = 0;
    std::map<std::string, std::string> noted_;  // the last state told of each
};

}  // namespace holdfast::sim
