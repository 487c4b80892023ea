#include "wallboard/shared_line.hpp"

#include <algorithm>
#include <utility>

namespace holdfast::wallboard::panel {

SharedLine::SharedLine(std::vector<Settings> boards) {
    for (auto& settings : boards) {
        settings.shares_line = true;
        boards_.push_back(std::make_unique<PanelDriver>(std::move(settings)));
    }
}

void SharedLine::connected(Instant now) {
    for (auto& board : boards_)
        board->connected(now);
}

void SharedLine::lost() {
    for (auto& board : boards_)
        board->lost();
}

void SharedLine::show(const Figures& figures, Instant now) {
    for (auto& board : boards_)
        board->show(figures, now);
}

/// Whoever is asked, each looks for answers to itself: a late one is better than none.
void SharedLine::received(std::string_view bytes, Instant now) {
    for (auto& board : boards_)
        board->received(bytes, now);
}

/// An answer may be under way.
bool SharedLine::taken(Instant now) const {
    return now < boards_[turn_]->line_until();
}

std::string SharedLine::next(Instant now) {
    if (taken(now)) return {};
    for (std::size_t i = 1; i <= boards_.size(); ++i) {
        const std::size_t board = (turn_ + i) % boards_.size();
        auto frame = boards_[board]->next(now);
        if (frame.empty()) continue;
        turn_ = board;
        return frame;
    }
    return {};
}

Instant SharedLine::wake() const {
    Instant first = never;
    for (const auto& board : boards_)
        first = std::min(first, board->wake());
    return std::max(first, boards_[turn_]->line_until());
}

std::vector<Health> SharedLine::healths(Instant now) const {
    std::vector<Health> all;
    all.reserve(boards_.size());
    for (const auto& board : boards_)
        all.push_back(board->health(now));
    return all;
}

}  // namespace holdfast::wallboard::panel
