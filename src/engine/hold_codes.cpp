#include "engine/hold_codes.hpp"

#include "base/ascii.hpp"
#include "engine/conferences.hpp"

#include <utility>

namespace holdfast::engine {
namespace {

constexpr Micros next_digit_within = 3s;
constexpr std::size_t longest_code = 3;  // a reason and two digits of minutes

}  // namespace

std::optional<HoldCode> hold_code(std::string_view digits) {
    if (digits.empty() || digits.size() > longest_code) return std::nullopt;
    using enum HoldCode::What;
    int minutes = 0;
    for (const char c : digits.substr(1)) {
        if (!is_digit(c)) return std::nullopt;
        minutes = 10 * minutes + (c - '0');
    }
    switch (digits.front()) {
        case '1':
            return HoldCode{hold, acd::HoldReason::research, minutes * Micros{1min}};
        case '2':
            return HoldCode{hold, acd::HoldReason::consult, minutes * Micros{1min}};
        case '3':
            return HoldCode{hold, acd::HoldReason::other, minutes * Micros{1min}};
        case '5':
        case '6':
            if (digits.size() > 1) return std::nullopt;
            return HoldCode{digits == "5" ? customer_works : mask_digits, {}, {}};
        default:
            return std::nullopt;
    }
}

bool take_hold_code(Context& context, AgentId agent, const HoldCode& said) {
    switch (said.what) {
        case HoldCode::What::customer_works:
            return context.floor.customer_works(agent, context.when());
        case HoldCode::What::mask_digits:
            return context.floor.mask_digits(agent, context.when());
        case HoldCode::What::hold:
            break;
    }
    return context.floor.hold_explained(agent, said.reason, said.promise, context.when());
}

void HoldCodes::digit(Leg& leg, char digit) {
    auto it = entries_.find(leg.id);
    if (it == entries_.end()) {
        it = entries_.try_emplace(leg.id).first;
    } else if (digit == '#') {
        return finish(leg.id);
    } else {
        it->second.digits += digit;
        if (conference_code.substr(1) == it->second.digits && confer(leg)) return;
        const auto code = hold_code(it->second.digits);
        if (!code) {  // no code of ours: the caller's, as they were pressed
            auto node = entries_.extract(it);
            context_.deadlines.stop(node.mapped().timer);
            return give_back(leg, node.mapped().digits);
        }
        const bool whole =
            it->second.digits.size() == longest_code || code->what != HoldCode::What::hold;
        if (whole) return finish(leg.id);
    }
    context_.deadlines.arm(
        it->second.timer, context_.now + next_digit_within, {DeadlineOwner::leg, 0, leg.id.value});
}

bool HoldCodes::confer(Leg& leg) {
    const LegId id = leg.id;
    if (!confer_(leg)) return false;
    auto node = entries_.extract(id);
    if (!node.empty()) context_.deadlines.stop(node.mapped().timer);
    return true;
}

void HoldCodes::finish(LegId id) {
    auto node = entries_.extract(id);
    if (node.empty()) return;
    context_.deadlines.stop(node.mapped().timer);
    Leg* leg = legs_.find(id);
    if (leg == nullptr) return;
    const auto said = hold_code(node.mapped().digits);
    const bool taken = said && take_hold_code(context_, leg->agent, *said);
    if (!taken) give_back(*leg, node.mapped().digits);
}

void HoldCodes::give_back(Leg& leg, const std::string& digits) {
    relay_(leg, '*');
    for (const char c : digits)
        relay_(leg, c);
}

}  // namespace holdfast::engine
