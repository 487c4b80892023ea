#include "sip/values.hpp"

#include "base/ascii.hpp"
#include "sip/grammar.hpp"
#include "sip/parameters.hpp"

namespace holdfast::sip {
namespace {

using grammar::Cursor;

constexpr std::uint32_t most_sequence = 0x7fff'ffff;  // RFC 3261 8.1.1.5: below 2^31

std::optional<CSeq> read_cseq(Cursor at) {
    CSeq out;
    const auto value = grammar::number(at.take(grammar::digit), most_sequence);
    if (!value || !at.sees_any(grammar::blank)) return std::nullopt;
    at.skip_blanks();
    out.number = *value;
    out.method_text = at.take(grammar::token);
    out.method = method_of(out.method_text);
    at.skip_blanks();
    return at.done() && !out.method_text.empty() ? std::optional{out} : std::nullopt;
}

/// callid = word [ "@" word ]; empty where there is none.
std::string_view read_call_id(Cursor& at) {
    const auto local = at.take(grammar::word);
    if (local.empty() || !at.eat('@')) return local;
    const auto host = at.take(grammar::word);
    return host.empty() ? std::string_view{}
                        : std::string_view{local.data(), local.size() + 1 + host.size()};
}

}  // namespace

std::expected<CSeq, Fault> parse_cseq(std::string_view text) {
    const auto cseq = read_cseq(Cursor{grammar::trimmed(text)});
    if (!cseq) return std::unexpected{Fault::bad_cseq};
    return *cseq;
}

std::expected<std::uint32_t, Fault> parse_number(std::string_view text, std::uint32_t most) {
    const auto value = grammar::number(grammar::trimmed(text), most);
    if (!value) return std::unexpected{Fault::bad_value};
    return *value;
}

std::expected<std::uint32_t, Fault> parse_retry_after(std::string_view text) {
    Cursor at{grammar::trimmed(text)};
    const auto seconds = grammar::number(at.take(grammar::digit), 0xffff'ffff);
    at.skip_blanks();
    const bool comment = !at.sees('(') || at.comment();
    if (!seconds || !comment || !read_parameters(at)) return std::unexpected{Fault::bad_value};
    return *seconds;
}

std::expected<SessionExpires, Fault> parse_session_expires(std::string_view text) {
    SessionExpires out;
    Cursor at{grammar::trimmed(text)};
    const auto seconds = grammar::number(at.take(grammar::digit), 0xffff'ffff);
    const auto parameters = read_parameters(at);
    if (!seconds || !parameters) return std::unexpected{Fault::bad_value};
    out.seconds = *seconds;
    const auto refresher = find_parameter(*parameters, "refresher");
    if (!refresher) return out;
    if (equal_nocase(*refresher, "uac"))
        out.refresher = SessionExpires::Refresher::uac;
    else if (equal_nocase(*refresher, "uas"))
        out.refresher = SessionExpires::Refresher::uas;
    else
        return std::unexpected{Fault::bad_value};
    return out;
}

std::expected<Replaces, Fault> parse_replaces(std::string_view text) {
    Replaces out;
    Cursor at{grammar::trimmed(text)};
    out.call_id = read_call_id(at);
    const auto parameters = read_parameters(at);
    if (out.call_id.empty() || !parameters) return std::unexpected{Fault::bad_value};
    for_each_parameter(*parameters, [&out](std::string_view name, std::string_view value) {
        if (equal_nocase(name, "to-tag")) out.to_tag = value;
        if (equal_nocase(name, "from-tag")) out.from_tag = value;
        if (equal_nocase(name, "early-only")) out.early_only = true;
        return true;
    });
    // RFC 3891 6.1: exactly one of each.
    if (out.to_tag.empty() || out.from_tag.empty()) return std::unexpected{Fault::bad_value};
    return out;
}

std::expected<TargetDialog, Fault> parse_target_dialog(std::string_view text) {
    TargetDialog out;
    Cursor at{grammar::trimmed(text)};
    out.call_id = read_call_id(at);
    const auto parameters = read_parameters(at);
    if (out.call_id.empty() || !parameters) return std::unexpected{Fault::bad_value};
    for_each_parameter(*parameters, [&out](std::string_view name, std::string_view value) {
        if (equal_nocase(name, "local-tag")) out.local_tag = value;
        if (equal_nocase(name, "remote-tag")) out.remote_tag = value;
        return true;
    });
    if (out.local_tag.empty() || out.remote_tag.empty()) return std::unexpected{Fault::bad_value};
    return out;
}

std::expected<RAck, Fault> parse_rack(std::string_view text) {
    RAck out;
    Cursor at{grammar::trimmed(text)};
    const auto rseq = grammar::number(at.take(grammar::digit), 0xffff'ffff);
    if (!rseq || !at.sees_any(grammar::blank)) return std::unexpected{Fault::bad_value};
    at.skip_blanks();
    const auto cseq = read_cseq(at);
    if (!cseq) return std::unexpected{Fault::bad_value};
    out.rseq = *rseq;
    out.cseq = *cseq;
    return out;
}

std::expected<Reason, Fault> parse_reason(std::string_view text) {
    Reason out;
    Cursor at{grammar::trimmed(text)};
    out.protocol = at.take(grammar::token);
    const auto parameters = read_parameters(at);
    if (out.protocol.empty() || !parameters) return std::unexpected{Fault::bad_value};
    bool sound = true;
    for_each_parameter(*parameters, [&](std::string_view name, std::string_view value) {
        if (equal_nocase(name, "text")) out.text = value;
        if (!equal_nocase(name, "cause")) return true;
        const auto cause = grammar::number(value, 0xffff);
        sound = cause.has_value();
        if (cause) out.cause = static_cast<std::uint16_t>(*cause);
        return sound;
    });
    if (!sound) return std::unexpected{Fault::bad_value};
    return out;
}

}  // namespace holdfast::sip
