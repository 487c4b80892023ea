// tools/peers/phone.hpp: a registered desk phone with a person at it, as data: how long it rings,
// whether and when it is answered, how long one talks, whether one holds.
#pragma once
#include "peers/peer.hpp"
#include "sip/registration.hpp"

#include <map>

namespace holdfast::peers {

/// How a phone says that it holds.
enum class HoldForm : std::uint8_t { sendonly, inactive, zero_address, by_update };

/// What the person does with each offered call. Drawn anew for each one by whoever sets `decide`.
struct Manner {
    Micros rings_after = 50ms;
    Micros answers_after = 2s;                           ///< After ringing began.
    bool answers = true;                                 ///< Else it rings until somebody gives up.
    int rejects_with = 0;                                ///< Instead of answering; 0: does not.
    std::string forwards_to = "sip:1900123@10.0.0.100";  ///< With a 3xx.
    Micros talks_for = 30s;   ///< Then hangs up; 0: leaves that to the other side.
    Micros holds_after = 0s;  ///< 0: does not hold.
    Micros holds_for = 5s;
    HoldForm holds_by{};
    bool holds_again = false;  ///< Says it twice.
};

class Phone : public Peer {
public:
    struct Account {
        std::string user, auth_user, password, realm;
        Endpoint server;
        std::uint32_t expires_s = 60;
    };
    Phone(const Endpoint& at, std::uint64_t seed, Account account);

    void switch_on(Instant now);
    void switch_off(Instant now);  ///< With goodbye; a dead phone is just not asked any more.
    /// Calls a number: a feature code, a colleague, the outside.
    void dial(std::string_view number, Instant now);
    /// One digit by INFO in every call there is.
    void press(char digit, Instant now);
    void hang_up_all(Instant now);

    // ---- What else one does with a call --------------------------------------------------------
    /// Holds, or resumes, the call that is answered and began n-th.
    void hold_call(std::size_t n, bool on, Instant now);
    /// Passes that call on by REFER; `hangs_up` at once, whatever comes of it.
    void pass_on(std::size_t n, std::string_view number, bool hangs_up, Instant now);
    /// The same outside of the call, which `target_dialog` names.
    void refer_outside(const std::string& target_dialog,
                       std::string_view number,
                       bool silent,
                       Instant now);
    /// That call's dialog as a Target-Dialog value (RFC 4538 7).
    std::string target_dialog(std::size_t n) const;
    /// Joins the others of the first two calls by REFER with Replaces, in the one or the other.
    void join_calls(bool in_second, bool tags_swapped, Instant now);
    void hang_up(std::size_t n, Instant now);
    /// That call's dialog as a Replaces value (RFC 3891 6.1), from the exchange's point of view.
    std::string replaces(std::size_t n, bool tags_swapped = false) const;
    /// Calls in order to take the place of another phone's dialog; the number that is called should
    /// not matter then.
    void take_over(const std::string& replaces, Instant now, std::string_view number = "x");
    /// Calls as pass_on and others count them.
    std::size_t open_calls() const;
    /// The status lines that NOTIFYs of a REFER brought, and the answers to REFER.
    const std::vector<std::string>& notified() const { return notified_; }

    std::function<Manner(Random&)> decide = [](Random&) { return Manner{}; };
    /// Told of what the person sees: "ringing", "talking", "ended", "refused 486".
    std::function<void(Phone&, std::string_view)> tell = [](Phone&, std::string_view) {};

    bool second_line = false;  ///< Takes another call beside the first; else it is busy then.

    bool registered() const { return registration_.bound_until() > now_; }
    std::size_t calls() const { return calls_.size(); }
    std::size_t talking() const;
    /// Calls to it: how many ring, and how many are answered and go on.
    std::size_t rung() const;
    std::size_t answered() const;
    const std::string& display() const { return display_; }      ///< Of the last offered call.
    const std::string& diversion() const { return diversion_; }  ///< The same; RFC 5806.

private:
    struct Call {
        bool ours = false, answered = false, held = false, ended = false;
        std::string offer, early_tag;
        Manner manner;
    };
    using Peer::on;
    void on(const sip::InviteArrived& event) override;
    void on(const sip::SessionRang& event) override;
    void on(const sip::SessionAnswered& event) override;
    void on(const sip::SessionRefused& event) override;
    void on(const sip::SessionEnded& event) override;
    void on(const sip::RequestAnswered& event) override;
    void on(const sip::RequestArrived& event) override;
    SessionId nth(std::size_t n) const;
    void send_refer(SessionId id, const std::string& refer_to);
    void invite(std::string_view number, std::vector<sip::ExtraHeader> extra);
    void on_deadline(const DeadlineKey& key) override;
    void answer_call(SessionId id);
    void talk(SessionId id);
    void hold(SessionId id, bool on);
    void repeat_hold(SessionId id);
    void say_hold(SessionId id, HoldForm form, bool on);
    void update(SessionId id, const std::string& sdp);
    void drain_registration();

    Account account_;
    sip::Registration registration_;
    sip::RequestId registering_;
    std::map<SessionId, Call> calls_;
    std::string display_, diversion_;
    std::vector<std::string> notified_;
    sip::RequestId referring_;
};

}  // namespace holdfast::peers
