// sip/transactions.hpp: the transaction layer (RFC 3261 17): matches messages, repeats what may be
// lost, absorbs what was repeated, and tells its user the rest.
#pragma once
#include "base/deadlines.hpp"
#include "base/limits.hpp"
#include "base/random.hpp"
#include "sip/hash_index.hpp"
#include "sip/keyed_hash.hpp"
#include "sip/message.hpp"
#include "sip/outbox.hpp"
#include "sip/slots.hpp"
#include "sip/transaction.hpp"
#include "sip/writer.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace holdfast::sip {

/// RFC 3261 17.1.1.1: the spans all timers are made of.
struct TimerSpans {
    Micros t1 = 500ms, t2 = 4s, t4 = 5s;
    constexpr Micros patience() const { return 64 * t1; }  ///< Timers B, F, H, J, L, M.
};

/// What became of a request of ours.
struct ClientNews {
    enum class What : std::uint8_t { nothing, response, timed_out, unsent } what{};
    ClientId client;  ///< Zero where a response is a stray.
};

/// How a request of a peer relates to what is known.
struct RequestMatch {
    enum class What : std::uint8_t {
        fresh,     ///< No transaction yet: `open` one, or refuse it.
        absorbed,  ///< A repetition, or the ACK of a refusal.
        ack        ///< ACK for a 2xx; the transaction is zero unless it has the INVITE's branch.
    } what{};
    TransactionId transaction;
};

class Transactions {
public:
    Transactions(const TimerSpans& spans, Deadlines& deadlines, Random& random, Outbox& outbox);

    // ---- Time and the wire. The user drains `ended` news at once and calls `sweep` at the end. --

    void set_now(Instant now) { now_ = now; }
    ClientNews take_response(const Message& response);
    RequestMatch take_request(const Message& request);
    ClientNews deadline(const DeadlineKey& key);
    /// Client transactions that were to go by `hop` and have heard nothing (RFC 3261 8.1.3.1).
    std::vector<ClientNews> transport_failed(const Hop& hop);
    /// The same for all that were sent over a connection which is gone.
    std::vector<ClientNews> flow_closed(FlowId flow);
    /// Frees what has ended. References and ids of ended transactions are good until then.
    void sweep();

    // ---- Requests of ours. ----------------------------------------------------------------------

    /// A branch nobody can guess (8.1.1.7).
    std::string new_branch();
    /// Sends a request whose topmost Via bears `branch`. Zero at the limit: nothing was sent.
    ClientId send(Method method, std::string_view branch, Transmit request, Owner owner);
    /// Takes up an INVITE of ours after a restart: repeated if nothing was heard of it before.
    ClientId restore_invite(std::string_view branch, Transmit request, Owner owner, bool heard);
    ClientTransaction* find(ClientId id) { return clients_.find(id); }
    /// Sends the ACK for the 2xx with `to_tag`, now and with each repetition of that 2xx.
    void acknowledge(ClientId invite, std::string_view to_tag, Transmit ack);
    /// Forgets the request; what may still come for it is a stray.
    void abandon(ClientId id);

    // ---- Requests of peers. ---------------------------------------------------------------------

    /// Whether another transaction came from the same request by another way (8.2.2.2).
    bool merged(const Message& request);
    /// Zero at the limit. Some room is kept for requests of our own.
    TransactionId open(const Message& request, const Hop& from, std::string_view local_tag);
    /// Takes up an INVITE of a peer after a restart, in the state it was in.
    TransactionId restore(const ServerTransaction& kept);
    ServerTransaction* find(TransactionId id) { return servers_.find(id); }
    /// The INVITE that a CANCEL means (9.2).
    TransactionId cancelled_by(const Message& cancel);

    /// Begins a response: start line and what it repeats of the request; from 101 up the To tag.
    Writer begin(TransactionId id, int status, std::string_view reason = {});
    /// Sends what was begun, after `Writer::finish`.
    void commit(TransactionId id);
    /// Sends the last response to an INVITE again: a provisional one that must not go stale
    /// (13.3.1.1), or a 2xx that awaits its ACK (13.3.1.4).
    void resend(TransactionId id);
    /// The 2xx has its ACK: what would repeat it takes no memory for the 32 s of timer L.
    void acknowledged(TransactionId id);

    std::size_t clients() const { return clients_.size(); }
    std::size_t servers() const { return servers_.size(); }
    const TimerSpans& spans() const { return spans_; }

private:
    friend struct ClientRoom;
    friend struct ServerRoom;
    static constexpr std::size_t most = limits::transactions;
    // Requests outside dialogs leave room for those within; both for requests of ours.
    static constexpr std::size_t most_strangers = most / 2;
    static constexpr std::size_t most_servers = most - most / 4;

    ClientTransaction* add_client(Method, std::string_view branch, Transmit&&, Owner, ClientId&);
    ClientNews run(ClientId id, invite_client::Machine::Cause cause);
    ClientNews run(ClientId id, other_client::Machine::Cause cause);
    bool run(TransactionId id, invite_server::Machine::Cause cause);
    void run(TransactionId id, other_server::Machine::Cause cause);
    std::vector<ClientNews> fail(bool (*lost)(const Hop& used, const Hop& lost), const Hop& hop);
    bool has_room_for(const Message& request) const;
    TransactionId server_of(std::string_view key);
    void index(TransactionId id, const ServerTransaction& transaction);
    void send_refusal_ack(const ClientTransaction& invite);

    TimerSpans spans_;
    Deadlines& deadlines_;
    Random& random_;
    Outbox& outbox_;
    HashKey hash_key_;
    Instant now_;
    const Message* response_ = nullptr;  // being taken
    Slots<ClientTransaction, ClientId, most> clients_;
    Slots<ServerTransaction, TransactionId, most> servers_;
    HashIndex by_branch_, by_key_, by_merged_;
    std::vector<ClientId> ended_clients_;
    std::vector<TransactionId> ended_servers_;
    std::string key_, scratch_;  // used again for every message
    int begun_status_ = 0;
};

}  // namespace holdfast::sip
