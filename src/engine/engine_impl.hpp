// engine/engine_impl.hpp: the parts of the engine and how one step runs through them.
#pragma once
#include "engine/alarms.hpp"
#include "engine/conferences.hpp"
#include "engine/context.hpp"
#include "engine/control.hpp"
#include "engine/dials.hpp"
#include "engine/engine.hpp"
#include "engine/features.hpp"
#include "engine/flows.hpp"
#include "engine/hold_codes.hpp"
#include "engine/legs.hpp"
#include "engine/masking.hpp"
#include "engine/phones.hpp"
#include "engine/queue_calls.hpp"
#include "engine/records.hpp"
#include "engine/recovery.hpp"
#include "engine/refusals.hpp"
#include "engine/reminders.hpp"
#include "engine/sounds.hpp"
#include "engine/transfers.hpp"
#include "engine/trunks.hpp"
#include "engine/voices.hpp"
#include "engine/wallboards.hpp"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <unordered_map>
#include <unordered_set>

namespace holdfast::engine {

class Engine::Impl {
public:
    Impl(Settings settings,
         const Started& started,
         std::function<void(std::uint64_t)> tell_in_hand);

    void take(const Input& input, Instant received_at, Instant now);
    std::vector<Effect> take_effects();
    std::optional<NextDeadline> next_deadline() const;
    std::string state_hash() const;
    Census census();
    const acd::Floor& floor() const { return floor_; }
    bool hides_digits(const Input& input) const { return masking_.hides(input); }

private:
    // engine.cpp: one step
    void visit(const Input& input);
    void run_deadlines(Instant until);
    void ran_out(const DeadlineKey& key);
    void settle();
    bool settle_sip();
    bool settle_floor();
    void send();

    // census.cpp
    std::string flaw_of(const Leg& leg);
    std::string flaw_of_agents(const Leg& leg);
    std::string flaw_of(const acd::Call& call);
    std::string flaw();

    // on_input.cpp
    void on(const Started& input);
    void on(const Ticked&) {}
    void on(const DatagramReceived& input);
    void on(const DatagramFailed& input);
    void on(const FlowAccepted& input);
    void on(const FlowOpened& input) { flows_.opened(input.flow); }
    void on(const FlowBytes& input);
    void on(const FlowClosed& input);
    void on(const Resolved& input) { trunks_.resolved(input); }
    void on(const MediaReported& input);
    void on(const MediaConnected&);
    void on(const MediaLost&);
    void on(const StoreCommitted& input);
    void on(const StoreTroubled& input);
    void on(const Commanded& input);
    void on(const WatcherLeft& input) { control_.watcher_left(input.connection); }
    void on(const ClockAnchored& input);
    void on(const BoardReported& input) { wallboards_.reported(input); }
    void on(const TodayRecounted& input);

    // on_media.cpp
    void report(const media::Greeted& r);
    void report(const media::Opened& r);
    void report(const media::OpenFailed& r);
    void report(const media::SourceLocked& r);
    void report(const media::DigitHeard& r);
    void report(const media::PlayEnded& r);
    void report(const media::Silent& r);
    void report(const media::SoundReturned& r);
    void report(const media::Closed& r);
    void report(const media::SourceReady& r);
    void report(const media::SourceFailed& r);
    void hear_music();
    void report(const media::Listed& r);
    void report(const media::ListEnded& r);
    void report(const media::Health& r);
    void report(const media::VoiceChanged& r) { voices_.changed(r); }
    void report(const media::MuteChanged& r) { voices_.changed(r); }
    void bury(Leg& leg);

