// What a REFER asks for, and what its sender is told: RFC 3515, within a call or, where it names
// one of the phone's own, outside (RFC 4538).
#include "base/ascii.hpp"
#include "engine/conferences.hpp"
#include "engine/identity.hpp"
#include "engine/transfers.hpp"
#include "sip/values.hpp"
#include "sip/writer.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace holdfast::engine {
namespace {

/// The value of a header that a URI carries (RFC 3261 19.1.1), unescaped; empty where it has none.
std::string carried(std::string_view headers, std::string_view name) {
    while (!headers.empty()) {
        const auto end = headers.find('&');
        const auto one = headers.substr(0, end);
        const auto is = one.find('=');
        if (is != one.npos && equal_nocase(one.substr(0, is), name))
            return sip::unescape(one.substr(is + 1));
        headers = end == headers.npos ? std::string_view{} : headers.substr(end + 1);
    }
    return {};
}

/// Whom a REFER names; none where it names nobody, or several (RFC 3515 2.4.2), or asks for
/// something else than a call.
std::optional<sip::NameAddr> refer_to(const sip::Message& message) {
    std::optional<std::string_view> only;
    for (const std::string_view value : message.values(sip::Header::refer_to)) {
        if (only) return std::nullopt;
        only = value;
    }
    if (!only) return std::nullopt;
    const auto to = sip::parse_name_addr(*only);
    if (!to || to->uri.scheme == sip::Uri::Scheme::other) return std::nullopt;
    const auto method = to->uri.parameter("method");
    if (method && !equal_nocase(*method, "INVITE")) return std::nullopt;
    return *to;
}

/// The body of a NOTIFY.
std::string sipfrag(int status) {
    return fmt::format("SIP/2.0 {} {}\r\n", status, sip::reason_phrase(status));
}

constexpr std::string_view sipfrag_type = "message/sipfrag;version=2.0";

}  // namespace

// ---- Outside of a call. -------------------------------------------------------------------------

/// Whom such a REFER would move is known only where it names a call of that phone's.
void Transfers::refer_outside(const sip::RequestArrived& event, DeviceId device) {
    const auto named = event.message->first(sip::Header::target_dialog);
    const auto target = sip::parse_target_dialog(named.value_or(""));
    const auto session =
        target ? context_.sip.session_with(target->call_id, target->remote_tag, target->local_tag)
               : SessionId{};
    Leg* leg = session ? legs_.of_session(session) : nullptr;
    if (leg != nullptr && leg->device == device && leg->agent) return refer(event, *leg);
    context_.log(LogLevel::warning,
                 "phone {}: a REFER outside of a call is refused (403): {}",
                 context_.settings.devices[device.value - 1].name,
                 named ? "its Target-Dialog names no call of an agent at that phone"
                       : "have the phone send it within the call, or name the call in "
                         "Target-Dialog (RFC 4538)");
    context_.sip.respond(event.transaction, 403, {}, {}, {}, context_.now);
}

/// The only NOTIFY in the dialog that such a REFER makes (RFC 3515 2.4.4).
sip::RequestOrder Transfers::notification(const sip::RequestArrived& event) const {
    const auto& message = *event.message;
    const auto contact = sip::parse_name_addr(message.first(sip::Header::contact).value_or(""));
    sip::RequestOrder order;
    order.method = sip::Method::notify;
    if (contact && contact->uri.scheme != sip::Uri::Scheme::other)
        order.request_uri = contact->uri.text.substr(0, contact->uri.text.find('?'));
    order.target = event.from;
    order.from_uri = message.to().uri.text;
    order.from_tag = event.local_tag;
    order.to_uri = message.from().uri.text;
    order.to_tag = message.from_tag();
    order.call_id = message.call_id();
    order.contact =
        fmt::format("<{}>", own_uri("acd", own_host(context_.settings, event.from.listener)));
    for (const auto route : message.values(sip::Header::record_route))
        order.route.emplace_back(route);
    order.extra = {{sip::Header::event, "refer"},
                   {sip::Header::subscription_state, "terminated;reason=noresource"}};
    order.content_type = sipfrag_type;
    return order;
}

