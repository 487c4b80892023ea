// engine/reminders.hpp: a caller who is held for long. The agent's phone is called and shows it:
// answering connects the caller again. Later the supervisors hear of it by an alarm.
#pragma once
#include "engine/alarms.hpp"
#include "engine/context.hpp"
#include "engine/legs.hpp"
#include "engine/queue_calls.hpp"
#include "engine/transfers.hpp"

#include <set>
#include <unordered_map>

namespace holdfast::engine {

class Reminders {
public:
    struct Parts {
        Context& context;
        Legs& legs;
        QueueCalls& queue_calls;
        Transfers& transfers;
        Alarms& alarms;
        QueueCalls::Contacts contacts;
    };
    explicit Reminders(Parts parts) : parts_{std::move(parts)} {}

    void perform(const acd::Effect& effect);
    void leg_event(const LegEvent& event, Leg& leg);
    void ended(Leg& leg);
    void deadline(LegId leg);
    /// Ends what is no longer true: phones that ring for a caller who is not held, alarms.
    void settle();
    /// After a restart.
    void resume();

private:
    void remind(const acd::RemindAgent& order);
    void alarm(const acd::AlarmHold& order);
    bool still_held(const Leg& leg) const;
    void ring_for(LegId leg);
    void answered(Leg& leg);
    void forget(LegId leg);

    Parts parts_;
    std::unordered_map<LegId, Timer> ringing_;
    std::set<CallId> alarmed_;
};

}  // namespace holdfast::engine
