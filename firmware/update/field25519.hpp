// firmware/update/field25519.hpp: numbers modulo 2^255 - 19, eight limbs of 32 bits, least first.
// They stay below 2^256, which is 38 modulo p, and are brought below p when they are compared.
#pragma once
#include <array>
#include <cstdint>
#include <span>

namespace holdfast::firmware {

using Limbs = std::array<std::uint32_t, 8>;

/// a - b, and whether it was below zero.
constexpr bool subtract(Limbs& a, const Limbs& b) {
    std::int64_t carry = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        carry += std::int64_t{a[i]} - b[i];
        a[i] = static_cast<std::uint32_t>(carry & 0xffff'ffff);
        carry >>= 32;
    }
    return carry != 0;
}
constexpr bool below(Limbs a, const Limbs& b) {
    return subtract(a, b);
}
constexpr Limbs limbs_of(std::span<const std::uint8_t, 32> octets) {
    Limbs limbs{};
    for (std::size_t i = 0; i < octets.size(); ++i)
        limbs[i / 4] |= std::uint32_t{octets[i]} << 8 * (i % 4);
    return limbs;
}

/// 64 bits of a product. A Cortex-M0+ multiplies no more than 32 of them, and its compiler calls a
/// function for 64 by 64.
constexpr std::uint64_t multiplied(std::uint32_t a, std::uint32_t b) {
#ifdef __ARM_ARCH_6M__
    const std::uint32_t a_low = a & 0xffff, a_high = a >> 16;
    const std::uint32_t b_low = b & 0xffff, b_high = b >> 16;
    const std::uint32_t low = a_low * b_low;
    const std::uint32_t middle = a_high * b_low + (low >> 16);
    const std::uint32_t other = a_low * b_high + (middle & 0xffff);
    const std::uint32_t high = a_high * b_high + (middle >> 16) + (other >> 16);
    return std::uint64_t{high} << 32 | (other << 16 | (low & 0xffff));
#else
    return std::uint64_t{a} * b;
#endif
}

class Field {
public:
    static constexpr Limbs p{0xffffffed,
                             0xffffffff,
                             0xffffffff,
                             0xffffffff,
                             0xffffffff,
                             0xffffffff,
                             0xffffffff,
                             0x7fffffff};

    constexpr Field() = default;
    constexpr explicit Field(const Limbs& limbs) : limbs_{limbs} {}
    constexpr explicit Field(std::uint32_t small) : limbs_{small} {}

    friend constexpr Field operator+(Field a, const Field& b) {
        std::uint64_t carry = 0;
        for (std::size_t i = 0; i < 8; ++i) {
            carry += std::uint64_t{a.limbs_[i]} + b.limbs_[i];
            a.limbs_[i] = static_cast<std::uint32_t>(carry);
            carry >>= 32;
        }
        a.add_small(carry * 38);
        return a;
    }
    friend constexpr Field operator-(Field a, const Field& b) {
        constexpr Limbs wrap{38};
        for (bool negative = subtract(a.limbs_, b.limbs_); negative;)
            negative = subtract(a.limbs_, wrap);
        return a;
    }
    friend constexpr Field operator*(const Field& a, const Field& b) {
        Wide wide{};
        for (std::size_t i = 0; i < 8; ++i) {
            std::uint64_t carry = 0;
            for (std::size_t j = 0; j < 8; ++j) {
                carry += multiplied(a.limbs_[i], b.limbs_[j]) + wide[i + j];
                wide[i + j] = static_cast<std::uint32_t>(carry);
                carry >>= 32;
            }
            wide[i + 8] = static_cast<std::uint32_t>(carry);
        }
        return folded(wide);
    }
    friend constexpr bool operator==(const Field& a, const Field& b) {
        return a.reduced() == b.reduced();
    }

    /// Below p.
    constexpr Limbs reduced() const {
        Limbs limbs = limbs_;
        while (!below(limbs, p))
            static_cast<void>(subtract(limbs, p));
        return limbs;
    }
    constexpr bool odd() const { return (reduced()[0] & 1) != 0; }

    /// To the power of 2^255 - 21, which is p - 2: the inverse (Fermat).
    constexpr Field inverse() const { return power(255, 2, 4); }
    /// To the power of 2^252 - 3, which is (p - 5) / 8: towards a square root.
    constexpr Field root_power() const { return power(252, 1, 1); }

private:
    using Wide = std::array<std::uint32_t, 16>;

    /// 2^256 is 38.
    static constexpr Field folded(const Wide& wide) {
        Field result;
        std::uint64_t carry = 0;
        for (std::size_t i = 0; i < 8; ++i) {
            carry += multiplied(wide[i + 8], 38) + wide[i];
            result.limbs_[i] = static_cast<std::uint32_t>(carry);
            carry >>= 32;
        }
        result.add_small(carry * 38);
        return result;
    }
    /// To a power of so many bits, all of them set but two (or one, told twice).
    constexpr Field power(unsigned bits, unsigned clear, unsigned also_clear) const {
        Field result{1};
        for (unsigned bit = bits; bit-- > 0;) {
            result = result * result;
            if (bit != clear && bit != also_clear) result = result * *this;
        }
        return result;
    }
    constexpr void add_small(std::uint64_t carry) {
        while (carry != 0) {
            for (auto& limb : limbs_) {
                carry += limb;
                limb = static_cast<std::uint32_t>(carry);
                carry >>= 32;
            }
            carry *= 38;
        }
    }

    Limbs limbs_{};
};

}  // namespace holdfast::firmware
