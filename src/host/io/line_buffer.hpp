// host/io/line_buffer.hpp: cuts a stream of bytes into lines, however the bytes arrive.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace holdfast::host {

class LineBuffer {
public:
    /// `most_bytes`: the longest line, without its end. It holds no more than that and one `add`.
    explicit LineBuffer(std::size_t most_bytes) : most_bytes_{most_bytes} {}

    struct Line {
        std::string text;       ///< Without "\n" or "\r\n".
        bool too_long = false;  ///< Then there is no text; the rest of the line is skipped.
    };

    void add(std::string_view bytes);
    /// The next line, as soon as its end is there, or as soon as it is known to be too long.
    std::optional<Line> next();

private:
    std::optional<Line> unfinished();

    std::size_t most_bytes_;
    std::string bytes_;
    std::size_t begin_ = 0;    // of the line in hand
    std::size_t scanned_ = 0;  // no end of a line before here
    bool skipping_ = false;    // the rest of a line that was too long
};

}  // namespace holdfast::host
