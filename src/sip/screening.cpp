#include "sip/screening.hpp"

#include "base/ascii.hpp"
#include "sip/session_body.hpp"
#include "sip/session_timer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace holdfast::sip {
namespace {

// Each check refuses and says false, or says true.
using Check = bool (*)(Core&);

bool deny(Core& core, Denial denial, std::initializer_list<ExtraHeader> extra = {}) {
    core.refuse(denial, extra);
    return false;
}

/// 8.2.1; 21.5.2 for what is no method that we know of.
bool method_is_allowed(Core& core) {
    const Method method = core.message.method();
    if (core.allowed.has(method)) return true;
    const auto denial =
        method == Method::unknown ? Denial::unknown_method : Denial::method_not_allowed;
    return deny(core, denial, {{Header::allow, core.allow_text}});
}

/// 8.2.2.2: the same request by two ways.
bool is_not_merged(Core& core) {
    return !core.transactions.merged(core.message) || deny(core, Denial::merged);
}

/// 16.3 (4): an INVITE of ours that comes back to the URI it was sent to. To another URI it is a
/// spiral, which is allowed.
bool is_no_loop(Core& core) {
    const Message& invite = core.message;
    if (invite.method() != Method::invite || !invite.to_tag().empty()) return true;
    const auto* own = core.session_of(invite.from_tag(), invite.call_id());
    const bool loops = own != nullptr && own->is_early_caller() &&
                       own->dialog.remote_target == invite.request_uri_text();
    return !loops || deny(core, Denial::loop);
}

/// 16.3 (3): we go on with an INVITE on another leg, as a proxy would (RFC 7332 3).
bool has_hops_left(Core& core) {
    const Message& invite = core.message;
    const bool spent =
        invite.method() == Method::invite && invite.to_tag().empty() && invite.max_forwards() == 0u;
    return !spent || deny(core, Denial::too_many_hops);
}

/// 8.2.2.3: all option tags of Require that we do not have go into Unsupported.
bool requires_nothing_else(Core& core) {
    std::string unsupported;
    for (const std::string_view tag : core.message.values(Header::require)) {
        const bool known = std::ranges::any_of(
            core.settings.supported, [&](const auto& own) { return equal_nocase(own, tag); });
        if (known) continue;
        if (!unsupported.empty()) unsupported += ", ";
        unsupported += tag;
    }
    if (unsupported.empty()) return true;
    return deny(core, Denial::unsupported_extension, {{Header::unsupported, unsupported}});
}

/// 8.2.3: bodies of INVITE and UPDATE are session descriptions, not encoded.
bool body_is_understood(Core& core) {
    const Message& request = core.message;
    if (request.method() != Method::invite && request.method() != Method::update) return true;
    const auto encoding = request.first(Header::content_encoding);
    if (encoding && !request.body().empty() && !equal_nocase(*encoding, "identity"))
        return deny(core, Denial::unsupported_media, {{Header::accept_encoding, "identity"}});
    return !has_foreign_body(request) ||
           deny(core, Denial::unsupported_media, {{Header::accept, "application/sdp"}});
}

/// 8.1.1.8: an INVITE names one Contact, else no dialog can be made.
bool has_contact(Core& core) {
    const Message& invite = core.message;
    if (invite.method() != Method::invite || !invite.to_tag().empty()) return true;
    const auto contact = invite.first(Header::contact);
    if (contact && *contact != "*") return true;
    core.refuse(Fault::bad_contact);
    return false;
}

/// RFC 4028 9; within a dialog the session itself looks.
bool interval_is_long_enough(Core& core) {
    const Message& invite = core.message;
    if (invite.method() != Method::invite || !invite.to_tag().empty()) return true;
    const auto wish = timer_wish(invite);
    if (!wish) {
        core.refuse(wish.error());
        return false;
    }
    if (!answer_timer(*wish, core.timer_limits).too_small) return true;
    return deny(core,
                Denial::interval_too_small,
                {{Header::min_se, fmt::format("{}", core.timer_limits.min_se_s)}});
}

constexpr Check checks[] = {method_is_allowed,
                            is_not_merged,
                            is_no_loop,
                            has_hops_left,
                            requires_nothing_else,
                            body_is_understood,
                            has_contact,
                            interval_is_long_enough};

}  // namespace

bool passes_screening(Core& core) {
    return std::ranges::all_of(checks, [&](Check check) { return check(core); });
}

bool needs_dialog(Method method) {
    return method == Method::bye || method == Method::update || method == Method::prack ||
           method == Method::info;
}

}  // namespace holdfast::sip
