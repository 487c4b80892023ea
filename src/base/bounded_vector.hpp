// base/bounded_vector.hpp: sequences that cannot grow past a limit known to the compiler.
#pragma once
#include "base/ensure.hpp"

#include <array>
#include <cstddef>
#include <string_view>

namespace holdfast {

/// A vector in place. `push_back` says no when full instead of growing; T is trivial to copy.
template <class T, std::size_t N>
class BoundedVector {
public:
    using value_type = T;
    static constexpr std::size_t capacity() { return N; }

    constexpr std::size_t size() const { return size_; }
    constexpr bool empty() const { return size_ == 0; }
    constexpr bool full() const { return size_ == N; }
    constexpr void clear() { size_ = 0; }

    [[nodiscard]] constexpr bool push_back(const T& value) {
        if (full()) return false;
        items_[size_++] = value;
        return true;
    }
    constexpr void pop_back() {
        ensure(size_ > 0, "pop_back on an empty vector");
        --size_;
    }
    /// Removes the item at `index`, keeping the order of the rest.
    constexpr void erase_at(std::size_t index) {
        ensure(index < size_, "erase_at past the end");
        for (std::size_t i = index + 1; i < size_; ++i)
            items_[i - 1] = items_[i];
        --size_;
    }

    constexpr T& operator[](std::size_t i) { return items_[checked(i)]; }
    constexpr const T& operator[](std::size_t i) const { return items_[checked(i)]; }
    constexpr T& back() { return items_[checked(size_ - 1)]; }
    constexpr const T& back() const { return items_[checked(size_ - 1)]; }
    constexpr T* data() { return items_.data(); }
    constexpr const T* data() const { return items_.data(); }
    constexpr T* begin() { return items_.data(); }
    constexpr const T* begin() const { return items_.data(); }
    constexpr T* end() { return items_.data() + size_; }
    constexpr const T* end() const { return items_.data() + size_; }

    friend constexpr bool operator==(const BoundedVector& a, const BoundedVector& b) {
        if (a.size_ != b.size_) return false;
        for (std::size_t i = 0; i < a.size_; ++i)
            if (!(a.items_[i] == b.items_[i])) return false;
        return true;
    }

private:
    constexpr std::size_t checked(std::size_t i) const {
        ensure(i < size_, "index past the end");
        return i;
    }
    std::array<T, N> items_{};
    std::size_t size_ = 0;
};

/// Text in place, cut at N bytes. Who must not cut asks `fits` first.
template <std::size_t N>
class BoundedText {
public:
    constexpr BoundedText() = default;
    constexpr explicit BoundedText(std::string_view text) { assign(text); }

    static constexpr bool fits(std::string_view text) { return text.size() <= N; }
    constexpr void assign(std::string_view text) {
        size_ = 0;
        append(text);
    }
    constexpr void append(std::string_view text) {
        for (const char c : text) {
            if (size_ == N) return;
            bytes_[size_++] = c;
        }
    }
    constexpr std::string_view view() const { return {bytes_.data(), size_}; }
    constexpr bool empty() const { return size_ == 0; }
    friend constexpr bool operator==(const BoundedText& a, const BoundedText& b) {
        return a.view() == b.view();
    }

private:
    std::array<char, N> bytes_{};
    std::size_t size_ = 0;
};

}  // namespace holdfast
