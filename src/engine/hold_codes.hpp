// engine/hold_codes.hpp: what an agent says of a hold by digits: "*1" to "*3" for the reason, and
// minutes behind it; "*4", which makes a conference (conferences.hpp); "*5" of a silence: the
// customer is at work; and "*6": the caller's digits are nobody's (masking.hpp), or are the agent's
// again. Within a queue's call, and in calls with colleagues, such digits are kept here and not
// relayed; all others go to the caller.
#pragma once
#include "engine/context.hpp"
#include "engine/legs.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace holdfast::engine {

struct HoldCode {
    enum class What : std::uint8_t { hold, customer_works, mask_digits } what{};
    acd::HoldReason reason{};
    Micros promise{};
};
/// "1", "15", "230": a reason from 1 to 3, and up to two digits of minutes; "5" and "6" alone.
std::optional<HoldCode> hold_code(std::string_view digits);
/// Tells the floor; false where the agent has no caller of whom it could be said.
bool take_hold_code(Context& context, AgentId agent, const HoldCode& said);

class HoldCodes {
public:
    /// Sends a digit on to the other side.
    using Relay = std::function<void(Leg&, char digit)>;
    /// Puts everybody whom the agent of that leg talks with into one call; false: there is nobody.
    using Confer = std::function<bool(Leg&)>;
    HoldCodes(Context& context, Legs& legs, Relay relay, Confer confer)
        : context_{context}, legs_{legs}, relay_{std::move(relay)}, confer_{std::move(confer)} {}

    /// Whether the digit is, or may become, part of a code.
    bool takes(const Leg& leg, char digit) const {
        return digit == '*' || entries_.contains(leg.id);
    }
    void digit(Leg& leg, char digit);
    /// The code may be whole already: the agent has pressed hold, or says no more.
    void finish(LegId leg);

private:
    struct Entry {
        std::string digits;  ///< Behind the star.
        Timer timer;
    };
    bool confer(Leg& leg);
    void give_back(Leg& leg, const std::string& digits);

    Context& context_;
    Legs& legs_;
    Relay relay_;
    Confer confer_;
    std::unordered_map<LegId, Entry> entries_;
};

}  // namespace holdfast::engine
