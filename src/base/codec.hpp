// base/codec.hpp: plain structs to bytes and back, field by field, little-endian. Used for the
// live-state journal, recorded inputs and the orders to the media process: one format, one reader
// that bounds every length by the bytes that are there.
#pragma once
#include "base/fields.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"

#include <array>
#include <bit>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

namespace holdfast {
namespace codec_detail {

template <class T>
concept Number = std::is_arithmetic_v<T> || std::is_enum_v<T>;
template <class T>
concept Text = std::same_as<T, std::string_view> || requires(T t, const char* p, std::size_t n) {
    { t.assign(p, n) };
    { t.data() } -> std::convertible_to<const char*>;
    requires sizeof(*t.data()) == 1;
};
template <class T>
concept Sequence = !Text<T> && requires(T t, typename T::value_type v) {
    t.push_back(v);
    t.clear();
    t.size();
};
template <class T>
concept Duration = requires {
    typename T::rep;
    typename T::period;
} && !requires { typename T::clock; };
template <class T>
concept TimePoint = requires {
    typename T::clock;
    typename T::duration;
};
template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_variant = false;
template <class... T>
inline constexpr bool is_variant<std::variant<T...>> = true;
template <class T>
inline constexpr bool is_array = false;
template <class T, std::size_t N>
inline constexpr bool is_array<std::array<T, N>> = true;

}  // namespace codec_detail

/// Appends to anything with `append(const char*, size_t)`.
template <class Out>
class Writer {
public:
    explicit Writer(Out& out) : out_{out} {}

    template <class T>
    void write(const T& value) {
        using namespace codec_detail;
        if constexpr (Number<T>)
            number(value);
        else if constexpr (Duration<T>)
            number(value.count());
        else if constexpr (TimePoint<T>)
            number(value.time_since_epoch().count());
        else if constexpr (Text<T>)
            text({value.data(), value.size()});
        else if constexpr (is_optional<T>) {
            number(value.has_value());
            if (value) write(*value);
        } else if constexpr (is_variant<T>) {
            number(static_cast<std::uint8_t>(value.index()));
            std::visit([&](const auto& v) { write(v); }, value);
        } else if constexpr (is_array<T>) {
            for (const auto& item : value)
                write(item);
        } else if constexpr (Sequence<T>) {
            number(static_cast<std::uint32_t>(value.size()));
            for (const auto& item : value)
                write(item);
        } else {
            with_fields(value, [&](const auto&... field) { (write(field), ...); });
        }
    }

private:
    template <class N>
    void number(N value) {
        static_assert(std::endian::native == std::endian::little);
        std::array<char, sizeof(N)> bytes;
        std::memcpy(bytes.data(), &value, sizeof(N));
        out_.append(bytes.data(), bytes.size());
    }
    void text(std::string_view text) {
        number(static_cast<std::uint32_t>(text.size()));
        out_.append(text.data(), text.size());
    }
    Out& out_;
};

/// Reads what Writer wrote. After a fault every value is zero or empty and `ok` stays false. An
/// enumerator out of range is the reader's to check: this one knows only bytes.
class Reader {
public:
    explicit Reader(std::string_view bytes) : left_{bytes} {}

    bool ok() const { return ok_; }
    /// Everything was read, and nothing is left.
    bool finished() const { return ok_ && left_.empty(); }
    std::string_view left() const { return left_; }

    template <class T>
    void read(T& value) {  // NOLINT(readability-function-cognitive-complexity): a table of kinds
        using namespace codec_detail;
        if constexpr (std::same_as<T, bool>) {
            std::uint8_t byte = 0;
            number(byte);
            if (byte > 1) fail();
            value = byte == 1;
        } else if constexpr (Number<T>) {
            number(value);
        } else if constexpr (Duration<T>) {
            typename T::rep count{};
            number(count);
            value = T{count};
        } else if constexpr (TimePoint<T>) {
            typename T::duration since{};
            read(since);
            value = T{since};
        } else if constexpr (std::same_as<T, std::string_view>) {
            value = take(length(1));
        } else if constexpr (Text<T>) {
            const auto text = take(length(1));
            value.assign(text.data(), text.size());
        } else if constexpr (is_optional<T>) {
            bool there = false;
            read(there);
            value.reset();
            if (there) read(value.emplace());
        } else if constexpr (is_variant<T>) {
            alternative(value, std::make_index_sequence<std::variant_size_v<T>>{});
        } else if constexpr (is_array<T>) {
            for (auto& item : value)
                read(item);
        } else if constexpr (Sequence<T>) {
            value.clear();
            for (auto n = length(1); n > 0 && ok_; --n) {
                typename T::value_type item{};
                read(item);
                if (ok_) push(value, std::move(item));
            }
        } else {
            with_fields(value, [&](auto&... field) { (read(field), ...); });
        }
    }

private:
    void fail() {
        ok_ = false;
        left_ = {};
    }
    std::string_view take(std::size_t n) {
        if (n > left_.size()) {
            fail();
            return {};
        }
        const auto taken = left_.substr(0, n);
        left_.remove_prefix(n);
        return taken;
    }
    template <class N>
    void number(N& value) {
        value = N{};
        const auto bytes = take(sizeof(N));
        if (bytes.size() == sizeof(N)) std::memcpy(&value, bytes.data(), sizeof(N));  // NOLINT
    }
    /// A count of things of at least `least` bytes each: never more than can be there.
    std::size_t length(std::size_t least) {
        std::uint32_t n = 0;
        number(n);
        if (std::size_t{n} * least > left_.size()) fail();
        return ok_ ? n : 0;
    }
    template <class V, std::size_t... I>
    void alternative(V& value, std::index_sequence<I...>) {
        std::uint8_t index = 0;
        number(index);
        if (index >= sizeof...(I)) fail();
        if (!ok_) return;
        static_cast<void>(((index == I && (read(value.template emplace<I>()), true)) || ...));
    }
    template <class S>
    void push(S& sequence, typename S::value_type&& item) {
        if constexpr (requires {
                          { sequence.push_back(item) } -> std::same_as<bool>;
                      }) {
            if (!sequence.push_back(item)) fail();
        } else {
            sequence.push_back(std::move(item));
        }
    }
    std::string_view left_;
    bool ok_ = true;
};

template <class T, class Out>
void encode(const T& value, Out& out) {
    Writer<Out>{out}.write(value);
}

/// The value, if `bytes` hold exactly one.
template <class T>
std::optional<T> decode(std::string_view bytes) {
    Reader reader{bytes};
    std::optional<T> value{std::in_place};
    reader.read(*value);
    if (!reader.finished()) value.reset();
    return value;
}

}  // namespace holdfast
