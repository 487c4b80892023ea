// sip/registration.hpp: our REGISTER at a trunk, kept alive: refresh, 423, failover, backoff. It
// makes orders for UserAgent::request, which also answers challenges, and is told the answers.
#pragma once
#include "base/deadlines.hpp"
#include "base/random.hpp"
#include "sip/message.hpp"
#include "sip/orders.hpp"
#include "sip/registration_machine.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace holdfast::sip {

/// One way to the trunk's registrar.
struct RegistrationTarget {
    Hop hop;
    std::string tls_name;
    std::string contact;  ///< Our Contact value there.
};

struct RegistrationSettings {
    std::uint32_t id = 0;  ///< Of its deadlines (owner registration).
    std::string registrar_uri;
    std::string aor;  ///< From and To.
    std::string display;
    std::uint32_t expires_s = 3600;
    std::vector<RegistrationTarget> targets;  ///< In order of preference.
    std::vector<std::string> route;
    Credentials credentials;
};

struct RegistrationNews {
    enum class What : std::uint8_t { registered, failed, gone } what{};
    int status = 0;         ///< Of a failure: 408 for silence, 503 where it could not be sent.
    Instant until = never;  ///< Registered until then, or tried again then.
};

class Registration {
public:
    Registration(RegistrationSettings settings, Deadlines& deadlines, Random& random);

    void start(Instant now);
    /// Removes our binding.
    void stop(Instant now);
    /// From then on. The one under way goes on.
    void set_targets(std::vector<RegistrationTarget> targets);
    /// RequestAnswered to the order of `next_request`; 503 without a message where it could not
    /// even be ordered.
    void answered(int status, const Message* message, Instant now);
    void deadline(const DeadlineKey& key, Instant now);

    /// What is to be sent, at most one at a time.
    std::optional<RequestOrder> next_request();
    std::optional<RegistrationNews> next_news();

    registration::State state() const { return state_; }
    /// Our binding lasts until then, whatever the state; in the past where there is none.
    Instant bound_until() const { return bound_until_; }

    // ---- What step() asks of a room. ------------------------------------------------------------

    bool holds(registration::Guard) const { return target_ + 1 < settings_.targets.size(); }
    void start(registration::Timer timer);
    void stop(registration::Timer timer);
    void perform(registration::Action action);

private:
    void take(registration::Machine::Cause cause);
    void order(std::uint32_t expires_s);
    std::uint32_t granted_s(const Message& message) const;
    Micros backoff();

    RegistrationSettings settings_;
    Deadlines& deadlines_;
    Random& random_;
    registration::State state_{};
    std::array<Timer, enum_count<registration::Timer>> timers_{};
    Instant now_{};
    std::string call_id_, tag_;
    std::uint32_t cseq_ = 0;
    std::uint32_t expires_s_ = 0;  // what we ask for; a 423 raises it
    std::size_t target_ = 0;
    std::uint32_t failures_ = 0;  // in a row
    int status_ = 0;
    Micros retry_after_{};
    Instant bound_until_ = Instant::min();
    Instant retry_at_ = never;
    std::optional<RequestOrder> request_;
    std::deque<RegistrationNews> news_;
};

}  // namespace holdfast::sip
