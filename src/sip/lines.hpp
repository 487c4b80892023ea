// sip/lines.hpp: how the bytes of a header section fall into lines and fields. The message reader
// and the stream framer share it: were they to differ, a peer could hide one message in another.
//
// Lines end with CR LF. CR or LF alone is never part of a line and never a clean end of one: a
// line so ended is still read, in order to be able to refuse the message, but marked.
#pragma once
#include <string_view>

namespace holdfast::sip {

struct Line {
    std::string_view text;  ///< Without its end. Of a field: folds, with their CR LF, within.
    bool clean = true;      ///< Ended by CR LF, and no CR or LF alone within.
    bool ended = true;      ///< False where the bytes ran out first.
};

/// Takes one line from the front of `rest`.
Line take_line(std::string_view& rest);

/// Takes one header field, with the lines that continue it (RFC 3261 7.3.1: those that begin with
/// a blank). An empty text is the end of the header section.
Line take_field(std::string_view& rest);

/// name HCOLON value. Without blanks around both. The name is empty where there is no colon or the
/// name is no token.
struct FieldText {
    std::string_view name, value;
};
FieldText split_field(std::string_view line);

}  // namespace holdfast::sip
