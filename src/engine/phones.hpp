// engine/phones.hpp: our desk phones: who may speak for one (digest), where it is registered, and
// whether it lives (OPTIONS). Unknown sources get one identical refusal, whatever they ask.
#pragma once
#include "engine/context.hpp"
#include "engine/queue_calls.hpp"
#include "engine/screening.hpp"
#include "sip/digest.hpp"
#include "sip/registrar.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace holdfast::engine {

class Phones {
public:
    explicit Phones(Context& context);

    /// The persistent secret of our nonces, and a number that differs at each start.
    void start(std::string_view secret, std::uint64_t boot);

    // ---- Who asks ------------------------------------------------------------------------------
    struct Judged {
        DeviceId device;                          ///< Set where the digest is right.
        std::vector<sip::ExtraHeader> challenge;  ///< For a 401.
    };
    /// Whether a message is met with silence: its source was wrong too often with that user. Looked
    /// into only for sources that were wrong before.
    bool silenced(std::string_view bytes, const sip::Hop& from);
    Judged judge(const sip::Message& message, const sip::Hop& from);
    void register_request(const sip::RequestArrived& request, DeviceId device);

    // ---- Where they are ------------------------------------------------------------------------
    std::vector<PhoneContact> contacts(DeviceId device) const;
    bool registered(DeviceId device) const;
    bool reachable(DeviceId device) const;
    /// How long it stays registered unless it registers again; 0: it is not registered.
    Micros registered_for(DeviceId device) const;
    /// Whether a phone registered from there: it may share its address with a trunk.
    bool registered_from(const sip::Hop& source) const { return sources_.contains(source.remote); }
    void binding_deadline(const DeadlineKey& key);
    void flow_closed(FlowId flow);
    /// A leg of the phone has gone silent: asks at once whether it lives.
    void probe(DeviceId device, LegId silent);
    /// Silent legs of phones that did not answer: they are over.
    std::vector<LegId> take_dead_legs() { return std::exchange(dead_legs_, {}); }
    void ping_deadline(DeviceId device);
    /// False where the request is none of ours.
    bool answered(const sip::RequestAnswered& answer);
    /// What the phone answered to an INVITE tells the same.
    void heard_of(DeviceId device);

    std::uint64_t refused() const { return refused_; }
    std::uint64_t silenced_count() const { return screening_.silenced(); }
    /// Bindings that changed since the last call; gone where `binding` finds them no more.
    std::vector<sip::BindingId> take_changed() { return std::exchange(changed_, {}); }
    const sip::Binding* binding(sip::BindingId id) const { return registrar_.find(id); }
    void restore(const sip::Binding& binding);
    /// Once bindings are restored: pings go on.
    void resume();

private:
    struct Ping {
        sip::RequestId request;
        Timer timer;
        int unanswered = 0;
        bool waiting = false;  // an OPTIONS is under way
        bool lost = false;
        std::vector<LegId> silent;  // legs in doubt
    };
    enum class PingTimer : std::uint8_t { next, answer };

    void send_ping(DeviceId device, Ping& ping);
    void await_ping(DeviceId device);
    void missed(DeviceId device, Ping& ping);
    void lost(DeviceId device, Ping& ping);
    void drain_registrar();
    void note_source(const sip::Binding& binding);
    void note_refusal(const sip::Message& message,
                      const sip::Hop& from,
                      std::string_view user,
                      std::string_view why);
    const std::string& aor(DeviceId device) const {
        return context_.settings.devices[device.value - 1].name;
    }
    DeviceId device_of(std::string_view aor) const;

    Context& context_;
    Screening screening_;
    std::unique_ptr<sip::DigestServer> digest_;
    std::vector<sip::DigestSecret> secrets_;  // by device
    std::unordered_map<std::string, DeviceId> by_user_;
    sip::Registrar registrar_;
    std::vector<Ping> pings_;  // by device
    std::unordered_map<sip::RequestId, DeviceId> requests_;
    std::vector<LegId> dead_legs_;
    std::vector<sip::BindingId> changed_;
    std::map<sip::BindingId, Endpoint> source_of_;
    std::map<Endpoint, int> sources_;  // how many bindings came from there
    std::uint64_t refused_ = 0;
};

}  // namespace holdfast::engine
