#include "sip/lines.hpp"

#include "sip/grammar.hpp"

namespace holdfast::sip {

Line take_line(std::string_view& rest) {
    Line line;
    const auto lf = rest.find('\n');
    line.ended = lf != rest.npos;
    line.text = rest.substr(0, lf);
    rest.remove_prefix(line.ended ? lf + 1 : rest.size());
    if (line.text.ends_with('\r'))
        line.text.remove_suffix(1);
    else
        line.clean = false;
    if (line.text.find('\r') != line.text.npos) line.clean = false;
    return line;
}

Line take_field(std::string_view& rest) {
    Line field = take_line(rest);
    if (field.text.empty()) return field;
    while (!rest.empty() && (rest.front() == ' ' || rest.front() == '\t')) {
        const auto more = take_line(rest);
        const char* const start = field.text.data();
        field.text = {start, static_cast<std::size_t>(more.text.data() + more.text.size() - start)};
        field.clean = field.clean && more.clean;
        field.ended = more.ended;
    }
    return field;
}

FieldText split_field(std::string_view line) {
    grammar::Cursor at{line};
    FieldText field;
    field.name = at.take(grammar::token);
    at.skip_blanks();
    if (!at.eat(':')) return {};
    field.value = grammar::trimmed(at.rest());
    return field;
}

}  // namespace holdfast::sip
