// sip/transaction.hpp: what the transaction layer keeps of one request, ours or a peer's.
#pragma once
#include "base/deadlines.hpp"
#include "sip/events.hpp"
#include "sip/hop.hpp"
#include "sip/method.hpp"
#include "sip/transaction_machines.hpp"

#include <array>
#include <string>
#include <vector>

namespace holdfast::sip {

using ClientId = Id<struct ClientTag>;  ///< A request of ours.

/// What a request of ours was sent for: it says who gets the response.
enum class Purpose : std::uint8_t {
    none,     ///< Nobody waits: BYE to a fork that lost.
    invite,   ///< The INVITE that makes a session.
    offer,    ///< re-INVITE
    refresh,  ///< UPDATE that only keeps the session alive (RFC 4028)
    cancel,
    bye,
    prack,   ///< RFC 3262
    request  ///< Any other, in a dialog or outside.
};

struct Owner {
    Purpose purpose = Purpose::none;
    std::uint32_t id = 0;      ///< Of the session or the request.
    std::uint8_t attempt = 0;  ///< How often it was sent again, with credentials or elsewhere.
};

/// An ACK for one 2xx, sent again with every repetition of that 2xx (RFC 3261 13.2.2.4).
struct KeptAck {
    std::string to_tag;
    Transmit transmit;
};

struct ClientTransaction {
    static constexpr std::size_t most_acks = 8;  ///< Forks that answer one INVITE.

    Method method = Method::unknown;
    invite_client::State invite_state{};
    other_client::State state{};
    Owner owner;
    Transmit request;
    std::string branch;
    Micros interval{};  ///< Of timer A or E.
    std::array<Timer, 4> timers{};
    std::vector<KeptAck> acks;

    bool is_invite() const { return method == Method::invite; }
    bool terminated() const {
        return is_invite() ? invite_state == invite_client::terminated
                           : state == other_client::terminated;
    }
    void reset() {
        invite_state = {};
        state = {};
        owner = {};
        timers = {};
        acks.clear();
    }
};

struct ServerTransaction {
    Method method = Method::unknown;
    invite_server::State invite_state{};
    other_server::State state{};
    Hop source;             ///< Whence the request came.
    Hop reply;              ///< Where responses go.
    std::string key;        ///< RFC 3261 17.2.3
    std::string merged;     ///< 8.2.2.2; empty in a dialog.
    std::string head;       ///< See append_response_head.
    std::string timestamp;  ///< For 100 (RFC 3261 8.2.6.1); empty where it has none.
    std::string local_tag;
    bool in_dialog = false;  ///< The request's To had a tag.
    bool rfc2543 = false;    ///< Its branch has no magic cookie.
    int status = 0;          ///< Of the last response sent; 0: none yet.
    std::string response;    ///< The last response.
    SessionId session;       ///< Whose INVITE it is.
    Micros interval{};       ///< Of timer G.
    std::array<Timer, 4> timers{};

    bool is_invite() const { return method == Method::invite; }
    bool terminated() const {
        return is_invite() ? invite_state == invite_server::terminated
                           : state == other_server::terminated;
    }
    void reset() {
        invite_state = {};
        state = {};
        key.clear(), merged.clear(), head.clear(), timestamp.clear(), local_tag.clear(),
            response.clear();
        in_dialog = rfc2543 = false;
        status = 0;
        session = {};
        timers = {};
    }
};

/// Which timer of which machine a deadline is, in the one byte that its key has for it.
struct TransactionTimer {
    enum Kind : std::uint8_t { invite_client, other_client, invite_server, other_server } kind;
    std::uint8_t timer;  ///< Of the machine's enum.

    constexpr std::uint8_t byte() const { return static_cast<std::uint8_t>(kind << 4 | timer); }
    static constexpr TransactionTimer from(std::uint8_t byte) {
        return {static_cast<Kind>(byte >> 4 & 3), static_cast<std::uint8_t>(byte & 0xf)};
    }
};

/// Whether lost messages are the transport's business and not ours.
constexpr bool reliable(const Hop& hop) {
    return hop.transport != Transport::udp;
}

}  // namespace holdfast::sip
