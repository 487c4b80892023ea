#include "link/sender.hpp"

namespace holdfast::link {
namespace {

constexpr std::int64_t bits_of_octet = 10;  // start, eight, stop

}  // namespace

void Sender::begin(std::size_t size, std::uint8_t node, Kind kind, Instant now) {
    size_ = size;
    node_ = node;
    kind_ = kind;
    attempts_ = 1;
    deadline_ = due_at(now);
    ++counters_.asked;
}

/// The request's time on the line, and as long for the answer, which is seldom the longer one.
Instant Sender::due_at(Instant now) const {
    const auto bits = 2 * bits_of_octet * static_cast<std::int64_t>(size_);
    return now + Micros{bits * 1'000'000 / pace_.baud} + pace_.patience;
}

Due Sender::advance(Instant now) {
    if (now < deadline_) return Due::nothing;
    if (attempts_ >= most_attempts_) {
        deadline_ = never;
        ++counters_.given_up;
        return Due::gave_up;
    }
    ++attempts_;
    ++counters_.repeated;
    deadline_ = due_at(now);
    return Due::again;
}

std::optional<Answer> Sender::take(std::uint8_t octet) {
    const auto frame = deframer_.take(octet);
    if (!frame) return std::nullopt;
    const auto answer = read_answer(*frame);
    const bool ours = busy() && answer && answer->node == node_ && answer->sequence == sequence_ &&
                      answer->kind == static_cast<std::uint8_t>(kind_);
    if (!ours) {
        ++counters_.strays;
        return std::nullopt;
    }
    deadline_ = never;
    ++counters_.answered;
    return answer;
}

}  // namespace holdfast::link
