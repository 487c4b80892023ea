// sip/session_room.hpp: performs what the machines of one session order, and turns messages and the
// engine's orders into their events. One object per step; the session itself is plain data.
#pragma once
#include "sip/core.hpp"

#include <span>
#include <string>
#include <string_view>

namespace holdfast::sip {

/// Whether a record can have been written by us.
bool is_sound(const SessionRecord& record);

class SessionRoom {
public:
    SessionRoom(Core& core, SessionId id, Session& session) : core_{core}, id_{id}, s_{session} {}

    // ---- Orders of the engine: see UserAgent. ---------------------------------------------------

    void invite(const InviteOrder& order);
    void progress(int status, std::string_view sdp, std::span<const ExtraHeader> extra);
    void answer(std::string_view sdp, std::span<const ExtraHeader> extra);
    void refuse(int status, std::span<const ExtraHeader> extra);
    void end(std::string_view reason);
    void offer(std::string_view sdp, std::span<const ExtraHeader> extra);
    void accept_offer(std::string_view sdp, std::span<const ExtraHeader> extra);
    void refuse_offer(int status);
    RequestId request(Method method,
                      std::span<const ExtraHeader> extra,
                      std::string_view content_type,
                      std::string_view body);
    void rebind(const Hop& hop, std::string_view tls_name);
    void flow_closed();

    // ---- What the peer sends; the message is core's. --------------------------------------------

    /// The one that begins the session. False where no room is left for its transaction.
    bool take_invite();
    void take_request();  ///< Any other with the dialog's tags, but ACK and CANCEL.
    void take_ack();
    void take_cancel();
    /// Whether the message comes from where this peer speaks. Knowing the tags is not enough.
    bool comes_from_peer() const;
    void take_response(ClientId client, Owner owner);
    /// No final response came: 408, or it could not be sent: 503.
    void take_failure(ClientId client, Owner owner, int status);
    void deadline(SessionTimer timer);

    // ---- Records. -------------------------------------------------------------------------------

    SessionRecord record() const;
    void restore(const SessionRecord& record);

    // ---- What step() asks of a room. ------------------------------------------------------------

    bool holds(life::Guard) const { return s_.first_unacked; }
    bool holds(exchange::Guard guard) const;
    bool holds(assured::Guard guard) const;
    bool holds(heard::Guard) const;
    void start(life::Timer timer);
    void start(exchange::Timer timer);
    void start(assured::Timer timer);
    void start(heard::Timer) {}
    void stop(life::Timer timer);
    void stop(exchange::Timer timer);
    void stop(assured::Timer timer);
    void stop(heard::Timer) {}
    void perform(life::Action action);
    void perform(exchange::Action action);
    void perform(assured::Action action);
    void perform(heard::Action action);

private:
    void live(life::Machine::Cause cause);
    void trade(exchange::Machine::Cause cause);
    void assure(assured::Machine::Cause cause);
    /// Begins what waits for its turn, now that no offer is open.
    void settle();
    /// A re-INVITE for which there was no room is refused at once.
    void check_sent();
    void release();

    // Requests of ours (session_requests.cpp).
    Writer begin(std::string& bytes, Method method, std::string_view branch);
    ClientId send(Method method, std::string_view branch, std::string bytes, Owner owner);
    Owner owner(Purpose purpose) const { return {purpose, id_.value, 0}; }
    void choose_hop();

    // Our INVITE (session_caller.cpp).
    void print_first_invite(std::string& bytes, const InviteOrder& order, std::string_view branch);
    void invite_response(ClientId client);
    void provisional_response();
    void success_response(ClientId client);
    void refusal_response(ClientId client);
    bool try_again(ClientId client);
    bool try_next_target(ClientId client);
    void acknowledge(ClientId client);
    void send_cancel();
    void tell_refused();

    // The peer's INVITE (session_callee.cpp).
    void respond_with_sdp(TransactionId id,
                          int status,
                          std::string_view sdp,
                          std::span<const ExtraHeader> extra);
    void refuse_invite(int status, std::span<const ExtraHeader> extra);
    void send_answer();

    // Provisional responses that must arrive (session_provisional.cpp).
    void send_assured();
    void send_kept();
    void progress_again();
    void take_prack();
    bool is_awaited(const RAck& rack) const;
    /// RFC 3262 5: an offer in a PRACK was answered; only now the PRACK has its effect.
    void offer_of_prack_answered(TransactionId request);
    bool takes_provisional();
    static bool is_assured(const Message& response);
    void send_prack(HeardFork& fork);
    void accept_early(HeardFork& fork, std::string_view sdp, std::span<const ExtraHeader> extra);
    void prack_response(ClientId client);
    void begin_anew(ClientId invite);

    // Offers within the dialog (session_offers.cpp).
    void take_offer(exchange::Event arrived);
    void tell_offer();
    void send_offer();
    void offer_response(ClientId client);
    void offer_success(ClientId client);
    void offer_refusal(ClientId client);
    void offer_failed(int status);
    void refuse_crossing(Denial denial);
    Micros glare_wait();

    // Session timers (session_refresh.cpp).
    void add_offer_fields(Writer& writer, bool first) const;
    void add_timer_answer(Writer& writer) const;
    bool refuse_small_interval();
    void agree_as_caller();
    void agree_as_callee();
    void arm_refresh();
    void refresh_due();
    void send_refresh();
    void refresh_response(ClientId client);
    void refresh_failed(int status);
    ClientId try_longer_interval(const ClientTransaction& sent);

    // Requests within the dialog (session_requests.cpp).
    void dispatch(Method method);
    void take_empty_update();
    void take_bye();
    void take_info();
    void answer_options();
    void pass_on();
    /// What the peer's message says of its abilities.
    void learn_peer();

    // The end (session_end.cpp).
    void send_bye();
    void bye_response(ClientId client);
    void tell_ended();
    void lose(EndCause cause);

    // Records (session_records.cpp).
    InviteRecord invite_record() const;
    void restore_own_invite(const InviteRecord& kept);
    void restore_peer_invite(const InviteRecord& kept);
    void go_on();
    template <class T>
    void start_all(Set<T> timers);

    Core& core_;
    SessionId id_;
    Session& s_;
    TransactionId request_;       // the peer's request of this step
    std::string_view acked_sdp_;  // of the ACK of this step
    HeldResponse reply_;          // what is to be said to the INVITE
    HeardFork* fork_ = nullptr;   // whose provisional response is being taken
    std::uint32_t rseq_ = 0;      // of it
};

}  // namespace holdfast::sip
