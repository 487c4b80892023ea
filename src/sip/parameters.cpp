#include "sip/parameters.hpp"

#include "base/ascii.hpp"
#include "base/limits.hpp"
#include "sip/uri.hpp"

namespace holdfast::sip {

std::expected<std::string_view, Fault> read_parameters(grammar::Cursor& at) {
    at.skip_blanks();
    if (at.done()) return std::string_view{};
    if (!at.eat(';')) return std::unexpected{Fault::bad_value};
    at.skip_blanks();
    const auto list = at.rest();
    if (list.empty()) return std::unexpected{Fault::bad_value};
    ParameterList parameters{list};
    std::size_t count = 0;
    bool tag_seen = false;
    bool branch_seen = false;
    while (parameters.next()) {
        if (++count > limits::parameters) return std::unexpected{Fault::too_many_parameters};
        if (!grammar::all(parameters.name(), grammar::token))
            return std::unexpected{Fault::bad_value};
        const bool is_tag = equal_nocase(parameters.name(), "tag");
        const bool is_branch = equal_nocase(parameters.name(), "branch");
        if (!is_tag && !is_branch) continue;
        bool& seen = is_tag ? tag_seen : branch_seen;
        if (seen || parameters.quoted() || parameters.value().empty())
            return std::unexpected{Fault::bad_value};
        seen = true;
    }
    if (!parameters.sound()) return std::unexpected{Fault::bad_value};
    return list;
}

}  // namespace holdfast::sip
