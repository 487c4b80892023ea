// media/source_lock.hpp: from where a party's packets may come. RTP carries no proof of its sender,
// so the source is learned once after each offer or answer, and then holds.
#pragma once
#include "base/address.hpp"
#include "base/machine.hpp"
#include "base/proof.hpp"
#include "media/rtp.hpp"

#include <cstdint>

namespace holdfast::media {

/// A source is proven by this many packets in sequence with one SSRC and one payload type: a stray
/// packet of an older call on the same port is not.
inline constexpr int packets_to_lock = 4;

namespace source_lock {

// clang-format off
enum class State  { unconfigured, learning, locked };
enum class Event  { configured,      // offer and answer said anew where the party is
                    named_packet,    // from where SDP said, or where it came from until now
                    nat_packet,      // from the host that signals, where NAT makes it differ
                    locked_packet,   // from the locked source
                    foreign_packet };
enum class Guard  { always, proven };
enum class Action { forget, lock, pass, drop };
enum class Timer  {};

using enum State; using enum Event; using enum Guard; using enum Action;

struct Machine : Alphabet<State, Event, Guard, Action, Timer> {
    static const Row rows[];
    static const Ignored ignored[];
};

inline constexpr Machine::Row Machine::rows[] = {
    // from          on              when    to            do
    { unconfigured,  configured,     always, learning,     {forget} },
    { unconfigured,  foreign_packet, always, unconfigured, {drop} },

    { learning,      configured,     always, learning,     {forget} },
    { learning,      named_packet,   proven, locked,       {lock, pass} },
    { learning,      named_packet,   always, learning,     {pass} },
    { learning,      nat_packet,     proven, locked,       {lock, pass} },
    { learning,      nat_packet,     always, learning },
    { learning,      foreign_packet, always, learning,     {drop} },

    { locked,        configured,     always, learning,     {forget} },
    { locked,        locked_packet,  always, locked,       {pass} },
    { locked,        foreign_packet, always, locked,       {drop} },
};

inline constexpr Machine::Ignored Machine::ignored[] = {
    { {unconfigured}, {named_packet, nat_packet, locked_packet}, "no address was agreed on" },
    { {learning},     {locked_packet},                           "nothing is locked" },
    { {locked},       {named_packet, nat_packet},                "all but the locked is foreign" },
};
// clang-format on

static_assert(complete<Machine>() && reachable<Machine>());

}  // namespace source_lock

/// The lock of one endpoint.
class SourceLock {
public:
    /// What to do with a packet.
    enum class Verdict : std::uint8_t {
        pass,
        wait,    ///< Perhaps the party, not proven yet: drop, but do not count as foreign.
        foreign  ///< Drop and count.
    };
    struct Answer {
        Verdict verdict = Verdict::wait;
        bool just_locked = false;
    };

    /// `signalling_source`: none where NAT is ruled out.
    void configure(const Endpoint& remote, const IpAddress& signalling_source);
    Answer take(const Endpoint& from, const RtpHeader& header);

    bool locked() const { return state_ == source_lock::locked; }
    /// The locked source; while learning, the one before, where nothing speaks against it; port
    /// zero where there is none.
    const Endpoint& source() const { return locked() ? source_ : earlier_source_; }

    // What the machine asks of its room.
    bool holds(source_lock::Guard guard) const;
    void start(source_lock::Timer) {}
    void stop(source_lock::Timer) {}
    void perform(source_lock::Action action);

private:
    /// How far one possible source has proven itself.
    struct Trial {
        Endpoint from;
        RtpHeader last;
        int in_sequence = 0;
        void take(const Endpoint& from, const RtpHeader& header);
    };

    source_lock::Event kind_of(const Endpoint& from) const;

    source_lock::State state_{};
    Endpoint remote_;
    IpAddress signalling_source_;
    Endpoint source_;
    Endpoint earlier_source_;  // locked under the same terms before; heard until another is proven

    Trial named_;
    Trial nat_;
    const Trial* trial_ = nullptr;  // of the packet in hand
    Answer answer_;
};

}  // namespace holdfast::media
