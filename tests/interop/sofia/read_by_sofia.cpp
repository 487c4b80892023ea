#include "interop/sofia/reading.hpp"
#include "sip/header.hpp"
#include "sip/lines.hpp"
#include "sip/uri.hpp"

#include <sofia-sip/msg.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_protos.h>
#include <sofia-sip/sip_util.h>

#include <memory>

namespace holdfast::differential {
namespace {

std::string text(const char* s) {
    return s == nullptr ? std::string{} : std::string{s};
}

void copy_fields(const sip_t& sip, Reading& out) {
    if (sip.sip_request != nullptr) {
        out.method = text(sip.sip_request->rq_method_name);
        out.uri_user = sip::unescape(text(sip.sip_request->rq_url->url_user));
        out.uri_host = text(sip.sip_request->rq_url->url_host);
    }
    if (sip.sip_status != nullptr)
        out.status = static_cast<std::uint32_t>(sip.sip_status->st_status);
    out.call_id = text(sip.sip_call_id->i_id);
    out.cseq = sip.sip_cseq->cs_seq;
    out.cseq_method = text(sip.sip_cseq->cs_method_name);
    out.from_tag = text(sip.sip_from->a_tag);
    out.to_tag = text(sip.sip_to->a_tag);
    out.branch = text(sip.sip_via->v_branch);
    out.sent_by = text(sip.sip_via->v_host);
    for (const auto* via = sip.sip_via; via != nullptr; via = via->v_next)
        ++out.vias;
    for (const auto* contact = sip.sip_contact; contact != nullptr; contact = contact->m_next)
        ++out.contacts;
    if (sip.sip_contact != nullptr && sip.sip_contact->m_url->url_type != url_any) {
        out.contact_user = sip::unescape(text(sip.sip_contact->m_url->url_user));
        out.contact_host = text(sip.sip_contact->m_url->url_host);
    }
    if (sip.sip_payload != nullptr)
        out.body.assign(sip.sip_payload->pl_data, sip.sip_payload->pl_len);
}

using Sofia = std::unique_ptr<msg_t, void (*)(msg_t*)>;

Sofia read(std::string_view bytes) {
    return {msg_make(sip_default_mclass(), 0, bytes.data(), static_cast<ssize_t>(bytes.size())),
            [](msg_t* m) { msg_destroy(m); }};
}

bool has_errors(std::string_view bytes) {
    const auto message = read(bytes);
    const auto* const sip = message ? sip_object(message.get()) : nullptr;
    return sip == nullptr || sip->sip_error != nullptr;
}

/// Sofia often does not say which header it could not read: it is the first that it cannot read
/// alone either. Where there is none, one of them must not stand twice.
std::string culprit(std::string_view bytes) {
    auto rest = bytes;
    static_cast<void>(sip::take_line(rest));
    const std::string start{bytes.substr(0, bytes.size() - rest.size())};
    for (;;) {
        const auto field = sip::take_field(rest);
        if (field.text.empty()) return "repetition";
        if (!has_errors(start + std::string{field.text} + "\r\n\r\n")) continue;
        const auto name = sip::header_of(sip::split_field(field.text).name);
        return name == sip::Header::unknown ? "header line" : std::string{sip::text_of(name)};
    }
}

/// Why a message is refused that its parser could not read, or that lacks what it must have.
std::string refusal(const sip_t* sip, std::string_view bytes) {
    if (sip == nullptr || (sip->sip_request == nullptr && sip->sip_status == nullptr))
        return "start line";
    if (sip->sip_error != nullptr) return culprit(bytes);
    if ((sip->sip_flags & (MSG_FLG_ERROR | MSG_FLG_TRUNC)) != 0) return "truncated";
    const bool whole = sip->sip_via != nullptr && sip->sip_from != nullptr &&
                       sip->sip_to != nullptr && sip->sip_call_id != nullptr &&
                       sip->sip_cseq != nullptr;
    return whole && sip_sanity_check(sip) >= 0 ? "" : "sanity";
}

}  // namespace

Reading read_by_sofia(std::string_view bytes) {
    Reading out;
    const auto message = read(bytes);
    const auto* const sip = message ? sip_object(message.get()) : nullptr;
    out.refused_for = refusal(sip, bytes);
    out.accepted = out.refused_for.empty();
    if (out.accepted) copy_fields(*sip, out);
    return out;
}

}  // namespace holdfast::differential
