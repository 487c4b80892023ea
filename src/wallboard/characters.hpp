// wallboard/characters.hpp: people's texts (UTF-8) counted, cut and rewritten by characters: signs
// have a place for each, and some know ASCII alone.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace holdfast::wallboard {

/// Characters in a text; a byte that is no UTF-8 counts as one.
std::size_t length_of(std::string_view utf8);

/// The first `most` characters, whole.
std::string first_characters(std::string_view utf8, std::size_t most);

/// Printable ASCII: letters lose their accents ("Novák" is "Novak", "ß" is "ss"), the rest of what
/// is not ASCII becomes "?", control characters become spaces. May be longer than the text.
std::string ascii_of(std::string_view utf8);

}  // namespace holdfast::wallboard
