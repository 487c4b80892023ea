#include "host/io/line_buffer.hpp"

namespace holdfast::host {

void LineBuffer::add(std::string_view bytes) {
    bytes_.erase(0, begin_);
    scanned_ -= begin_;
    begin_ = 0;
    bytes_ += bytes;
}

std::optional<LineBuffer::Line> LineBuffer::next() {
    while (true) {
        const auto end = bytes_.find('\n', scanned_);
        if (end == std::string::npos) return unfinished();
        std::string_view text{bytes_.data() + begin_, end - begin_};
        begin_ = scanned_ = end + 1;
        if (skipping_) {
            skipping_ = false;
            continue;
        }
        if (text.ends_with('\r')) text.remove_suffix(1);
        if (text.size() > most_bytes_) return Line{{}, true};
        return Line{std::string{text}, false};
    }
}

std::optional<LineBuffer::Line> LineBuffer::unfinished() {
    scanned_ = bytes_.size();
    if (skipping_) {
        begin_ = scanned_;
        return std::nullopt;
    }
    // The byte more may be the "\r" of its end.
    if (scanned_ - begin_ <= most_bytes_ + 1) return std::nullopt;
    begin_ = scanned_;
    skipping_ = true;
    return Line{{}, true};
}

}  // namespace holdfast::host
