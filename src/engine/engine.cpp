#include "engine/engine.hpp"

#include "base/ensure.hpp"
#include "engine/engine_impl.hpp"

#include <algorithm>

namespace holdfast::engine {
namespace {

// How long a digit lasts that we kept first and send on then.
constexpr std::uint16_t kept_digit_ms = 120;

sip::UserAgentSettings sip_settings(const Settings& s) {
    sip::UserAgentSettings ua;
    for (std::uint32_t i = 0; i < s.listeners.size(); ++i) {
        const auto& l = s.listeners[i];
        const auto bound = text_of(l.bind.address);
        ua.listeners.push_back(
            {ListenerId{i + 1},
             l.transport,
             l.bind,
             l.advertise_host.empty() ? std::string{bound.view()} : l.advertise_host,
             l.advertise_port == 0 ? l.bind.port : l.advertise_port});
    }
    ua.product = "Holdfast/" HOLDFAST_VERSION;
    ua.allow.push_back(sip::Method::register_);
    ua.allow.push_back(sip::Method::refer);
    ua.allow.push_back(sip::Method::notify);
    ua.supported.push_back("replaces");    // RFC 3891
    ua.supported.push_back("norefersub");  // RFC 4488
    ua.supported.push_back("tdialog");     // RFC 4538
    ua.session_expires = s.session_expires;
    return ua;
}

}  // namespace

Engine::Engine(Settings settings) : settings_{std::move(settings)} {}
Engine::~Engine() = default;
void Engine::take(const Input& input, Instant received_at, Instant now) {
    // Everything that draws random numbers is made with the seed, which is part of the first input.
    if (const auto* started = std::get_if<Started>(&input)) {
        ensure(impl_ == nullptr, "Started comes once");
        impl_ = std::make_unique<Impl>(std::move(settings_), *started, std::move(tell_in_hand_));
    }
    ensure(impl_ != nullptr, "the first input is Started");
    impl_->take(input, received_at, now);
}
std::vector<Effect> Engine::take_effects() {
    return impl_->take_effects();
}
std::optional<Engine::NextDeadline> Engine::next_deadline() const {
    return impl_ == nullptr ? std::nullopt : impl_->next_deadline();
}
std::string Engine::state_hash() const {
    return impl_->state_hash();
}
Engine::Census Engine::census() const {
    return impl_->census();
}
const acd::Floor& Engine::floor() const {
    return impl_->floor();
}

bool Engine::hides_digits(const Input& input) const {
    return impl_ && impl_->hides_digits(input);
}

Engine::Impl::Impl(Settings settings,
                   const Started& started,
                   std::function<void(std::uint64_t)> tell_in_hand)
    : tell_in_hand_{std::move(tell_in_hand)},
      settings_{std::move(settings)},
      random_{started.seed},
      sip_{sip_settings(settings_), *deadlines_, random_},
      floor_{settings_.floor, *deadlines_, random_},
      context_{settings_, *deadlines_, random_, sip_, floor_, out_},
      alarms_{context_},
      wallboards_{context_, alarms_},
      refusals_{context_},
      legs_{context_, refusals_, started.key_seed},
      flows_{context_},
      sounds_{context_},
      phones_{context_},
      trunks_{context_, alarms_},
      queue_calls_{context_, legs_, sounds_, [this](DeviceId d) { return callable_contacts(d); }},
      dials_{context_,
             legs_,
             queue_calls_,
             sounds_,
             {[this](DeviceId d) { return callable_contacts(d); },
              [this](TrunkId t, const std::string& number, bool emergency) {
                  const bool full = legs_.calls_of(t) >= settings_.trunks[t.value - 1].most_calls;
                  return full && !emergency ? std::nullopt : trunks_.target(t, number, emergency);
              },
              [this](const std::string& id, const std::string& text) { alarms_.raise(id, text); },
              [this](DialId id, passing::Event event, int status) {
                  transfers_.step(id, event, status);
              }}},
      transfers_{context_, legs_, queue_calls_, dials_},
      conferences_{
          context_,
          legs_,
          queue_calls_,
          dials_,
          sounds_,
          {[this](CallId call, Leg& leg) { transfers_.resume_at(call, leg); },
           [this](CallId call, AgentId agent, Leg& leg) { transfers_.give(call, agent, leg); },
           [this](CallId call, CallId other) { transfers_.join_outside(call, other); },
           [this](CallId call) { voices_.conference_changed(call); }}},
      reminders_{{context_,
                  legs_,
                  queue_calls_,
                  transfers_,
                  alarms_,
                  [this](DeviceId d) { return callable_contacts(d); }}},
      voices_{context_, legs_, queue_calls_, conferences_},
      masking_{context_, legs_, queue_calls_, sounds_},
      hold_codes_{context_,
                  legs_,
                  [this](Leg& leg, char d) { relay_digit(leg, d, kept_digit_ms, true); },
                  [this](Leg& leg) {
                      if (conferences_.obstacle(leg) != 0) return false;
                      conferences_.merge(leg);
                      return true;
                  }},
      features_{context_, legs_, sounds_},
      control_{context_, legs_, phones_, trunks_, alarms_, wallboards_} {
    transfers_.confer_by({[this](const Leg& leg) { return conferences_.obstacle(leg); },
                          [this](const Leg& leg) {
                              if (Leg* keep = conferences_.other_leg(leg))
                                  conferences_.merge(*keep);
                          },
                          [this](const Leg& leg) { return conferences_.has(leg); },
                          [this](CallId call) { conferences_.moved(call); },
                          [this](CallId call) { conferences_.part(call); }});
}

void Engine::Impl::take(const Input& input, Instant received_at, Instant now) {
    context_.now = std::max(context_.now, now);
    context_.at = std::min(received_at, context_.now);
    run_deadlines(context_.at);
    context_.at = std::min(received_at, context_.now);
    name_nothing();
    visit(input);
    settle();
    if (std::holds_alternative<Ticked>(input)) run_deadlines(context_.now);
    name_nothing();
    persist();
    wallboards_.send();
    send();
}

void Engine::Impl::visit(const Input& input) {
    std::visit([this](const auto& i) { on(i); }, input);
}

void Engine::Impl::run_deadlines(Instant until) {
    while (const auto due = deadlines_->pop(until)) {
        context_.at = context_.now;
        name(due->key);
        ran_out(due->key);
        settle();
    }
}

void Engine::Impl::ran_out(const DeadlineKey& key) {
    switch (key.owner) {
        case DeadlineOwner::transaction:
        case DeadlineOwner::session:
            return sip_.deadline(key, context_.now);
        case DeadlineOwner::binding:
            return phones_.binding_deadline(key);
        case DeadlineOwner::registration:
            return trunks_.registration_deadline(key);
        case DeadlineOwner::lookup:
            return trunks_.locate_deadline(key);
        case DeadlineOwner::flow:
            return flows_.deadline(FlowId{key.id});
        case DeadlineOwner::trunk:
            return trunks_.deadline(TrunkId{key.id});
        case DeadlineOwner::device:
            return phones_.ping_deadline(DeviceId{key.id});
        case DeadlineOwner::leg:
            return leg_deadline(LegId{key.id});
        case DeadlineOwner::dial:
            return transfers_.deadline(DialId{key.id});
        case DeadlineOwner::call:
        case DeadlineOwner::agent:
        case DeadlineOwner::offer:
            return floor_.deadline(key, context_.now);
        case DeadlineOwner::engine:
            if (static_cast<EngineTimer>(key.what) == EngineTimer::wallboards)
                return wallboards_.second_passed();
            return on(ClockAnchored{context_.anchor});
    }
}

/// Lets every part react to what the others did, until nothing is left to do.
void Engine::Impl::settle() {
    for (bool busy = true; busy;) {
        busy = settle_sip();
        for (const auto& event : legs_.take_events()) {
            name(legs_.find(event.leg));
            leg_event(event);
            busy = true;
        }
        for (const LegId id : phones_.take_dead_legs())
            if (Leg* leg = legs_.find(id)) {
                bury(*leg);
                busy = true;
            }
        busy = settle_floor() || busy;
        reminders_.settle();
    }
}

/// Whether there was something to do.
bool Engine::Impl::settle_sip() {
    bool busy = false;
    while (const auto event = sip_.next_event()) {
        context_.at = std::min(event->at, context_.now);
        std::visit(
            [this](const auto& e) {
                if constexpr (requires { e.session; }) name(legs_.of_session(e.session));
                on(e);
            },
            event->what);
        busy = true;
    }
    return busy;
}

/// Whether there was something to do.
bool Engine::Impl::settle_floor() {
    floor_.settle(context_.now);
    const auto effects = floor_.take_effects();
    for (const auto& effect : effects) {
        queue_calls_.perform(effect);
        reminders_.perform(effect);
        voices_.perform(effect);
        masking_.perform(effect);
        if (const auto* over = std::get_if<acd::CallOver>(&effect)) {
            conferences_.call_over(over->call);
            transfers_.call_over(over->call);
        }
    }
    return !effects.empty();
}

void Engine::Impl::leg_deadline(LegId id) {
    const Leg* leg = legs_.find(id);
    if (leg != nullptr && leg->role == Role::recall) return reminders_.deadline(id);
    hold_codes_.finish(id);
    if (leg == nullptr || leg->role == Role::feature) features_.deadline(id);
}

void Engine::Impl::send() {
    for (auto& t : sip_.transmissions()) {
        if (t.hop.transport == sip::Transport::udp)
            out_.push_back(SendDatagram{t.hop.listener, t.hop.remote, std::move(t.bytes)});
        else
            flows_.transmit(std::move(t));
    }
}

std::vector<Effect> Engine::Impl::take_effects() {
    return std::exchange(out_, {});
}

std::optional<Engine::NextDeadline> Engine::Impl::next_deadline() const {
    const auto next = deadlines_->next();
    if (!next) return std::nullopt;
    return NextDeadline{next->at, text(next->key.owner)};
}

}  // namespace holdfast::engine
