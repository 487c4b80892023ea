#include "firmware/update/ed25519.hpp"

#include "firmware/update/field25519.hpp"
#include "firmware/update/sha2.hpp"

#include <algorithm>
#include <optional>

namespace holdfast::firmware {
namespace {

constexpr Field d{Limbs{0x135978a3,
                        0x75eb4dca,
                        0x4141d8ab,
                        0x00700a4d,
                        0x7779e898,
                        0x8cc74079,
                        0x2b6ffe73,
                        0x52036cee}};
constexpr Field twice_d = d + d;
constexpr Field root_of_minus_one{Limbs{0x4a0ea0b0,
                                        0xc4ee1b27,
                                        0xad2fe478,
                                        0x2f431806,
                                        0x3dfbd7a7,
                                        0x2b4d0099,
                                        0x4fc1df0b,
                                        0x2b832480}};
constexpr Field base_x{Limbs{0x8f25d51a,
                             0xc9562d60,
                             0x9525a7b2,
                             0x692cc760,
                             0xfdd6dc5c,
                             0xc0a4e231,
                             0xcd6e53fe,
                             0x216936d3}};
constexpr Field base_y{Limbs{0x66666658,
                             0x66666666,
                             0x66666666,
                             0x66666666,
                             0x66666666,
                             0x66666666,
                             0x66666666,
                             0x66666666}};
/// The order of the base point.
constexpr Limbs order{0x5cf5d3ed, 0x5812631a, 0xa2f79cd6, 0x14def9de, 0, 0, 0, 0x10000000};

/// A point in extended coordinates: x is X/Z, y is Y/Z, xy is T/Z.
struct Point {
    Field x, y, z, t;

    static Point of(const Field& x, const Field& y) { return {x, y, Field{1}, x * y}; }
    static Point neutral() { return of(Field{}, Field{1}); }
};

/// RFC 8032, 5.1.4: right for any two points, also for twice the same.
Point operator+(const Point& p, const Point& q) {
    const Field a = (p.y - p.x) * (q.y - q.x);
    const Field b = (p.y + p.x) * (q.y + q.x);
    const Field c = p.t * twice_d * q.t;
    const Field zz = p.z * q.z;
    const Field z = zz + zz;
    const Field e = b - a;
    const Field f = z - c;
    const Field g = z + c;
    const Field h = b + a;
    return {e * f, g * h, f * g, e * h};
}

/// The same in fewer steps, for twice the same.
Point doubled(const Point& p) {
    const Field a = p.x * p.x;
    const Field b = p.y * p.y;
    const Field zz = p.z * p.z;
    const Field h = a + b;
    const Field xy = p.x + p.y;
    const Field e = h - xy * xy;
    const Field g = a - b;
    const Field f = zz + zz + g;
    return {e * f, g * h, f * g, e * h};
}

/// RFC 8032, 5.1.3.
std::optional<Point> decoded(const PublicKey& octets) {
    Limbs limbs = limbs_of(octets);
    const bool odd = limbs[7] >> 31 != 0;
    limbs[7] &= 0x7fff'ffff;
    if (!below(limbs, Field::p)) return std::nullopt;
    const Field y{limbs};
    const Field u = y * y - Field{1};
    const Field v = d * y * y + Field{1};
    const Field v3 = v * v * v;
    Field x = u * v3 * (u * v3 * v3 * v).root_power();
    const Field square = v * x * x;
    if (!(square == u)) {
        if (!(square == Field{} - u)) return std::nullopt;
        x = x * root_of_minus_one;
    }
    if (x == Field{} && odd) return std::nullopt;
    if (x.odd() != odd) x = Field{} - x;
    return Point::of(x, y);
}

PublicKey encoded(const Point& point) {
    const Field inverse = point.z.inverse();
    const Limbs y = (point.y * inverse).reduced();
    PublicKey octets{};
    for (std::size_t i = 0; i < octets.size(); ++i)
        octets[i] = static_cast<std::uint8_t>(y[i / 4] >> 8 * (i % 4) & 0xff);
    if ((point.x * inverse).odd()) octets[31] |= 0x80;
    return octets;
}

/// A hash, least octet first, modulo the order.
Limbs reduced_hash(const Sha512::Digest& digest) {
    Limbs rest{};
    for (std::size_t bit = 8 * digest.size(); bit-- > 0;) {
        for (std::size_t i = rest.size(); i-- > 1;)
            rest[i] = rest[i] << 1 | rest[i - 1] >> 31;
        rest[0] = rest[0] << 1 | (std::uint32_t{digest[bit / 8]} >> bit % 8 & 1);
        if (!below(rest, order)) static_cast<void>(subtract(rest, order));
    }
    return rest;
}

bool bit_of(const Limbs& scalar, unsigned bit) {
    return (scalar[bit / 32] >> bit % 32 & 1) != 0;
}

/// a times p and b times q, both at once.
Point sum_of_products(const Limbs& a, const Point& p, const Limbs& b, const Point& q) {
    const Point both = p + q;
    Point sum = Point::neutral();
    for (unsigned bit = 256; bit-- > 0;) {
        sum = doubled(sum);
        if (bit_of(a, bit) && bit_of(b, bit))
            sum = sum + both;
        else if (bit_of(a, bit))
            sum = sum + p;
        else if (bit_of(b, bit))
            sum = sum + q;
    }
    return sum;
}

}  // namespace

bool signed_by(const PublicKey& key,
               std::span<const std::uint8_t> message,
               const Signature& signature) {
    PublicKey r{};
    std::copy_n(signature.begin(), 32, r.begin());
    const Limbs s = limbs_of(std::span{signature}.subspan<32, 32>());
    const auto a = decoded(key);
    if (!a || !below(s, order)) return false;
    Sha512 hash;
    hash.take(r);
    hash.take(key);
    hash.take(message);
    const Limbs k = reduced_hash(hash.finish());
    // S B = R + k A, so R is S B - k A; its encoding tells it.
    const Point minus_a = Point::of(Field{} - a->x, a->y);
    return encoded(sum_of_products(s, Point::of(base_x, base_y), k, minus_a)) == r;
}

}  // namespace holdfast::firmware
