#include "host/black_box/digit_hider.hpp"

#include "base/ascii.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <variant>

namespace holdfast::host {
namespace {

/// A value as long as it was: "10" and "11" are * and #, and the one is as good as the other.
void hide(std::string& bytes, std::size_t from, std::size_t to) {
    const auto value = trim(std::string_view{bytes}.substr(from, to - from));
    const auto at = static_cast<std::size_t>(value.data() - bytes.data());
    for (std::size_t i = 0; i < value.size(); ++i)
        bytes[at + i] = i == 0 && value.size() > 1 ? '1' : '0';
}

/// The values behind "Signal=", wherever a line has it.
void hide_signals(std::string& bytes) {
    constexpr std::string_view name = "signal";
    for (std::size_t at = 0; at < bytes.size();) {
        const auto end = std::min(bytes.find('\n', at), bytes.size());
        const auto equals = bytes.find('=', at);
        if (equals < end &&
            equal_nocase(trim(std::string_view{bytes}.substr(at, equals - at)), name))
            hide(bytes, equals + 1, end);
        at = end + 1;
    }
}

/// How long the body is behind headers that begin and end there.
std::size_t body_length(std::string_view headers) {
    std::size_t length = 0;
    while (!headers.empty()) {
        const auto line = headers.substr(0, headers.find('\n'));
        headers.remove_prefix(std::min(line.size() + 1, headers.size()));
        const auto colon = line.find(':');
        if (colon == line.npos) continue;
        const auto name = trim(line.substr(0, colon)), value = trim(line.substr(colon + 1));
        if (equal_nocase(name, "Content-Length") || equal_nocase(name, "l"))
            std::from_chars(value.data(), value.data() + value.size(), length);
    }
    return length;
}

/// Bodies that are a digit alone: of messages that are whole here, or a piece that is no more.
void hide_bodies(std::string& bytes) {
    constexpr std::size_t most_digit = 4;  // with the end of a line
    if (bytes.size() <= most_digit) return hide(bytes, 0, bytes.size());
    for (std::size_t at = 0; (at = bytes.find("application/dtmf\r\n", at)) != bytes.npos; ++at) {
        const auto head = bytes.rfind("INFO ", at);
        const auto end = bytes.find("\r\n\r\n", at);
        if (head == bytes.npos || end == bytes.npos) continue;
        const auto body = end + 4;
        const auto length = body_length(std::string_view{bytes}.substr(head, end - head));
        hide(bytes, body, std::min(bytes.size(), body + std::min(length, most_digit)));
    }
}

}  // namespace

void hide_digits(std::string& bytes) {
    hide_signals(bytes);
    hide_bodies(bytes);
}

engine::Input without_digits(engine::Input input) {
    if (auto* const datagram = std::get_if<engine::DatagramReceived>(&input))
        hide_digits(datagram->bytes);
    if (auto* const flow = std::get_if<engine::FlowBytes>(&input)) hide_digits(flow->bytes);
    return input;
}

}  // namespace holdfast::host
