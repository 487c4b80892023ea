#include "sip/body.hpp"

#include "base/ascii.hpp"

#include <optional>
#include <string>

namespace holdfast::sip {
namespace {

constexpr int deepest = 2;
constexpr std::string_view sdp_type = "application/sdp";

bool is_type(std::string_view content_type, std::string_view type) {
    return equal_nocase(trim(content_type.substr(0, content_type.find(';'))), type);
}

bool is_multipart(std::string_view content_type) {
    return starts_with_nocase(content_type, "multipart/");
}

std::optional<std::string_view> boundary_of(std::string_view content_type) {
    const auto semicolon = content_type.find(';');
    if (semicolon == content_type.npos) return std::nullopt;
    return find_parameter(content_type.substr(semicolon + 1), "boundary");
}

/// The Content-Type of a part's header section; RFC 2046 5.1: text/plain where it has none.
std::string_view type_of_part(std::string_view headers) {
    while (!headers.empty()) {
        const auto end = headers.find("\r\n");
        const auto line = headers.substr(0, end);
        const auto colon = line.find(':');
        if (colon != line.npos && equal_nocase(trim(line.substr(0, colon)), "content-type"))
            return trim(line.substr(colon + 1));
        if (end == headers.npos) break;
        headers.remove_prefix(end + 2);
    }
    return "text/plain";
}

std::string_view find_sdp(std::string_view content_type, std::string_view body, int depth);

/// One part: header section, empty line, body. A part may have no header section at all.
std::string_view find_in_part(std::string_view part, int depth) {
    if (part.starts_with("\r\n")) return {};
    const auto gap = part.find("\r\n\r\n");
    if (gap == part.npos) return {};
    return find_sdp(type_of_part(part.substr(0, gap)), part.substr(gap + 4), depth + 1);
}

std::string_view find_in_parts(std::string_view body, std::string_view boundary, int depth) {
    const std::string delimiter = "--" + std::string{boundary};
    auto at = body.find(delimiter);
    while (at != body.npos) {
        body.remove_prefix(at + delimiter.size());
        if (body.starts_with("--")) break;  // the last delimiter
        const auto line_end = body.find("\r\n");
        if (line_end == body.npos) break;
        body.remove_prefix(line_end + 2);
        at = body.find("\r\n" + delimiter);
        if (at == body.npos) break;
        const auto found = find_in_part(body.substr(0, at), depth);
        if (!found.empty()) return found;
        at += 2;
    }
    return {};
}

std::string_view find_sdp(std::string_view content_type, std::string_view body, int depth) {
    if (is_type(content_type, sdp_type)) return body;
    if (!is_multipart(content_type) || depth >= deepest) return {};
    const auto boundary = boundary_of(content_type);
    if (!boundary || boundary->empty()) return {};
    return find_in_parts(body, *boundary, depth);
}

}  // namespace

std::string_view sdp_of(const Message& message) {
    if (message.body().empty()) return {};
    return find_sdp(message.first(Header::content_type).value_or(""), message.body(), 0);
}

bool has_foreign_body(const Message& message) {
    if (message.body().empty() || !sdp_of(message).empty()) return false;
    const auto disposition = message.first(Header::content_disposition);
    if (!disposition) return true;
    const auto semicolon = disposition->find(';');
    if (semicolon == disposition->npos) return true;
    const auto handling = find_parameter(disposition->substr(semicolon + 1), "handling");
    return !handling || !equal_nocase(*handling, "optional");
}

}  // namespace holdfast::sip
