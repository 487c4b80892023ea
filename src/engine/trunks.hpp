// engine/trunks.hpp: the ways to the outside: who may call in, where calls go out, whether a trunk
// lives (OPTIONS), and our registration at it.
#pragma once
#include "engine/alarms.hpp"
#include "engine/context.hpp"
#include "engine/dials.hpp"
#include "engine/inputs.hpp"
#include "sip/locate.hpp"
#include "sip/registration.hpp"

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace holdfast::engine {

class Trunks {
public:
    Trunks(Context& context, Alarms& alarms);

    void start();

    /// The trunk a request came from, by its source address; nothing for all others.
    TrunkId of_source(const sip::Hop& from) const;
    /// Which number the caller dialled: the request URI's user, or To where a registering trunk
    /// puts our own contact there.
    std::string dialled_number(TrunkId trunk, const sip::Message& invite) const;

    std::optional<TrunkTarget> target(TrunkId trunk,
                                      const std::string& number,
                                      bool emergency) const;
    bool up(TrunkId trunk) const { return states_[trunk.value - 1].up; }
    std::string state_text(TrunkId trunk) const;

    void deadline(TrunkId trunk);
    void registration_deadline(const DeadlineKey& key);
    void locate_deadline(const DeadlineKey& key);
    void resolved(const Resolved& resolved);
    /// False where the request is none of ours.
    bool answered(const sip::RequestAnswered& answer);

private:
    struct State {
        bool up = false;
        std::vector<sip::Location> places;
        int unanswered = 0;
        Timer timer;
        std::unique_ptr<sip::Registration> registration;
    };
    void locate(TrunkId trunk);
    void drain_locator();
    void located(TrunkId trunk, std::vector<sip::Location> places);
    void supervise(TrunkId trunk);
    void set_up(TrunkId trunk, bool up, std::string_view why);
    void drain_registration(TrunkId trunk);
    std::optional<sip::Hop> hop_to(TrunkId trunk, const sip::Location& place) const;
    std::string own_contact(TrunkId trunk, const sip::Hop& hop) const;
    std::string server_host(TrunkId trunk) const;
    State& state(TrunkId trunk) { return states_[trunk.value - 1]; }
    const TrunkSettings& settings(TrunkId trunk) const {
        return context_.settings.trunks[trunk.value - 1];
    }

    Context& context_;
    Alarms& alarms_;
    std::vector<State> states_;
    sip::Locator locator_;
    struct Asked {
        TrunkId trunk;
        bool registration = false;
    };
    std::unordered_map<sip::RequestId, Asked> requests_;
    std::unordered_map<sip::LookupId, TrunkId> lookups_;
};

}  // namespace holdfast::engine