/// Its subscription ends as it begins: what becomes of the caller later is seen at the phone's
/// call.
void Transfers::accept_outside(const Wish& wish, int status) {
    // NOLINTNEXTLINE(bugprone-unchecked-optional-access): who calls this has looked
    auto order = *wish.notification;
    const std::array contact{sip::ExtraHeader{sip::Header::contact, order.contact}};
    context_.sip.respond(wish.transaction, 202, contact, {}, {}, context_.now);
    order.body = sipfrag(status);
    context_.sip.request(order, context_.now);
}

// ---- What it asks for. --------------------------------------------------------------------------

void Transfers::refer(const sip::RequestArrived& event, Leg& leg) {
    const auto wish = wish_of(event, leg);
    if (!wish) return;
    if (wish->target == conference_code) return to_conference(*wish, leg);
    // Of a conference only the caller is passed on, by the agent who serves the caller.
    if (conferring_.has(leg) && (!wish->replaces.empty() || !connected_call(leg)))
        return answer(*wish, 491);
    if (wish->replaces.empty()) return blind(*wish);
    bool early_only = false;
    Leg* other = replaced(wish->replaces, early_only);
    // A phone may join only what is its own.
    if (other == nullptr || other->device != leg.device || other == &leg) return answer(*wish, 481);
    if (conferring_.has(*other)) return answer(*wish, 491);
    attended(*wish, *other);
}

/// Reads it; answered here where it makes no sense, or is not the sender's to ask.
std::optional<Transfers::Wish> Transfers::wish_of(const sip::RequestArrived& event, Leg& leg) {
    Wish wish{event.transaction, leg.id, leg.agent, {}, {}, {}, {}};
    const auto& message = *event.message;
    const auto refuse = [&](int status) {
        answer(wish, status);
        return std::nullopt;
    };
    // A trunk moves nobody; nor does a phone that nobody is logged in at.
    if (!leg.device || !leg.agent) return refuse(403);
    const auto to = refer_to(message);
    if (!to) return refuse(400);
    wish.target = sip::unescape(to->uri.user);
    wish.replaces = carried(to->uri.headers, "Replaces");
    const auto sub = message.first(sip::Header::refer_sub);
    const bool silent = sub && equal_nocase(trim(sub->substr(0, sub->find(';'))), "false");
    if (!silent && !event.session) {
        wish.notification = notification(event);
        if (wish.notification->request_uri.empty()) return refuse(400);
    } else if (!silent) {
        wish.event = "refer";
        std::erase_if(referrers_, [this](LegId id) { return legs_.find(id) == nullptr; });
        if (!referrers_.insert(leg.id).second)  // RFC 3515 2.4.6: each but the first has an id
            wish.event += fmt::format(";id={}", message.cseq().number);
    }
    return wish;
}

void Transfers::answer(const Wish& wish, int status) {
    context_.sip.respond(wish.transaction, status, {}, {}, {}, context_.now);
}

void Transfers::accept(const Wish& wish) {
    if (wish.notification) return accept_outside(wish, 100);
    // RFC 4488 4: whoever wants no subscription gets none, and is told so.
    const std::array no_subscription{sip::ExtraHeader{sip::Header::refer_sub, "false"}};
    if (wish.event.empty())
        context_.sip.respond(wish.transaction, 202, no_subscription, {}, {}, context_.now);
    else
        answer(wish, 202);
}

/// The final NOTIFY of a REFER that comes to its end at once.
void Transfers::finish(const Wish& wish, int status) {
    if (wish.notification) return accept_outside(wish, status);
    accept(wish);
    notify(wish.leg, wish.event, status, true);
}

void Transfers::notify(LegId id, const std::string& event, int status, bool last) {
    const Leg* leg = legs_.find(id);
    if (leg == nullptr || event.empty()) return;
    const std::array extra{
        sip::ExtraHeader{sip::Header::event, event},
        sip::ExtraHeader{sip::Header::subscription_state,
                         last ? "terminated;reason=noresource" : "active;expires=60"}};
    context_.sip.request_in_dialog(
        leg->session, sip::Method::notify, extra, sipfrag_type, sipfrag(status), context_.now);
}

/// The two calls of the sender become one with the caller in it; the phone ends the one that it
/// sent the REFER in, so that the agent stays with the other.
void Transfers::to_conference(const Wish& wish, const Leg& leg) {
    const int status = conferring_.obstacle(leg);
    finish(wish, status == 0 ? 200 : status);
    if (status == 0) conferring_.merge(leg);
}

}  // namespace holdfast::engine
