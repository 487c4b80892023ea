#include "sip/session_body.hpp"

#include "base/ascii.hpp"

namespace holdfast::sip {

bool has_foreign_body(const Message& message) {
    if (message.body().empty() || !sdp_of(message).empty()) return false;
    const auto disposition = message.first(Header::content_disposition).value_or("");
    const auto semicolon = disposition.find(';');
    if (semicolon == disposition.npos) return true;
    const auto handling = find_parameter(disposition.substr(semicolon + 1), "handling");
    return !handling || !equal_nocase(*handling, "optional");
}

}  // namespace holdfast::sip
