// Our parser against Sofia-SIP's on generated messages, well-formed and broken. Both must read the
// same out of what both accept. Where only one accepts, or they read something else, the kind of
// disagreement must stand in the table with its reason: a new kind fails.
#include "interop/sofia/generator.hpp"
#include "interop/sofia/reading.hpp"
#include "sip/grammar.hpp"
#include "sip/message.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <set>
#include <string>
#include <string_view>

using namespace holdfast;
using namespace holdfast::differential;

namespace {

using Predicate = bool (*)(std::string_view bytes);

bool any_value(std::string_view bytes, bool (*holds)(std::string_view value)) {
    sip::Message m;
    if (const auto read = m.read(bytes); !read && !m.started()) return false;
    for (const auto& field : m.fields())
        for (const auto value : m.values(field.name))
            if (holds(value)) return true;
    return false;
}

/// A value of an unquoted parameter with characters that are no token, nor of a host.
bool odd_parameter(std::string_view bytes) {
    return any_value(bytes, [](std::string_view value) {
        const auto party = sip::parse_name_addr(value);
        const auto via = sip::parse_via(value);
        sip::ParameterList list{party ? party->parameters : via ? via->parameters : ""};
        while (list.next())
            if (list.has_value() && !list.quoted() &&
                !sip::grammar::all(list.value(), sip::grammar::token))
                return true;
        return false;
    });
}

/// A display name with bytes beyond ASCII and no quotes.
bool bare_utf8_display(std::string_view bytes) {
    return any_value(bytes, [](std::string_view value) {
        const auto party = sip::parse_name_addr(value);
        if (!party || party->quoted) return false;
        for (const char c : party->display)
            if (static_cast<std::uint8_t>(c) >= 0x80) return true;
        return false;
    });
}

/// A value without angle brackets and with a fold.
bool fold_without_brackets(std::string_view bytes) {
    return any_value(bytes, [](std::string_view value) {
        const auto uri = value.substr(0, value.find(';'));
        return uri.find('<') == uri.npos && value.find("\r\n") != value.npos;
    });
}

/// A URI with a scheme of which we read nothing.
bool foreign_scheme(std::string_view bytes) {
    return any_value(bytes, [](std::string_view value) {
        const auto party = sip::parse_name_addr(value);
        return party && party->uri.scheme == sip::Uri::Scheme::other;
    });
}

bool quoted_nul(std::string_view bytes) {
    return bytes.find(std::string_view{"\\\0", 2}) != bytes.npos;
}

bool unknown_method(std::string_view bytes) {
    sip::Message m;
    return m.read(bytes) && m.method() == sip::Method::unknown;
}

struct Row {
    std::string_view kind;
    Predicate applies;  ///< Null: always.
    std::string_view section, why;
};

constexpr Row rows[] = {
    // We are stricter.
    {"we refuse: bad_line_end", nullptr, "RFC 3261 7", "CR LF ends lines, neither alone does"},
    {"we refuse: headers_cut_short", nullptr, "RFC 3261 7", "an empty line must end the headers"},
    {"we refuse: not_sip", nullptr, "RFC 3261 7.1", "the version is SIP/2.0, not almost"},
    {"we refuse: bad_version", nullptr, "RFC 3261 21.5.6", "505, whatever the version is"},
    {"we refuse: bad_start_line", nullptr, "RFC 3261 25.1", "two single blanks part three words"},
    {"we refuse: bad_status_line", nullptr, "RFC 3261 7.2", "a status has three digits"},
    {"we refuse: bad_method", nullptr, "RFC 3261 25.1", "a method is a token"},
    {"we refuse: bad_header_line", nullptr, "RFC 3261 25.1", "a header name is a token"},
    {"we refuse: bad_request_uri",
     nullptr,
     "RFC 3261 25.1",
     "characters, ports, addresses of URIs"},
    {"we refuse: unsupported_scheme", nullptr, "RFC 3261 21.4.14", "416, decided at once"},
    {"we refuse: bad_contact", nullptr, "RFC 3261 25.1", "as for the Request-URI, and separators"},
    {"we refuse: bad_from", nullptr, "RFC 3261 25.1", "as for the Request-URI, and separators"},
    {"we refuse: bad_to", nullptr, "RFC 3261 25.1", "as for the Request-URI, and separators"},
    {"we refuse: bad_route", nullptr, "RFC 3261 25.1", "as for the Request-URI, and separators"},
    {"we refuse: bad_via", nullptr, "RFC 3261 25.1", "addresses, ports, rport, separators"},
    {"we refuse: bad_call_id", nullptr, "RFC 3261 25.1", "word, at most one '@'"},
    {"we refuse: bad_cseq", nullptr, "RFC 3261 8.1.1.5", "below 2^31, then a token alone"},
    {"we refuse: bad_max_forwards", nullptr, "RFC 3261 20.22", "0 to 255"},
    {"we refuse: bad_content_type", nullptr, "RFC 3261 25.1", "type/subtype"},
    {"we refuse: bad_content_length", nullptr, "RFC 3261 25.1", "digits alone"},
    {"we refuse: body_cut_short", nullptr, "RFC 3261 18.3", "a datagram shorter than it says"},
    {"we refuse: repeated_header", nullptr, "RFC 3261 7.3.1", "two of what must be one"},
    {"we refuse: no_via", nullptr, "RFC 3261 8.1.1", "a mandatory header"},
    // We are looser.
    {"sofia refuses: Date", nullptr, "RFC 4475 3.1.2.12", "not used, so not read"},
    {"sofia refuses: Allow", nullptr, "RFC 3261 20.5", "a list is read when it is asked"},
    {"sofia refuses: Supported", nullptr, "RFC 3261 20.37", "a list is read when it is asked"},
    {"sofia refuses: Expires", nullptr, "RFC 3261 20.19", "malformed means its default"},
    {"sofia refuses: repetition", nullptr, "RFC 3261 7.3.1", "harmless ones: Subject, Server..."},
    {"sofia refuses: header line", nullptr, "RFC 3261 7.3.1", "unknown headers are carried"},
    {"sofia refuses: Via", odd_parameter, "RFC 3261 8.1.1.7", "a branch is opaque to others"},
    {"sofia refuses: From", odd_parameter, "RFC 3261 19.3", "a tag is opaque to others"},
    {"sofia refuses: To", odd_parameter, "RFC 3261 19.3", "a tag is opaque to others"},
    {"sofia refuses: Contact", odd_parameter, "RFC 3261 8.2.2", "ignore what is not understood"},
    {"sofia refuses: From", bare_utf8_display, "RFC 3261 25.1", "phones leave quotes out"},
    {"sofia refuses: To", bare_utf8_display, "RFC 3261 25.1", "phones leave quotes out"},
    {"sofia refuses: Contact", bare_utf8_display, "RFC 3261 25.1", "phones leave quotes out"},
    {"sofia refuses: Route", bare_utf8_display, "RFC 3261 25.1", "phones leave quotes out"},
    {"sofia refuses: Record-Route", bare_utf8_display, "RFC 3261 25.1", "as in Route"},
    {"differs: Contact", bare_utf8_display, "RFC 3261 25.1", "phones leave quotes out"},
    {"sofia refuses: Refer-To", nullptr, "RFC 3515 2.1", "read by who uses it"},
    {"sofia refuses: Referred-By", nullptr, "RFC 3892 3", "read by who uses it"},
    {"sofia refuses: Session-Expires", nullptr, "RFC 4028 4", "read by who uses it"},
    {"sofia refuses: Event", nullptr, "RFC 6665 8.2.1", "read by who uses it"},
    {"sofia refuses: Allow-Events", nullptr, "RFC 6665 8.2.2", "read by who uses it"},
    {"sofia refuses: Content-Encoding", nullptr, "RFC 3261 20.12", "read by who uses it"},
    {"sofia refuses: Content-Type", nullptr, "RFC 3261 20.15", "parameters: by who uses them"},
    // Sofia is wrong.
    {"sofia refuses: From", fold_without_brackets, "RFC 3261 25.1", "a fold may stand in SEMI"},
    {"sofia refuses: To", fold_without_brackets, "RFC 3261 25.1", "a fold may stand in SEMI"},
    {"sofia refuses: From", quoted_nul, "RFC 4475 3.1.1.2", "NUL may stand in a quoted pair"},
    {"sofia refuses: To", quoted_nul, "RFC 4475 3.1.1.2", "NUL may stand in a quoted pair"},
    {"sofia refuses: Contact", quoted_nul, "RFC 4475 3.1.1.2", "NUL may stand in a quoted pair"},
    {"sofia refuses: CSeq", unknown_method, "RFC 3261 7.1", "methods like known ones, but not"},
    // We read less.
    {"sofia refuses: From", foreign_scheme, "RFC 4475 3.3.4", "schemes we cannot call"},
    {"sofia refuses: To", foreign_scheme, "RFC 4475 3.3.4", "schemes we cannot call"},
    {"sofia refuses: Contact", foreign_scheme, "RFC 4475 3.3.4", "schemes we cannot call"},
    {"differs: Contact", foreign_scheme, "RFC 3261 8.1.1.8", "schemes we cannot call"},
};

const Row* row_for(std::string_view kind, std::string_view bytes) {
    for (const auto& row : rows)
        if (row.kind == kind && (row.applies == nullptr || row.applies(bytes))) return &row;
    return nullptr;
}

/// Empty where the two agree.
std::string disagreement(const Reading& ours, const Reading& sofias) {
    if (ours.accepted && !sofias.accepted) return "sofia refuses: " + sofias.refused_for;
    if (!ours.accepted && sofias.accepted) return "we refuse: " + ours.refused_for;
    if (!ours.accepted) return {};
    const auto field = difference(ours, sofias);
    return field.empty() ? std::string{} : "differs: " + std::string{field};
}

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
    const char* const text = std::getenv(name);  // NOLINT(concurrency-mt-unsafe)
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

/// Whether both accept. What must not be fails the test and is shown.
bool compare(std::string_view bytes, bool well_formed, std::string_view which) {
    const auto ours = read_by_us(bytes);
    const auto sofias = read_by_sofia(bytes);
    const auto kind = disagreement(ours, sofias);
    INFO(which << ": " << kind << '\n' << bytes);
    CHECK((kind.empty() || row_for(kind, bytes) != nullptr));
    CHECK((ours.accepted || !well_formed));
    return ours.accepted && sofias.accepted;
}

}  // namespace

// HOLDFAST_DIFFERENTIAL and HOLDFAST_SEED set the number of messages and where they begin.
TEST_CASE("sofia: every disagreement is known and has its reason", "[sip][sofia]") {
    const auto count = from_environment("HOLDFAST_DIFFERENTIAL", 12'000);
    const auto seed = from_environment("HOLDFAST_SEED", 1);
    Generator generator{seed};
    std::uint64_t both = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto mutation = i % 3 == 0 ? Mutation::none : generator.mutation();
        const auto bytes = generator.broken(generator.message(), mutation);
        const auto which = "seed " + std::to_string(seed) + ", message " + std::to_string(i);
        both += compare(bytes, mutation == Mutation::none, which) ? 1 : 0;
    }
    // Most messages must have been compared field by field, or this tests nothing.
    CHECK(both > count / 2);
}

TEST_CASE("sofia: no kind of disagreement stands twice for the same reason", "[sip][sofia]") {
    std::set<std::pair<std::string_view, Predicate>> seen;
    for (const auto& row : rows) {
        CAPTURE(row.kind);
        CHECK(seen.emplace(row.kind, row.applies).second);
        CHECK_FALSE(row.why.empty());
    }
}
