// Digest credentials and challenges (RFC 7616 3.3, 3.4; RFC 3261 25.1).
#include "base/ascii.hpp"
#include "base/limits.hpp"
#include "sip/grammar.hpp"
#include "sip/values.hpp"

#include <array>

namespace holdfast::sip {
namespace {

using grammar::Cursor;

struct Field {
    std::string_view name;
    std::string_view Digest::* member;
};
constexpr std::array<Field, 11> digest_fields{{{"realm", &Digest::realm},
                                               {"nonce", &Digest::nonce},
                                               {"uri", &Digest::uri},
                                               {"username", &Digest::username},
                                               {"response", &Digest::response},
                                               {"algorithm", &Digest::algorithm},
                                               {"cnonce", &Digest::cnonce},
                                               {"opaque", &Digest::opaque},
                                               {"qop", &Digest::qop},
                                               {"nc", &Digest::nc},
                                               {"domain", &Digest::domain}}};

/// False where a parameter comes a second time: which one counts would be a guess.
bool put(Digest& out, std::string_view name, std::string_view value) {
    if (equal_nocase(name, "stale")) out.stale = equal_nocase(value, "true");
    for (const auto& field : digest_fields) {
        if (!equal_nocase(name, field.name)) continue;
        if ((out.*field.member).data() != nullptr) return false;
        out.*field.member = value;
    }
    return true;
}

bool read_pair(Cursor& at, Digest& out) {
    const auto name = at.take(grammar::token);
    if (name.empty() || !at.eat_spaced('=')) return false;
    if (at.sees('"')) {
        const auto inside = at.quoted();
        return inside && put(out, name, *inside);
    }
    const auto value = at.take(grammar::bare);
    return !value.empty() && put(out, name, value);
}

}  // namespace

std::expected<Digest, Fault> parse_digest(std::string_view text) {
    Digest out;
    Cursor at{grammar::trimmed(text)};
    if (!equal_nocase(at.take(grammar::token), "digest") || !at.sees_any(grammar::blank))
        return std::unexpected{Fault::bad_authorization};
    at.skip_blanks();
    std::size_t count = 0;
    do {
        if (++count > limits::parameters || !read_pair(at, out))
            return std::unexpected{Fault::bad_authorization};
    } while (at.eat_spaced(','));
    if (!at.done()) return std::unexpected{Fault::bad_authorization};
    return out;
}

}  // namespace holdfast::sip
