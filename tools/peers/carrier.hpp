// tools/peers/carrier.hpp: the other end of a trunk: callers who call in, and people who are
// called.
#pragma once
#include "peers/peer.hpp"

#include <map>

namespace holdfast::peers {

/// What one caller does.
struct Patience {
    Micros hangs_up_after = 60s;  ///< Counted from the call, answered or not; 0: never.
    Micros holds_after = 0s;      ///< Counted from the answer; 0: does not hold.
    Micros holds_for = 5s;
};

class Carrier : public Peer {
public:
    Carrier(const Endpoint& at, std::uint64_t seed, const Endpoint& exchange);

    /// A caller with `number` calls `dialled`.
    SessionId call_in(std::string_view number,
                      std::string_view dialled,
                      Patience patience,
                      Instant now);
    void hang_up_all(Instant now);
    /// The call that began n-th, of those that go on.
    void hang_up(std::size_t n, Instant now);
    void hold_call(std::size_t n, bool on, Instant now);

    /// How called people behave: 0 answers after `answers_after`, else refuses with the status.
    std::function<int(Random&)> decide_callee = [](Random&) { return 0; };
    Micros answers_after = 2s;

    struct Counts {
        std::uint64_t called = 0, answered = 0, refused = 0, ended = 0;
        std::map<int, std::uint64_t> by_status;
    };
    const Counts& figures() const { return figures_; }
    /// Told of what a caller hears of the call that call_in() numbered so.
    enum class Heard : std::uint8_t { progress, answered, refused, ended };
    std::function<void(SessionId, Heard)> tell = [](SessionId, Heard) {};
    std::size_t calls() const { return calls_.size(); }

private:
    struct Call {
        bool ended = false;
        Patience patience;
    };
    using Peer::on;
    void on(const sip::InviteArrived& event) override;
    void on(const sip::SessionRang& event) override;
    void on(const sip::SessionAnswered& event) override;
    void on(const sip::SessionRefused& event) override;
    void on(const sip::SessionEnded& event) override;
    SessionId nth(std::size_t n) const;
    void hang_up(SessionId id);
    void hold(SessionId id, bool on);

    Endpoint exchange_;
    std::map<SessionId, Call> calls_;
    Counts figures_;
};

}  // namespace holdfast::peers
