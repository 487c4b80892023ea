#include "sip/parameters.hpp"

#include "base/ascii.hpp"
#include "base/limits.hpp"
#include "sip/uri.hpp"

namespace holdfast::sip {

namespace {

/// `tag` and `branch`: a plain value, and once.
class IdentityCheck {
public:
    bool allows(const ParameterList& parameter) {
        const bool is_tag = equal_nocase(parameter.name(), "tag");
        if (!is_tag && !equal_nocase(parameter.name(), "branch")) return true;
        bool& seen = is_tag ? tag_seen_ : branch_seen_;
        const bool again = seen;
        seen = true;
        return !again && !parameter.quoted() && !parameter.value().empty();
    }

private:
    bool tag_seen_ = false;
    bool branch_seen_ = false;
};

}  // namespace

std::expected<std::string_view, Fault> read_parameters(grammar::Cursor& at) {
    at.skip_blanks();
    if (at.done()) return std::string_view{};
    if (!at.eat(';')) return std::unexpected{Fault::bad_value};
    at.skip_blanks();
    const auto list = at.rest();
    ParameterList parameters{list};
    IdentityCheck identity;
    std::size_t count = 0;
    while (parameters.next()) {
        if (++count > limits::parameters) return std::unexpected{Fault::too_many_parameters};
        if (!grammar::all(parameters.name(), grammar::token) || !identity.allows(parameters))
            return std::unexpected{Fault::bad_value};
    }
    if (list.empty() || !parameters.sound()) return std::unexpected{Fault::bad_value};
    return list;
}

}  // namespace holdfast::sip
