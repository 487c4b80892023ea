// link/bytes.hpp: fields to bytes and back, little-endian, in place. base/codec.hpp is not used
// here: its lengths are four octets, which a serial line has no room for, and it checks no
// enumerators.
#pragma once
#include "base/bounded_vector.hpp"
#include "base/enum_text.hpp"
#include "base/fields.hpp"

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

namespace holdfast::link {

using Bytes = std::span<const std::uint8_t>;

namespace bytes_detail {
template <class T>
inline constexpr bool is_bounded = false;
template <class T, std::size_t N>
inline constexpr bool is_bounded<BoundedVector<T, N>> = true;
template <class T>
inline constexpr bool is_array = false;
template <class T, std::size_t N>
inline constexpr bool is_array<std::array<T, N>> = true;
/// A struct that packs itself: `std::array<std::uint8_t, n> packed()`, `bool unpack(array)`.
template <class T>
concept Packed = requires(T t, const T& c) { t.unpack(c.packed()); };
}  // namespace bytes_detail

/// Writes into `room`. What does not fit is not written, and `ok` is false from then on.
class Writer {
public:
    constexpr explicit Writer(std::span<std::uint8_t> room) : room_{room} {}

    constexpr bool ok() const { return ok_; }
    constexpr std::size_t size() const { return size_; }

    /// Unsigned and signed integers; enumerators as one octet; text and octets after one octet of
    /// length; a BoundedVector after one octet of count; arrays and structs field by field.
    template <class T>
    constexpr void write(const T& value) {
        using namespace bytes_detail;
        if constexpr (std::is_enum_v<T>)
            octet(static_cast<std::uint8_t>(value));
        else if constexpr (std::integral<T>)
            number(value);
        else if constexpr (std::same_as<T, std::string_view> || std::same_as<T, Bytes>)
            text(value);
        else if constexpr (is_bounded<T>) {
            octet(static_cast<std::uint8_t>(value.size()));
            for (const auto& item : value)
                write(item);
        } else if constexpr (is_array<T>) {
            for (const auto& item : value)
                write(item);
        } else if constexpr (Packed<T>)
            write(value.packed());
        else
            with_fields(value, [&](const auto&... field) { (write(field), ...); });
    }

private:
    constexpr void octet(std::uint8_t value) {
        ok_ = ok_ && size_ < room_.size();
        if (ok_) room_[size_++] = value;
    }
    template <class N>
    constexpr void number(N value) {
        const auto bits = static_cast<std::make_unsigned_t<N>>(value);
        for (std::size_t i = 0; i < sizeof(N); ++i)
            octet(static_cast<std::uint8_t>(bits >> (8 * i) & 0xff));
    }
    template <class Text>
    constexpr void text(const Text& value) {
        ok_ = ok_ && value.size() <= 255;
        octet(static_cast<std::uint8_t>(value.size()));
        for (const auto c : value)
            octet(static_cast<std::uint8_t>(c));
    }

    std::span<std::uint8_t> room_;
    std::size_t size_ = 0;
    bool ok_ = true;
};

/// Reads what Writer wrote. After a fault `ok` stays false and values are zero. An octet that is no
/// enumerator is a fault; text and octets are views into what is read.
class Reader {
public:
    constexpr explicit Reader(Bytes bytes) : left_{bytes} {}

    constexpr bool ok() const { return ok_; }
    /// Everything was read, and nothing is left.
    constexpr bool finished() const { return ok_ && left_.empty(); }
    constexpr Bytes left() const { return left_; }

    template <class T>
    constexpr void read(T& value) {
        using namespace bytes_detail;
        if constexpr (std::is_enum_v<T>)
            enumerator(value);
        else if constexpr (std::integral<T>)
            number(value);
        else if constexpr (std::same_as<T, std::string_view>) {
            const Bytes taken = take(octet());
            value = {reinterpret_cast<const char*>(taken.data()), taken.size()};
        } else if constexpr (std::same_as<T, Bytes>)
            value = take(octet());
        else if constexpr (is_bounded<T>)
            items(value);
        else if constexpr (is_array<T>) {
            for (auto& item : value)
                read(item);
        } else if constexpr (Packed<T>) {
            decltype(value.packed()) bytes{};
            read(bytes);
            ok_ = ok_ && value.unpack(bytes);
        } else
            with_fields(value, [&](auto&... field) { (read(field), ...); });
    }

private:
    constexpr Bytes take(std::size_t n) {
        ok_ = ok_ && n <= left_.size();
        if (!ok_) return {};
        const Bytes taken = left_.first(n);
        left_ = left_.subspan(n);
        return taken;
    }
    constexpr std::uint8_t octet() {
        const Bytes taken = take(1);
        return taken.empty() ? std::uint8_t{0} : taken[0];
    }
    template <class N>
    constexpr void number(N& value) {
        std::make_unsigned_t<N> bits = 0;
        std::size_t at = 0;
        for (const std::uint8_t byte : take(sizeof(N)))
            bits = static_cast<std::make_unsigned_t<N>>(bits | std::make_unsigned_t<N>{byte}
                                                                   << (8 * at++));
        value = static_cast<N>(bits);
    }
    template <class E>
    constexpr void enumerator(E& value) {
        const std::uint8_t byte = octet();
        ok_ = ok_ && byte < enum_count<E>;
        value = static_cast<E>(ok_ ? byte : 0);
    }
    template <class List>
    constexpr void items(List& list) {
        list.clear();
        for (std::size_t n = octet(); n > 0 && ok_; --n) {
            typename List::value_type item{};
            read(item);
            ok_ = ok_ && list.push_back(item);
        }
    }

    Bytes left_;
    bool ok_ = true;
};

}  // namespace holdfast::link
