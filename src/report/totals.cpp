#include "report/totals.hpp"

#include <algorithm>

namespace holdfast::report {

void Totals::note(Most most, std::int64_t us) {
    auto& longest = most_[static_cast<std::size_t>(most)];
    longest = std::max(longest, us);
}

void Totals::add(const Totals& other) {
    for (std::size_t i = 0; i < sums_.size(); ++i)
        sums_[i] += other.sums_[i];
    for (std::size_t i = 0; i < most_.size(); ++i)
        most_[i] = std::max(most_[i], other.most_[i]);
    for (std::size_t i = 0; i < repeat_days.size(); ++i) {
        eligible[i] += other.eligible[i];
        resolved[i] += other.resolved[i];
    }
    const bool worse = other.worst_answered * worst_offered < worst_answered * other.worst_offered;
    if (other.worst_offered > 0 && (worst_offered == 0 || worse)) {
        worst_answered = other.worst_answered;
        worst_offered = other.worst_offered;
    }
    for (const auto& [reason, us] : other.not_ready_by_reason)
        not_ready_by_reason[reason] += us;
}

void Totals::close_quarter(int goal_percent) {
    const auto offered = (*this)[Sum::offered];
    const auto answered = (*this)[Sum::answered_in_target];
    if (offered == 0) return;
    (*this)[Sum::quarters] = 1;
    (*this)[Sum::quarters_met] = answered * 100 >= offered * goal_percent ? 1 : 0;
    worst_answered = answered;
    worst_offered = offered;
}

}  // namespace holdfast::report
