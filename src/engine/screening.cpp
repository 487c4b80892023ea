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

Screening::Bucket& Screening::touch(std::string_view user, const IpAddress& source, Instant now) {
    const auto key = key_of(user, source);
    const auto it = buckets_.find(key);
    if (it != buckets_.end()) {
        auto& b = it->second;
        const std::chrono::duration<double> since = now - b.filled;
        b.left = std::min(burst, b.left + since.count() * per_second);
        b.filled = now;
        by_age_.splice(by_age_.end(), by_age_, b.age);
        return b;
    }
    if (buckets_.size() >= most_sources) drop(buckets_.find(by_age_.front()));
    by_age_.push_back(key);
    ++sources_[source];
    return buckets_[key] = Bucket{burst, now, source, std::prev(by_age_.end())};
}

void Screening::drop(std::unordered_map<std::string, Bucket>::iterator bucket) {
    const auto source = sources_.find(bucket->second.source);
    if (--source->second == 0) sources_.erase(source);
    by_age_.erase(bucket->second.age);
    buckets_.erase(bucket);
}

bool Screening::allows(std::string_view user, const IpAddress& source, Instant now) {
    if (!buckets_.contains(key_of(user, source))) return true;  // only failures make an entry
    if (touch(user, source, now).left >= 1) return true;
    ++silenced_;
    return false;
}

void Screening::failed(std::string_view user, const IpAddress& source, Instant now) {
    auto& bucket = touch(user, source, now);
    bucket.left = std::max(0.0, bucket.left - 1);
}

void Screening::succeeded(std::string_view user, const IpAddress& source) {
    const auto it = buckets_.find(key_of(user, source));
    if (it != buckets_.end()) drop(it);
}

}  // namespace holdfast::engine
