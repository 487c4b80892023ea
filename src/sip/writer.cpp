#include "sip/writer.hpp"

#include "base/ensure.hpp"
#include "sip/grammar.hpp"

#include <array>
#include <charconv>

namespace holdfast::sip {
namespace {

/// Appends text that stays within its line. A fold, CR LF and the blanks behind it, becomes one
/// blank (RFC 3261 7.3.1), and so does any other run with a CR or LF in it.
void append_line_text(std::string& out, std::string_view text) {
    for (;;) {
        const auto at = text.find_first_of("\r\n");
        out += text.substr(0, at);
        if (at == text.npos) return;
        text.remove_prefix(at);
        const auto behind = text.find_first_not_of("\r\n \t");
        if (!out.ends_with(' ')) out += ' ';
        if (behind == text.npos) return;
        text.remove_prefix(behind);
    }
}

/// Appends a URI. What would end it within a start line or angle brackets is escaped.
void append_uri(std::string& out, std::string_view uri) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    for (const char c : uri) {
        const auto byte = static_cast<std::uint8_t>(c);
        if (byte > ' ' && byte != 0x7f && c != '<' && c != '>' && c != '"') {
            out += c;
            continue;
        }
        out += '%';
        out += hex[byte >> 4];
        out += hex[byte & 0xf];
    }
}

void append_only(std::string& out, std::string_view text, grammar::Set allowed) {
    for (const char c : text)
        if (grammar::is(c, allowed)) out += c;
}

void append_number(std::string& out, std::uint64_t value) {
    std::array<char, 20> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    out.append(digits.data(), end);
}

/// Room for a usual message at once, instead of growing several times.
void make_room(std::string& out) {
    constexpr std::size_t usual = 1024;
    if (out.capacity() - out.size() < usual) out.reserve(out.size() + usual);
}

}  // namespace

std::string name_addr(std::string_view display, std::string_view uri, std::string_view tag) {
    std::string out;
    out.reserve(display.size() + uri.size() + tag.size() + 16);
    if (!display.empty()) {
        out += '"';
        for (const char c : display) {
            if (c == '"' || c == '\\') out += '\\';
            out += static_cast<std::uint8_t>(c) < ' ' || c == 0x7f ? ' ' : c;
        }
        out += "\" ";
    }
    out += '<';
    append_uri(out, uri);
    out += '>';
    if (!tag.empty()) {
        out += ";tag=";
        append_only(out, tag, grammar::bare);  // as wide as tags are read
    }
    return out;
}

Writer& Writer::request(Method method, std::string_view uri) {
    ensure(method != Method::unknown, "an unknown method is printed by its text");
    return request(text_of(method), uri);
}

Writer& Writer::request(std::string_view method, std::string_view uri) {
    make_room(out_);
    append_only(out_, method, grammar::token);
    out_ += ' ';
    append_uri(out_, uri);
    out_ += " SIP/2.0\r\n";
    return *this;
}

Writer& Writer::response(int status, std::string_view reason) {
    ensure(status >= 100 && status <= 699, "a status has three digits");
    make_room(out_);
    out_ += "SIP/2.0 ";
    append_number(out_, static_cast<std::uint64_t>(status));
    out_ += ' ';
    append_line_text(out_, reason.empty() ? reason_phrase(status) : reason);
    out_ += "\r\n";
    return *this;
}

Writer& Writer::field(Header name, std::string_view value) {
    ensure(name != Header::unknown, "an unknown header is printed by its name");
    out_ += text_of(name);
    out_ += ": ";
    append_line_text(out_, value);
    out_ += "\r\n";
    return *this;
}

Writer& Writer::field(Header name, std::uint32_t value) {
    ensure(name != Header::unknown, "an unknown header is printed by its name");
    out_ += text_of(name);
    out_ += ": ";
    append_number(out_, value);
    out_ += "\r\n";
    return *this;
}

Writer& Writer::field(std::string_view name, std::string_view value) {
    append_only(out_, name, grammar::token);
    out_ += ": ";
    append_line_text(out_, value);
    out_ += "\r\n";
    return *this;
}

Writer& Writer::copy(const HeaderField& field) {
    return field.name == Header::unknown ? this->field(field.spelled, field.value)
                                         : this->field(field.name, field.value);
}

Writer& Writer::copy_all(const Message& from, Header name) {
    if (!from.has(name)) return *this;
    for (const auto& field : from.fields())
        if (field.name == name) copy(field);
    return *this;
}

void Writer::finish(std::string_view content_type, std::string_view body) {
    if (!body.empty()) field(Header::content_type, content_type);
    out_ += "Content-Length: ";
    append_number(out_, body.size());
    out_ += "\r\n\r\n";
    out_ += body;
}

}  // namespace holdfast::sip
