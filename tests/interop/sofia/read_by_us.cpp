#include "interop/sofia/reading.hpp"
#include "sip/message.hpp"

namespace holdfast::differential {
namespace {

std::string with_brackets(std::string_view host, bool bracketed) {
    std::string out{host};
    return bracketed ? "[" + out + "]" : out;
}

}  // namespace

Reading read_by_us(std::string_view bytes) {
    Reading out;
    sip::Message m;
    const auto read = m.read(bytes);
    out.accepted = read.has_value();
    if (!read) {
        out.refused_for = sip::name_of(read.error());
        return out;
    }
    out.status = static_cast<std::uint32_t>(m.status());
    if (m.is_request()) {
        out.method = m.method_text();
        out.uri_user = sip::unescape(m.request_uri().user);
        out.uri_host = with_brackets(m.request_uri().host, m.request_uri().bracketed);
    }
    out.call_id = m.call_id();
    out.cseq = m.cseq().number;
    out.cseq_method = m.cseq().method_text;
    out.from_tag = m.from_tag();
    out.to_tag = m.to_tag();
    out.branch = m.via().branch;
    const auto host = m.via().host;
    out.sent_by = with_brackets(host, host.find(':') != host.npos);
    out.vias = static_cast<std::uint32_t>(m.via_count());
    out.body = m.body();
    for (const auto value : m.values(sip::Header::contact)) {
        ++out.contacts;
        const auto contact = sip::parse_name_addr(value);
        if (!contact || out.contacts > 1) continue;
        out.contact_user = sip::unescape(contact->uri.user);
        out.contact_host = with_brackets(contact->uri.host, contact->uri.bracketed);
    }
    return out;
}

std::string_view difference(const Reading& a, const Reading& b) {
    if (a.method != b.method || a.status != b.status) return "start line";
    if (a.uri_user != b.uri_user || a.uri_host != b.uri_host) return "Request-URI";
    if (a.call_id != b.call_id) return "Call-ID";
    if (a.cseq != b.cseq || a.cseq_method != b.cseq_method) return "CSeq";
    if (a.from_tag != b.from_tag) return "From tag";
    if (a.to_tag != b.to_tag) return "To tag";
    if (a.branch != b.branch || a.sent_by != b.sent_by || a.vias != b.vias) return "Via";
    if (a.contacts != b.contacts || a.contact_user != b.contact_user ||
        a.contact_host != b.contact_host)
        return "Contact";
    return a.body == b.body ? "" : "body";
}

}  // namespace holdfast::differential
