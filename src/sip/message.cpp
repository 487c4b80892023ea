#include "sip/message.hpp"

#include "base/ascii.hpp"
#include "sip/grammar.hpp"

namespace holdfast::sip {

static_assert(limits::headers < 256, "places of fields are bytes");

ValueRange::Iterator::Iterator(std::span<const HeaderField> fields, Header name)
    : fields_{fields}, name_{name} {
    ++*this;
}

ValueRange::Iterator& ValueRange::Iterator::operator++() {
    at_ = nullptr;
    for (;;) {
        while (!rest_.empty()) {
            if (is_list(name_))
                value_ = grammar::next_value(rest_);
            else
                value_ = rest_, rest_ = {};
            if (value_.empty()) continue;
            at_ = value_.data();
            return *this;
        }
        while (!fields_.empty() && fields_.front().name != name_)
            fields_ = fields_.subspan(1);
        if (fields_.empty()) return *this;
        rest_ = fields_.front().value;
        fields_ = fields_.subspan(1);
    }
}

ValueRange::Iterator ValueRange::Iterator::operator++(int) {
    const auto before = *this;
    ++*this;
    return before;
}

ValueRange::Iterator ValueRange::begin() const {
    return {fields_, name_};
}

ValueRange::Iterator ValueRange::end() const {
    return {};
}

std::optional<std::string_view> Message::first(Header name) const {
    const auto place = parts_.first[static_cast<std::size_t>(name)];
    if (place == 0) return std::nullopt;
    return fields_[place - 1u].value;
}

bool Message::lists(Header name, std::string_view token) const {
    if (!has(name)) return false;
    for (const std::string_view value : values(name)) {
        // Accept and the like carry parameters behind the token.
        const auto plain = grammar::trimmed(value.substr(0, value.find(';')));
        if (equal_nocase(plain, token)) return true;
    }
    return false;
}

bool Message::body_is(std::string_view media_type) const {
    const auto type = first(Header::content_type);
    if (!type) return false;
    grammar::Cursor at{*type};
    const auto main = at.take(grammar::token);
    if (!at.eat_spaced('/')) return false;
    const auto sub = at.take(grammar::token);
    const auto slash = media_type.find('/');
    return slash != media_type.npos && equal_nocase(main, media_type.substr(0, slash)) &&
           equal_nocase(sub, media_type.substr(slash + 1));
}

}  // namespace holdfast::sip
