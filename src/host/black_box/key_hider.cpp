#include "host/black_box/key_hider.hpp"

#include "base/ascii.hpp"

#include <algorithm>

namespace holdfast::host {
namespace {

constexpr std::string_view key_mark = "inline:";
constexpr std::size_t longest_key = 128;  // of any suite, its mark included

bool is_base64(char c) {
    return is_alpha(c) || is_digit(c) || c == '+' || c == '/' || c == '=';
}

}  // namespace

void hide_keys(std::string& bytes) {
    for (auto at = bytes.find(key_mark); at != bytes.npos; at = bytes.find(key_mark, at))
        for (at += key_mark.size(); at < bytes.size() && is_base64(bytes[at]); ++at)
            bytes[at] = 'A';
}

std::string KeyHider::hidden(FlowId flow, std::string_view bytes) {
    auto& tail = tails_[flow];
    std::string both = tail;
    both += bytes;
    const std::size_t end = both.size() - std::min(both.size(), longest_key);
    std::string next = both.substr(end);
    hide_keys(both);
    both.erase(0, tail.size());
    tail = std::move(next);
    return both;
}

}  // namespace holdfast::host