    // on_sip.cpp
    void on(const sip::InviteArrived& event);
    void on(const sip::SessionRang& event);
    void on(const sip::SessionAnswered& event);
    void on(const sip::SessionRefused& event);
    void on(const sip::SessionAcked& event);
    void on(const sip::OfferArrived& event);
    void on(const sip::OfferAnswered& event);
    void on(const sip::OfferRefused&) {}
    void on(const sip::SessionEnded& event);
    void on(const sip::DigitArrived& event);
    void on(const sip::RequestArrived& event);
    void on(const sip::RequestAnswered& event);
    void on(const sip::MessageRefused& event);
    void trunk_invite(const sip::InviteArrived& event, TrunkId trunk);
    void phone_invite(const sip::InviteArrived& event, DeviceId device);
    void code_dialled(Leg& leg, AgentId agent, const ToCode& code);
    void call_queue(const sip::InviteArrived& event, DeviceId device, QueueId queue);
    void hold_changed(Leg& leg);
    void leg_event(const LegEvent& event);
    void digit(Leg& leg, char digit, std::uint16_t duration_ms, bool by_info);
    void relay_digit(Leg& leg, char digit, std::uint16_t duration_ms, bool by_us);
    void leg_deadline(LegId id);
    void end_leg(Leg& leg, sip::EndCause cause);
    std::vector<PhoneContact> callable_contacts(DeviceId device) const;
    void rebind_dialogs(DeviceId device, const sip::Hop& back_by);
    void take_message(std::string_view bytes, const sip::Hop& from);
    bool admits_call();

    // persistence.cpp
    void persist();
    void put(RecordKind kind, std::uint64_t id, std::string bytes);
    void forget(RecordKind kind, std::uint64_t id);
    template <class Ids, class Find>
    void keep(RecordKind kind, const Ids& ids, Find&& find);
    void restore(const Started& input);
    void recount_day();
    void persist_dials();
    void persist_bindings();
    void part_from_orphans();
    void tell_watchers(const acd::Changed& changed);

    // on_media.cpp
    void note_soundless();
    void sound_is_back(const Leg* leg);

    // dropping.cpp
    void name(std::uint64_t word);
    void name(const Leg* leg);
    void name(CallId call);
    void name(const DeadlineKey& key);
    void name_nothing() { name(std::uint64_t{0}); }
    void strip_suspects(Found& found, const std::vector<Suspect>& suspects);
    void drop_suspects(const std::vector<Suspect>& suspects);

    std::function<void(std::uint64_t)> tell_in_hand_;
    Settings settings_;
    std::unique_ptr<Deadlines> deadlines_ = std::make_unique<Deadlines>();
    Random random_;
    std::vector<Effect> out_;
    sip::UserAgent sip_;
    acd::Floor floor_;
    Context context_;
    Alarms alarms_;
    Wallboards wallboards_;
    Refusals refusals_;
    Legs legs_;
    Flows flows_;
    Sounds sounds_;
    Phones phones_;
    Trunks trunks_;
    QueueCalls queue_calls_;
    Dials dials_;
    Transfers transfers_;
    Conferences conferences_;
    Reminders reminders_;
    Voices voices_;
    Masking masking_;
    HoldCodes hold_codes_;
    Features features_;
    Control control_;

    ControlFigures figures_;
    std::optional<RecountToday> recount_;  ///< Asked for by a life before, and not answered.
    bool media_up_ = false;
    std::uint64_t media_boot_ = 0;
    /// Calls that hear nothing because the media process died: since when, and which of their legs
    /// are not made anew yet.
    struct Soundless {
        Instant since;
        std::set<LegId> legs;
    };
    std::map<CallId, Soundless> soundless_;
    bool refuse_calls_ = false;  // the store cannot take more
    double call_tokens_ = 0;     // admission: new calls a second
    Instant tokens_filled_{};
    Timer midnight_;
    // What the journal holds.
    std::unordered_map<RecordKind, std::unordered_set<std::uint64_t>> written_;
    std::set<MediaId> listed_;  // endpoints the media process told of after our restart
    bool directory_written_ = false;
    std::uint32_t next_leg_written_ = 0;
};

}  // namespace holdfast::engine
