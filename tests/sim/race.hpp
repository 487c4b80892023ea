// tests/sim/race.hpp: one caller, two agents, and a network that delivers when it is told to.
// Nothing happens by itself: whoever explores chooses what is next, so that every crossing of
// messages can be made. What a party sends reaches the engine at once; what the engine sends waits
// until it is delivered, so a party may always act on what was true before.
#pragma once
#include "engine/engine.hpp"
#include "peers/peer.hpp"
#include "sim/checks.hpp"

#include <array>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::sim {

/// A phone or a caller, moved by hand.
class Party : public peers::Peer {
public:
    using Peer::Peer;

    void speaks_only(AudioCodec codec);
    void call(const Endpoint& exchange, Instant now);
    bool can_ring() const { return now_ring() != nullptr; }
    bool can_answer() const { return rung() != nullptr; }
    bool can_hold() const { return connected() != nullptr && holds_ < 2; }
    bool can_bye() const { return connected() != nullptr; }
    bool can_end() const { return last() != nullptr; }
    bool has_calls() const { return !calls_.empty(); }
    void ring(Instant now);
    void answer(Instant now);
    void reject(Instant now);
    void hold(Instant now);  ///< Or resume.
    /// BYE, CANCEL, or a refusal of what rings.
    void hang_up(Instant now);
    /// Calls that are answered here and go on.
    std::size_t talks() const;
    /// All of it that matters for what can happen next.
    std::string state() const;

private:
    struct Call {
        bool ours = false, rang = false, answered = false, held = false, ended = false;
        std::string offer;
    };
    using Entry = std::pair<const SessionId, Call>;
    using Peer::on;
    void on(const sip::InviteArrived& event) override;
    void on(const sip::SessionAnswered& event) override;
    void on(const sip::SessionRefused& event) override { calls_.erase(event.session); }
    void on(const sip::SessionEnded& event) override { calls_.erase(event.session); }
    Entry* last();
    const Entry* last() const { return const_cast<Party*>(this)->last(); }
    const Entry* rung() const;
    const Entry* now_ring() const;
    const Entry* connected() const;

    std::map<SessionId, Call> calls_;
    int holds_ = 0;  ///< Holds and resumes.
};

class Race {
public:
    /// What may happen next. The first three deliver all that waits for the party. The engine dies
    /// once; each party holds and resumes once.
    enum class Choice : std::uint8_t {
        reaches_caller,
        reaches_first,
        reaches_second,
        first_rings,
        second_rings,
        first_answers,
        second_answers,
        first_rejects,
        second_rejects,
        first_hangs_up,
        second_hangs_up,
        first_holds,
        second_holds,
        caller_hangs_up,
        caller_holds,
        ring_time_ends,
        crash,         ///< And back at once; what was sent is under way.
        crash_unsent,  ///< The journal has the last step, and the network nothing.
    };

    /// How a centre stands before the race.
    struct Start {
        engine::Settings settings;
        Journal journal;
        Instant now{};
        Checks checks;  ///< Which know the rows so far.
    };
    static Start start(acd::Strategy strategy, acd::AnswerWhen answer);

    explicit Race(const Start& start, bool looking = true);
    std::vector<Choice> open() const;
    void happen(Choice choice);
    /// The first steps of a known order need not be looked at again.
    void look(bool on) { looking_ = on; }
    /// Two states with the same hash go on alike.
    std::uint64_t state() const;
    /// Everything is delivered, then everybody hangs up: nothing may be left. The race is over.
    void finish();

private:
    static constexpr std::size_t caller = 0;
    void begin_life();
    void die(bool unsent);
    void deliver(std::size_t party);
    void deliver_all();
    void ring_time_ends();
    void give(const engine::Input& input);
    void settle();
    void carry_out(engine::Effect& effect);
    void carry_out(const media::Order& order);
    void collect(std::size_t party);
    void pass(Micros span, bool delivering);
    bool run_once(Instant until);
    void pass_to(Instant event);
    void agree() const;
    std::optional<Instant> ring_limit() const;
    bool is_open(Choice choice) const;
    engine::Settings settings_;
    Journal journal_;
    Instant now_{};
    std::uint64_t life_ = 1;
    std::unique_ptr<engine::Engine> engine_;
    std::array<std::unique_ptr<Party>, 3> parties_;  // the caller, and the two phones
    std::array<std::deque<std::string>, 3> mail_;    // to each
    std::deque<engine::Input> due_;                  // what media and store have to say
    std::map<MediaId, std::uint16_t> media_;
    Checks checks_;
    bool looking_ = true, died_ = false;
};

}  // namespace holdfast::sim
