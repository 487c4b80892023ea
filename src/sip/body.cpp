#include "sip/body.hpp"

#include "base/ascii.hpp"
#include "sip/grammar.hpp"
#include "sip/lines.hpp"

namespace holdfast::sip {
namespace {

struct Part {
    std::string_view type;  ///< Its Content-Type value; empty: text/plain (RFC 2046 5.2).
    std::string_view content;
};

/// Takes a text apart at the lines that are "--boundary" (RFC 2046 5.1.1).
class PartReader {
public:
    PartReader(std::string_view body, std::string_view boundary)
        : rest_{body}, boundary_{boundary} {
        static_cast<void>(up_to_delimiter());  // what is before the first one means nothing
    }

    bool next(Part& part) {
        if (!open_) return false;
        auto content = up_to_delimiter();
        part.type = {};
        for (;;) {
            const auto line = take_field(content);
            if (line.text.empty()) break;
            const auto [name, value] = split_field(line.text);
            if (header_of(name) == Header::content_type) part.type = value;
        }
        part.content = content;
        return open_ || closed_;
    }

private:
    /// What stands before the next delimiter line, which is passed. `open_`: a part follows it.
    std::string_view up_to_delimiter() {
        const auto all = rest_;
        std::size_t at = 0;
        open_ = closed_ = false;
        while (at < all.size()) {
            const auto end = all.find('\n', at);
            const auto line = grammar::trimmed(all.substr(at, end - at));
            const auto behind = end == all.npos ? all.size() : end + 1;
            if (is_delimiter(line)) {
                rest_ = all.substr(behind);
                closed_ = line.size() == boundary_.size() + 4;
                open_ = !closed_;
                return without_line_end(all.substr(0, at));
            }
            at = behind;
        }
        rest_ = {};
        return all;
    }
    bool is_delimiter(std::string_view line) const {
        if (!line.starts_with("--") || line.substr(2, boundary_.size()) != boundary_) return false;
        const auto behind = line.substr(boundary_.size() + 2);
        return behind.empty() || behind == "--";
    }
    /// The line end before a delimiter belongs to the delimiter.
    static std::string_view without_line_end(std::string_view text) {
        if (text.ends_with('\n')) text.remove_suffix(1);
        if (text.ends_with('\r')) text.remove_suffix(1);
        return text;
    }

    std::string_view rest_, boundary_;
    bool open_ = false;    // a part follows
    bool closed_ = false;  // the last delimiter was passed
};

struct MediaType {
    std::string_view main, sub, parameters;
};

MediaType read_type(std::string_view text) {
    grammar::Cursor at{text};
    MediaType type;
    type.main = at.take(grammar::token);
    if (!at.eat_spaced('/')) return {};
    type.sub = at.take(grammar::token);
    at.skip_blanks();
    if (at.eat(';')) type.parameters = at.rest();
    return type;
}

std::string_view find_in(Part whole, std::string_view wanted, int depth) {
    const auto type = read_type(whole.type);
    const auto slash = wanted.find('/');
    if (equal_nocase(type.main, wanted.substr(0, slash)) &&
        equal_nocase(type.sub, wanted.substr(slash + 1)))
        return whole.content;
    if (!equal_nocase(type.main, "multipart") || depth == 0) return {};
    const auto boundary = find_parameter(type.parameters, "boundary").value_or("");
    if (boundary.empty()) return {};
    PartReader parts{whole.content, boundary};
    for (Part part; parts.next(part);)
        if (const auto found = find_in(part, wanted, depth - 1); !found.empty()) return found;
    return {};
}

}  // namespace

std::string_view find_body(const Message& message, std::string_view media_type) {
    const auto type = message.first(Header::content_type);
    if (!type) return {};
    return find_in({*type, message.body()}, media_type, most_multipart_depth);
}

}  // namespace holdfast::sip
