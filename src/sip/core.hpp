// sip/core.hpp: what all parts of the user agent share in one step: the input, its time, the
// transactions, the sessions, and what comes out.
#pragma once
#include "base/deadlines.hpp"
#include "base/random.hpp"
#include "sip/digest.hpp"
#include "sip/events.hpp"
#include "sip/hash_index.hpp"
#include "sip/keyed_hash.hpp"
#include "sip/message.hpp"
#include "sip/orders.hpp"
#include "sip/outbox.hpp"
#include "sip/session.hpp"
#include "sip/session_timer.hpp"
#include "sip/slots.hpp"
#include "sip/transactions.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace holdfast::sip {

/// A request of ours that is not about an INVITE session's offers or end, until its final response.
struct PendingRequest {
    Credentials credentials;
    SessionId session;  ///< In whose dialog, if any.
    void reset() { *this = {}; }
};

struct Core {
    Core(UserAgentSettings given, Deadlines& deadlines, Random& random);

    UserAgentSettings settings;
    TimerLimits timer_limits;
    std::string allow_text, supported_text;  ///< As printed.
    MethodSet allowed;
    Deadlines& deadlines;
    Random& random;
    Outbox outbox;
    Transactions transactions;
    NonceCounts nonce_counts;

    // The input.
    Instant now{}, received_at{};
    Message message;
    Hop from;

    // What comes out.
    std::deque<Event> events;
    std::vector<SessionId> changed;
    std::vector<TransactionId> untried;  ///< INVITEs that got no response in this step: 100.
    std::array<std::uint64_t, enum_count<Fault>> faults{};
    std::array<std::uint64_t, denials> denied{};

    // What lasts.
    static constexpr std::size_t most_requests = limits::transactions / 2;
    Slots<Session, SessionId, limits::sessions> sessions;
    HashIndex by_local_tag;
    HashKey tag_key;
    Slots<PendingRequest, RequestId, most_requests> requests;
    std::vector<SessionId> over;     ///< To be freed at the end of the step.
    std::vector<IpAddress> trusted;  ///< May speak in any dialog.

    /// Begins a step: frees what ended in the one before.
    void begin(Instant at, Instant received);

    /// An order of the engine, within a step or between two.
    void order(Instant at);
    /// 100 for the INVITEs of this step that got nothing else (RFC 3261 17.2.1).
    void send_trying();

    template <class What>
    void tell(What&& what) {
        events.push_back({received_at, std::forward<What>(what)});
    }
    void count(Fault fault);
    void count(Denial denial);

    // ---- Sessions. ------------------------------------------------------------------------------

    Session* session_of(std::string_view local_tag, std::string_view call_id);
    void index(SessionId id, const Session& session);
    void mark_changed(SessionId id, Session& session);

    // ---- What is printed alike everywhere. ------------------------------------------------------

    /// `SIP/2.0/UDP host:port;branch=...;rport` of a request that goes by `hop`.
    std::string via(const Hop& hop, std::string_view branch) const;
    /// `<sip:user@host:port;transport=tcp>` of the listener that `hop` uses.
    std::string contact(std::string_view user, const Hop& hop, bool secure) const;

    /// Refuses a request: in its own transaction, or statelessly where there is no room for one
    /// (RFC 3261 8.2.7). Counted and told.
    void refuse(Denial denial, std::initializer_list<ExtraHeader> extra = {});
    void refuse(Fault fault);
    void refuse_overload();  ///< 503 and Retry-After
    void respond_statelessly(int status,
                             std::string_view reason,
                             std::span<const ExtraHeader> extra = {});
    /// A response without a body, in a transaction.
    void respond(TransactionId id, int status, std::span<const ExtraHeader> extra = {});

    /// The engine's response. To OPTIONS it also tells our abilities.
    void respond_with_body(TransactionId id,
                           int status,
                           std::span<const ExtraHeader> extra,
                           std::string_view content_type,
                           std::string_view body);
    /// What an answer to OPTIONS tells (RFC 3261 11.2).
    void add_abilities(Writer& writer) const;

    /// Sends `request` again with the answer to the challenge in `message`; zero where there is
    /// none to give. `cseq` is the number to use.
    ClientId answer_challenge(const ClientTransaction& sent,
                              const Credentials& credentials,
                              std::uint32_t cseq);
    /// Sends a request of ours once more with another branch, and what is in `replaced`.
    ClientId send_again(const ClientTransaction& sent,
                        Owner owner,
                        const Hop& hop,
                        std::string_view tls_name,
                        std::uint32_t cseq,
                        std::span<const ExtraHeader> replaced);
};

}  // namespace holdfast::sip
