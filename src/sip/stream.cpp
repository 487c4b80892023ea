#include "sip/stream.hpp"

#include "base/limits.hpp"
#include "sip/grammar.hpp"
#include "sip/header.hpp"
#include "sip/lines.hpp"

#include <algorithm>

namespace holdfast::sip {
namespace {

constexpr std::string_view line_end = "\r\n";
constexpr std::string_view section_end = "\r\n\r\n";

/// What the header section says of the length of the body. Reads it by the same lines as the
/// message reader does.
std::expected<std::size_t, Fault> body_size(std::string_view section) {
    std::optional<std::uint32_t> size;
    static_cast<void>(take_line(section));
    while (!section.empty()) {
        const auto [name, value] = split_field(take_field(section).text);
        if (header_of(name) != Header::content_length) continue;
        // Two lengths: where the next message begins would be a guess.
        if (size) return std::unexpected{Fault::repeated_header};
        size = grammar::number(value, 0x7fff'ffff);
        if (!size) return std::unexpected{Fault::bad_content_length};
    }
    // RFC 3261 18.3: on a stream it must be there.
    if (!size) return std::unexpected{Fault::no_content_length};
    return *size;
}

}  // namespace

void StreamFramer::add(std::string_view bytes) {
    // What was handed out goes once it is half of what is held, so that each byte moves but twice.
    if (taken_ == buffer_.size() || taken_ > buffer_.size() / 2) {
        buffer_.erase(0, taken_);
        scanned_ -= std::min(scanned_, taken_);
        end_ -= std::min(end_, taken_);
        taken_ = 0;
    }
    buffer_ += bytes;
}

std::optional<StreamFramer::Item> StreamFramer::take_keep_alive() {
    const auto held = std::string_view{buffer_}.substr(taken_);
    if (!held.starts_with(line_end)) return std::nullopt;
    const bool whole = !half_ping_ && held.starts_with(section_end);
    const auto size = whole ? section_end.size() : line_end.size();
    const Item item{whole || half_ping_ ? Kind::ping : Kind::pong, held.substr(0, size)};
    half_ping_ = item.kind == Kind::pong;
    taken_ += size;
    return item;
}

/// Finds where the message ends, once its headers are there.
std::expected<void, Fault> StreamFramer::find_end() {
    const auto overlap = section_end.size() - 1;
    const auto from = std::max(taken_, scanned_ > overlap ? scanned_ - overlap : 0);
    const auto at = buffer_.find(section_end, from);
    if (at == buffer_.npos) {
        scanned_ = buffer_.size();
        if (pending() > limits::message_bytes) return std::unexpected{Fault::message_too_long};
        return {};
    }
    const auto body_begin = at + section_end.size();
    if (body_begin - taken_ > limits::message_bytes)
        return std::unexpected{Fault::message_too_long};
    const auto size = body_size(std::string_view{buffer_}.substr(taken_, body_begin - taken_));
    if (!size) return std::unexpected{size.error()};
    if (*size > limits::message_bytes - (body_begin - taken_))
        return std::unexpected{Fault::message_too_long};
    end_ = body_begin + *size;
    return {};
}

std::expected<std::optional<StreamFramer::Item>, Fault> StreamFramer::next() {
    if (end_ == 0) {
        if (auto item = take_keep_alive()) return item;
        // A CR alone may yet become a keep-alive; anything else begins a message.
        if (pending() < 2) return std::nullopt;
        half_ping_ = false;
        if (const auto found = find_end(); !found) return std::unexpected{found.error()};
    }
    if (end_ == 0 || buffer_.size() < end_) return std::nullopt;
    const Item item{Kind::message, std::string_view{buffer_}.substr(taken_, end_ - taken_)};
    taken_ = scanned_ = end_;
    end_ = 0;
    return item;
}

}  // namespace holdfast::sip
