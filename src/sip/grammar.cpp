#include "sip/grammar.hpp"

#include "base/address.hpp"

namespace holdfast::sip::grammar {
namespace {

/// RFC 1123 labels. What is only digits and dots must be an IPv4 address; other labels may begin
/// with a digit, as names of containers do.
bool is_host_name(std::string_view name) {
    if (name.empty() || name.front() == '.') return false;
    bool only_numbers = true;
    char before = 0;
    for (const char c : name) {
        if (c == '.' && before == '.') return false;
        if (!is_digit(c) && c != '.') only_numbers = false;
        before = c;
    }
    return !only_numbers || parse_address(name).has_value();
}

}  // namespace

std::optional<IpAddress> read_address(std::string_view text) {
    constexpr std::size_t longest = 45;  // "0000:" six times and an IPv4 address
    if (text.size() > longest + 1) return std::nullopt;
    if (const auto address = parse_address(text)) return *address;
    const auto colons = text.find(":::");
    const auto tail = colons == text.npos ? text : text.substr(colons + 3);
    if (tail.find(':') != tail.npos || !parse_address(tail)) return std::nullopt;
    std::array<char, longest + 1> mended{};
    const auto head = text.substr(0, colons + 2).copy(mended.data(), mended.size());
    const auto size = head + tail.copy(mended.data() + head, mended.size() - head);
    const auto address = parse_address({mended.data(), size});
    return address ? std::optional{*address} : std::nullopt;
}

std::optional<HostText> take_host(Cursor& at) {
    if (at.eat('[')) {
        const auto inside = at.until(']');
        if (!inside || inside->find(':') == inside->npos || !read_address(*inside))
            return std::nullopt;
        return HostText{*inside, true};
    }
    const auto name = at.take(host);
    if (!is_host_name(name)) return std::nullopt;
    return HostText{name, false};
}

std::string_view next_value(std::string_view& rest) {
    Cursor at{rest};
    const char* const start = at.position();
    while (!at.done()) {
        while (!at.done() && !at.sees_any(splitter))
            at.skip(1);
        if (at.sees(',')) {
            const auto value = at.since(start);
            at.skip(1);
            rest = at.rest();  // not null, though it may be empty: another value is due
            return trimmed(value);
        }
        if (at.sees('"'))
            static_cast<void>(at.quoted());
        else if (at.sees('<') && !at.until('>'))
            at.skip(at.rest().size());
    }
    const auto value = at.since(start);
    rest = {};
    return trimmed(value);
}

}  // namespace holdfast::sip::grammar
