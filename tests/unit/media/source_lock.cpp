#include "media/source_lock.hpp"

#include "fake_wire.hpp"
#include "support/machine_walk.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::media;
using Verdict = SourceLock::Verdict;

namespace {
const Endpoint named = at(1, 4000);
const IpAddress signalling = IpAddress::v4(192, 0, 2, 9);
const Endpoint natted = at(9, 62'000);
const Endpoint stranger = at(66, 4000);

struct Line {
    SourceLock lock;
    std::uint16_t sequence = 100;
    std::uint32_t ssrc = 7;
    std::uint8_t payload = 8;

    explicit Line(const IpAddress& signalling_source = signalling) {
        lock.configure(named, signalling_source);
    }
    SourceLock::Answer packet(const Endpoint& from) {
        return lock.take(from,
                         {.payload_type = payload,
                          .marker = false,
                          .sequence = sequence++,
                          .timestamp = 0,
                          .ssrc = ssrc});
    }
    Verdict packets(const Endpoint& from, int count) {
        Verdict last{};
        for (int i = 0; i < count; ++i)
            last = packet(from).verdict;
        return last;
    }
};
}  // namespace

// The SDP address is preferred: what comes from there is heard at once, and locks when proven.
TEST_CASE("source lock: from where SDP said", "[media][lock]") {
    Line line;
    for (int i = 1; i < packets_to_lock; ++i) {
        const auto answer = line.packet(named);
        CHECK(answer.verdict == Verdict::pass);
        CHECK_FALSE(answer.just_locked);
        CHECK_FALSE(line.lock.locked());
    }
    const auto answer = line.packet(named);
    CHECK(answer.verdict == Verdict::pass);
    CHECK(answer.just_locked);
    CHECK(line.lock.locked());
    CHECK(line.lock.source() == named);
    CHECK_FALSE(line.packet(named).just_locked);
}

// Another source only with the address that signals, and only when proven.
TEST_CASE("source lock: from behind NAT", "[media][lock]") {
    Line line;
    CHECK(line.packets(natted, packets_to_lock - 1) == Verdict::wait);
    const auto answer = line.packet(natted);
    CHECK(answer.verdict == Verdict::pass);
    CHECK(answer.just_locked);
    CHECK(line.lock.source() == natted);
}

TEST_CASE("source lock: nobody else, whatever they send", "[media][lock]") {
    Line line;
    CHECK(line.packets(stranger, 50) == Verdict::foreign);
    CHECK_FALSE(line.lock.locked());
    CHECK(line.packets(at(1, 4001), 50) == Verdict::foreign);  // the host is not enough
}

TEST_CASE("source lock: without leave, the signalling address is a stranger", "[media][lock]") {
    Line line{IpAddress{}};
    CHECK(line.packets(natted, 50) == Verdict::foreign);
    CHECK(line.packets(Endpoint{{}, 5}, 50) == Verdict::foreign);
}

TEST_CASE("source lock: before anything was agreed on, all are strangers", "[media][lock]") {
    SourceLock lock;
    CHECK(lock.take(named, {}).verdict == Verdict::foreign);
    CHECK(lock.take(Endpoint{}, {}).verdict == Verdict::foreign);
}

// In sequence, with one SSRC and one payload type; a break begins the count anew.
TEST_CASE("source lock: what proves a source", "[media][lock]") {
    Line line;
    line.packets(natted, packets_to_lock - 1);
    SECTION("a gap") {
        ++line.sequence;
    }
    SECTION("a repetition") {
        --line.sequence;
    }
    SECTION("another SSRC") {
        ++line.ssrc;
    }
    SECTION("another payload type") {
        ++line.payload;
    }
    SECTION("another port") {
        CHECK(line.packet(at(9, 62'002)).verdict == Verdict::wait);
        --line.sequence;
    }
    CHECK(line.packet(natted).verdict == Verdict::wait);
    CHECK(line.packets(natted, packets_to_lock - 2) == Verdict::wait);
    CHECK(line.packet(natted).just_locked);
}

TEST_CASE("source lock: sequence numbers may wrap meanwhile", "[media][lock]") {
    Line line;
    line.sequence = 65'534;
    line.packets(natted, packets_to_lock);
    CHECK(line.lock.locked());
}

// While the party sends from where it said, no other source is believed.
TEST_CASE("source lock: the SDP address wins", "[media][lock]") {
    Line line;
    for (int i = 0; i < 3 * packets_to_lock; ++i) {
        CHECK(line.packet(natted).verdict == Verdict::wait);
        line.ssrc += 100;  // the party keeps restarting, and so never proves itself
        CHECK(line.packet(named).verdict == Verdict::pass);
    }
    CHECK_FALSE(line.lock.locked());
}

// Locked is locked until the next offer or answer, also against the SDP address.
TEST_CASE("source lock: holds until configured anew", "[media][lock]") {
    Line line;
    line.packets(natted, packets_to_lock);
    CHECK(line.packets(named, 20) == Verdict::foreign);
    CHECK(line.packets(at(9, 62'002), 20) == Verdict::foreign);
    line.ssrc = 1234;  // phones change it
    CHECK(line.packet(natted).verdict == Verdict::pass);

    line.lock.configure(at(3, 4000), {});
    CHECK_FALSE(line.lock.locked());
    CHECK(line.lock.source().port == 0);
    CHECK(line.packets(natted, 20) == Verdict::foreign);
    line.packets(at(3, 4000), packets_to_lock);
    CHECK(line.lock.source() == at(3, 4000));
}

// A repeated answer with the same terms must not make a gap: the source so far is heard on, but a
// party whose NAT has moved it is found again.
TEST_CASE("source lock: the same terms keep the source until another is proven", "[media][lock]") {
    Line line;
    line.packets(natted, packets_to_lock);
    line.lock.configure(named, signalling);
    CHECK_FALSE(line.lock.locked());
    CHECK(line.lock.source() == natted);
    CHECK(line.packet(natted).verdict == Verdict::pass);

    const Endpoint moved = at(9, 62'100);
    line.packets(moved, packets_to_lock);
    CHECK(line.lock.locked());
    CHECK(line.lock.source() == moved);
    CHECK(line.packet(natted).verdict == Verdict::foreign);
}

TEST_CASE("source lock: every row of the table can be taken", "[media][lock][machine]") {
    test::check_table<source_lock::Machine>();
}
