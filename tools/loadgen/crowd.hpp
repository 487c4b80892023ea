// loadgen/crowd.hpp: the people: agents at their phones, callers on the trunk, and what they meet.
#pragma once
#include "loadgen/figures.hpp"
#include "loadgen/options.hpp"
#include "loadgen/wires.hpp"
#include "peers/carrier.hpp"
#include "peers/phone.hpp"
#include "settings/settings.hpp"

#include <atomic>
#include <expected>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace holdfast::loadgen {

/// What signals have asked for, up to now.
struct Asked {
    std::atomic<bool> stop = false;
    /// Agents who are in a call hold it; the next time they resume.
    std::atomic<int> holds = 0;
    std::atomic<int> hang_ups = 0;  ///< Agents who are in a call hang up.
};

struct Met {
    Spans to_progress, to_answer;  ///< Of callers, from their INVITE.
    Spans to_offer;                ///< From an agent's hang-up to the next INVITE at the phone.
    Spans lateness;                ///< Of our own INVITEs, against their times.
    std::uint64_t offers = 0, talks = 0;
};

class Crowd {
public:
    /// A sentence where the settings do not allow it: no UDP listener, no trunk with an address.
    static std::expected<std::unique_ptr<Crowd>, std::string> gather(
        const Options& options, const settings::Settings& settings);

    /// Phones register, and their agents log in. False where not all could, within 10 s.
    bool log_in();
    /// Until the options' time is over or a stop is asked for; then everybody hangs up.
    void call(const Asked& asked);

    const Met& met() const { return met_; }
    const peers::Carrier::Counts& callers() const { return carrier_->figures(); }
    const SoundFigures& sound() const { return wires_.sound(); }
    std::size_t phones() const { return phones_.size(); }

private:
    explicit Crowd(const Options& options) : options_{options}, wires_{options.sound} {}
    std::string invite(const settings::Settings& settings);
    std::string make_carrier(const settings::Settings& settings, const Endpoint& exchange);
    std::string make_phones(const settings::Settings& settings, const Endpoint& exchange);
    peers::Manner draw_manner(Random& random) const;
    Micros draw(const Range& range, Random& random) const;
    void place_call(Instant due);
    void obey(const Asked& asked);
    void phone_news(std::size_t phone, std::string_view what);
    void caller_news(SessionId call, peers::Carrier::Heard what);

    struct Agent {
        std::unique_ptr<peers::Phone> phone;
        bool logged_in = false;
        Instant free_since = never;
    };

    Options options_;
    Wires wires_;
    std::unique_ptr<peers::Carrier> carrier_;
    std::vector<Agent> phones_;
    std::vector<std::string> numbers_;  // of the queues
    std::unordered_map<SessionId, Instant> called_at_;
    std::uint64_t calls_ = 0;
    int holds_done_ = 0, hang_ups_done_ = 0;  // of those asked for
    Random random_ = Random::from(1);
    Met met_;
};

}  // namespace holdfast::loadgen
