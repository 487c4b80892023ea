#include "engine/identity.hpp"

#include "base/ascii.hpp"
#include "engine/dial_plan.hpp"

#include <fmt/format.h>

namespace holdfast::engine {
namespace {

bool withheld(const sip::Message& invite) {
    if (const auto privacy = invite.first(sip::Header::privacy)) {
        std::string_view left = *privacy;
        while (!left.empty()) {
            const auto end = left.find_first_of(";,");
            const auto token = trim(left.substr(0, end));
            if (equal_nocase(token, "id") || equal_nocase(token, "user")) return true;
            left = end == left.npos ? std::string_view{} : left.substr(end + 1);
        }
    }
    return equal_nocase(invite.from().uri.host, "anonymous.invalid");
}

}  // namespace

CallerIdentity identity_of(const sip::Message& invite, const TrunkSettings& trunk) {
    if (withheld(invite)) return {};
    sip::NameAddr who = invite.from();
    for (const std::string_view value : invite.values(sip::Header::p_asserted_identity))
        if (const auto asserted = sip::parse_name_addr(value)) {
            who = *asserted;
            break;
        }
    CallerIdentity identity;
    const auto number = digits_of(sip::unescape(who.uri.user));
    identity.number = rewritten(trunk.inbound_caller, number).substr(0, limits::name_bytes);
    identity.name = sip::clean_display(who.display);
    return identity;
}

std::string own_host(const Settings& settings, ListenerId listener) {
    const auto& l = settings.listeners[listener.value - 1];
    const auto address = text_of(l.bind.address);
    std::string host = l.advertise_host.empty() ? std::string{address.view()} : l.advertise_host;
    if (host.find(':') != host.npos) host = "[" + host + "]";
    const auto port = l.advertise_port != 0 ? l.advertise_port : l.bind.port;
    const std::uint16_t standard = l.transport == sip::Transport::tls ? 5061 : 5060;
    if (port != standard) host += fmt::format(":{}", port);
    return host;
}

std::string own_uri(std::string_view user, std::string_view host) {
    return fmt::format("sip:{}@{}", sip::escape_user(user), host);
}

std::string offer_display(std::string_view queue, Micros waited, std::string_view caller) {
    const auto s = std::chrono::duration_cast<std::chrono::seconds>(waited).count();
    return fmt::format(
        "{} {}:{:02} {}", queue, s / 60, s % 60, caller.empty() ? "anonymous" : caller);
}

}  // namespace holdfast::engine
