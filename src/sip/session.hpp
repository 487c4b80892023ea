// sip/session.hpp: all that is known of one INVITE session.
#pragma once
#include "base/machine.hpp"
#include "sip/dialog.hpp"
#include "sip/events.hpp"
#include "sip/orders.hpp"
#include "sip/provisional_machines.hpp"
#include "sip/session_machines.hpp"
#include "sip/session_record.hpp"
#include "sip/transaction.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <vector>

namespace holdfast::sip {

using MethodSet = Set<Method>;

struct Session {
    static constexpr std::size_t most_forks = ClientTransaction::most_acks;

    SessionId id;
    life::State life{};
    exchange::State exchange{};
    assured::State assured{};
    std::array<Timer, enum_count<life::Timer>> life_timers{};
    std::array<Timer, enum_count<exchange::Timer>> exchange_timers{};
    std::array<Timer, enum_count<assured::Timer>> assured_timers{};
    Timer refresh_timer;

    Dialog dialog;
    Hop hop;               ///< Where requests go.
    std::string tls_name;  ///< For a new connection there.
    bool fixed_hop = false;
    bool unbound = false;  ///< Its connection is gone: requests wait for `rebind`.
    bool bye_owed = false;
    IpAddress peer;

    // The INVITE under way, first or later.
    ClientId client;
    TransactionId server;
    std::uint32_t invite_cseq = 0;
    bool first_unacked = false;
    Micros ok_interval{};
    AssuredRecord provisional;  ///< Without its state, which is `assured`.
    Micros assured_interval{};
    std::vector<HeardFork> forks;  ///< Of our INVITE.

    // What our first INVITE may still be tried with.
    std::vector<Hop> targets;
    std::vector<std::string> tls_names;
    std::size_t target = 0;
    Credentials credentials;

    TransactionId update;     ///< The peer's UPDATE with an offer, until it is answered.
    std::string update_fork;  ///< The peer's tag, where it came in a dialog that is early yet.
    std::string local_sdp, remote_sdp;
    std::string open_offer, wanted_offer;  ///< Ours: sent, and waiting for its turn.
    std::string peer_offer;                ///< Of a re-INVITE or UPDATE, until it is answered.
    std::vector<ExtraHeader> wanted_extra;
    std::string early_tag, early_sdp;  ///< Of the last provisional response with SDP.
    bool refresh_wanted = false;       ///< By re-INVITE.
    bool answer_owed = false;

    MethodSet peer_allows;
    bool peer_has_timer = false;
    RefreshTerms refresh;

    // How it ends.
    EndCause cause = EndCause::ended_by_us;
    const Message* last = nullptr;  ///< BYE or CANCEL, in the step that it came.
    int refusal = 0;                ///< Status to tell.
    std::string refusal_reason, refusal_contact;
    std::uint16_t q850 = 0;
    bool timed_out = false;
    bool announced = false;
    std::string reason;
    bool changed = false;  ///< Since its record was last asked for.

    bool is_over() const { return life == life::over; }
    bool is_early_caller() const {
        return life == life::calling || life == life::proceeding || life == life::abandoned ||
               life == life::cancelling;
    }
    HeardFork* fork(std::string_view tag);
    bool is_early_callee() const { return life == life::arrived || life == life::ringing; }

    /// A new session with the buffers of the former one.
    void reset();
};

/// Which timer of a session a deadline is, in the one byte of its key.
struct SessionTimer {
    enum Kind : std::uint8_t { life, exchange, refresh, assured } kind;
    std::uint8_t timer;  ///< Of the machine's enum.

    constexpr std::uint8_t byte() const { return static_cast<std::uint8_t>(kind << 4 | timer); }
    static constexpr SessionTimer from(std::uint8_t byte) {
        return {static_cast<Kind>(byte >> 4), static_cast<std::uint8_t>(byte & 0xf)};
    }
};

}  // namespace holdfast::sip
