#include "engine/screening.hpp"

#include <algorithm>

namespace holdfast::engine {

constexpr double burst = 10;
constexpr double per_second = 0.5;

std::string Screening::key_of(std::string_view user, const IpAddress& source) {
    std::string key{text_of(source).view()};
    key += ' ';
    return key.append(user.substr(0, 64));
}

Screening::Bucket& Screening::touch(const std::string& key, Instant now) {
    const auto it = buckets_.find(key);
    if (it != buckets_.end()) {
        auto& b = it->second;
        const std::chrono::duration<double> since = now - b.filled;
        b.left = std::min(burst, b.left + since.count() * per_second);
        b.filled = now;
        by_age_.splice(by_age_.end(), by_age_, b.age);
        return b;
    }
    if (buckets_.size() >= most_sources) {
        buckets_.erase(by_age_.front());
        by_age_.pop_front();
    }
    by_age_.push_back(key);
    return buckets_[key] = Bucket{burst, now, std::prev(by_age_.end())};
}

bool Screening::allows(std::string_view user, const IpAddress& source, Instant now) {
    const auto key = key_of(user, source);
    if (!buckets_.contains(key)) return true;  // only failures make an entry
    if (touch(key, now).left >= 1) return true;
    ++silenced_;
    return false;
}

void Screening::failed(std::string_view user, const IpAddress& source, Instant now) {
    auto& bucket = touch(key_of(user, source), now);
    bucket.left = std::max(0.0, bucket.left - 1);
}

void Screening::succeeded(std::string_view user, const IpAddress& source) {
    const auto it = buckets_.find(key_of(user, source));
    if (it == buckets_.end()) return;
    by_age_.erase(it->second.age);
    buckets_.erase(it);
}

}  // namespace holdfast::engine
