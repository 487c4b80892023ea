#include "media/srtp.hpp"

#include "base/enum_text.hpp"
#include "calls.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::media;

namespace {

SrtpKey key_of(std::uint8_t first) {
    SrtpKey key{};
    for (auto& octet : key)
        octet = first++;
    return key;
}

struct Ends {
    Srtp ours, theirs;
    explicit Ends(SrtpSuite suite)
        : ours{{suite, key_of(1), key_of(101)}}, theirs{{suite, key_of(101), key_of(1)}} {}
};

std::vector<std::uint8_t> sealed(Srtp& srtp, Channel channel, std::vector<std::uint8_t> packet) {
    const std::size_t size = packet.size();
    packet.resize(size + srtp_trailer_bytes);
    const std::size_t protected_size = srtp.protect(channel, packet, size);
    packet.resize(protected_size);
    return packet;
}

}  // namespace

TEST_CASE("srtp: what one protects the other opens, and nobody else", "[media][srtp]") {
    const auto suite =
        GENERATE(SrtpSuite::aes_cm_128_hmac_sha1_80, SrtpSuite::aes_cm_128_hmac_sha1_32);
    Ends ends{suite};
    Phone phone{.from = at(1, 4000)};
    const auto plain = phone.sound(0x44);
    auto packet = sealed(ends.ours, Channel::rtp, plain);
    // RFC 3711 5.2 and RFC 4568 6.2: a tag of 10 or 4 octets.
    CHECK(packet.size() == plain.size() + (suite == SrtpSuite::aes_cm_128_hmac_sha1_80 ? 10 : 4));
    CHECK_FALSE(std::equal(plain.begin() + 12, plain.end(), packet.begin() + 12));
    Srtp stranger{{suite, key_of(5), key_of(6)}};
    CHECK_FALSE(stranger.open(Channel::rtp, packet));
    auto changed = packet;
    changed[20] ^= 1;
    CHECK_FALSE(ends.theirs.open(Channel::rtp, changed));
    CHECK_FALSE(ends.theirs.open(Channel::rtp, plain));
    const auto opened = ends.theirs.open(Channel::rtp, packet);
    REQUIRE(opened);
    CHECK(std::vector(opened->begin(), opened->end()) == plain);
    CHECK_FALSE(ends.theirs.open(Channel::rtp, packet));  // a replay (RFC 3711 3.3.2)
}

TEST_CASE("srtp: one direction gets another key, the other goes on", "[media][srtp]") {
    Ends ends{SrtpSuite::aes_cm_128_hmac_sha1_80};
    Phone phone{.from = at(1, 4000)};
    const auto before = sealed(ends.ours, Channel::rtp, phone.sound());
    REQUIRE(ends.theirs.open(Channel::rtp, before));
    ends.theirs.change({SrtpSuite::aes_cm_128_hmac_sha1_80, key_of(55), key_of(1)});
    CHECK_FALSE(ends.theirs.open(Channel::rtp, before));  // still known as a replay
    CHECK(ends.theirs.open(Channel::rtp, sealed(ends.ours, Channel::rtp, phone.sound())));
    Phone other{.from = at(2, 4000)};
    const auto theirs = sealed(ends.theirs, Channel::rtp, other.sound());
    CHECK_FALSE(ends.ours.open(Channel::rtp, theirs));
    ends.ours.change({SrtpSuite::aes_cm_128_hmac_sha1_80, key_of(1), key_of(55)});
    CHECK(ends.ours.open(Channel::rtp, theirs));
}

TEST_CASE("srtp: no room for the tag, or no packet at all", "[media][srtp]") {
    Ends ends{SrtpSuite::aes_cm_128_hmac_sha1_80};
    Phone phone{.from = at(1, 4000)};
    auto packet = phone.sound();
    CHECK(ends.ours.protect(Channel::rtp, packet, packet.size()) == 0);
    CHECK_FALSE(ends.theirs.open(Channel::rtp, {}));
    CHECK_FALSE(ends.theirs.open(Channel::rtcp, {}));
    CHECK_FALSE(ends.theirs.open(Channel::rtp, std::vector<std::uint8_t>(5, 0x80)));
    CHECK_FALSE(ends.theirs.open(Channel::rtp, std::vector<std::uint8_t>(1501, 0x80)));
}
