// acd/effects.hpp: what the floor orders. The engine performs each in the order given.
#pragma once
#include "acd/state.hpp"

#include <cstdint>
#include <variant>

namespace holdfast::acd {

/// Call the agent's phone and show what waits.
struct RingPhone {
    OfferId offer;
    CallId call;
    AgentId agent;
    DeviceId device;
    QueueId queue;
    Micros waited{};  ///< Since the caller's first entry.
};
enum class Withdrawal : std::uint8_t { answered_elsewhere, caller_left, ring_timeout, agent_lost };
struct CancelPhone {
    OfferId offer;
    Withdrawal why{};
};
/// The agent's phone has answered: caller and agent hear each other.
struct ConnectCall {
    CallId call;
    OfferId offer;
};
/// Answer the caller's INVITE now, if it is not answered yet.
struct AnswerCaller {
    CallId call;
};
enum class Playing : std::uint8_t { greeting, music, comfort, closed };
/// The caller hears this from now on. Greeting, comfort and closed end in `announcement_ended`.
struct PlayToCaller {
    CallId call;
    Playing what{};
    QueueId queue;
};
/// The agent has resumed: caller and agent hear each other again.
struct ResumeCaller {
    CallId call;
};
enum class RefusalCause : std::uint8_t { draining, closed, full, no_agent, waited_too_long };
/// End a caller's call that no agent took: a SIP refusal, or BYE where it was answered.
struct RefuseCaller {
    CallId call;
    RefusalCause why{};
};
/// The caller is held for long: the agent's phone is called, and shows it.
struct RemindAgent {
    CallId call;
    Micros held{};
};
/// For even longer: the supervisors hear of it.
struct AlarmHold {
    CallId call;
    Micros held{};
};
/// The caller is held and has a promise: it is told when the agent will be back.
struct TellPromise {
    CallId call;
    Micros left{};
    bool again = false;  ///< Half of the time is over.
};
/// They talk: tell the floor who of them speaks.
struct ListenToTalk {
    CallId call;
};
/// Nobody speaks for long: the agent alone hears a tone.
struct WarnOfSilence {
    CallId call;
};
/// The caller's digits go to nobody from now on, or to the agent again, who is told where `tell`.
struct MaskDigits {
    CallId call;
    bool on = false, tell = false;
};
/// The agent is gone: end the caller's leg.
struct HangUpCaller {
    CallId call;
};
/// The caller is gone, or the phone is lost: end the agent's leg of that call.
struct HangUpAgent {
    CallId call;
};
/// The floor has forgotten the call; nothing more will be said of it.
struct CallOver {
    CallId call;
};

using Effect = std::variant<RingPhone,
                            CancelPhone,
                            ConnectCall,
                            AnswerCaller,
                            PlayToCaller,
                            ResumeCaller,
                            RemindAgent,
                            AlarmHold,
                            TellPromise,
                            ListenToTalk,
                            WarnOfSilence,
                            MaskDigits,
                            RefuseCaller,
                            HangUpCaller,
                            HangUpAgent,
                            CallOver>;

}  // namespace holdfast::acd
