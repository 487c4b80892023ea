#include "media/rtcp_session.hpp"

#include "fake_wire.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace holdfast;
using namespace holdfast::media;

namespace {
constexpr Instant t0 = start_of_test;
const NtpClock ntp{{.at = t0, .wall = WallInstant{1'700'000'000s}}};

struct Line {
    Random random = Random::from(8);
    RtcpSession session{random, ntp};
    OutStream out{0xabc, 1, 1};
    Reception in;
    Instant now = t0;

    void send_rtp() {
        const auto header = out.begin(8, 8000, std::max(now, out.ends_at()));
        out.sent(header, 8000, now, 20ms, 160);
    }
    void hear_rtp(std::uint16_t sequence) {
        in.take({.payload_type = 8, .sequence = sequence, .timestamp = 0, .ssrc = 0xdef});
    }
    ReceivedRtcp printed(bool bye = false) {
        std::array<std::uint8_t, 256> room{};
        const std::size_t size = session.print(out, in, bye, now, room);
        bytes.assign(room.begin(), room.begin() + static_cast<long>(size));
        return parse_rtcp(bytes).value();
    }
    /// Waits for the next report; how long that took.
    Micros wait() {
        const Instant before = now;
        do {
            now = session.due();
        } while (!session.expired(now, out));
        return now - before;
    }
    std::vector<std::uint8_t> bytes;
};
}  // namespace

// RFC 3550 6.2: the first report after half the least interval, the others after the whole of it,
// both drawn between a half and one and a half and compensated.
TEST_CASE("rtcp session: when reports are due", "[media][rtcp]") {
    Line line;
    CHECK(line.session.due() == never);
    line.session.start(t0);
    line.session.start(t0 + 1s);  // once is enough
    const Micros first = line.wait();
    CHECK(first >= 1025ms);
    CHECK(first <= 3080ms);
    Micros sum{};
    Micros shortest = 1h;
    Micros longest{};
    for (int i = 0; i < 500; ++i) {
        line.send_rtp();
        line.printed();
        const Micros interval = line.wait();
        sum += interval;
        shortest = std::min(shortest, interval);
        longest = std::max(longest, interval);
    }
    CHECK(shortest >= 2052ms);
    CHECK(longest <= 6157ms);
    CHECK(longest - shortest > 2s);
    CHECK(sum / 500 > 4300ms);  // reconsideration makes it about the 5 s of the standard
    CHECK(sum / 500 < 5500ms);
}

// RFC 3550 6.4: a sender report by who has sent since the last two reports.
TEST_CASE("rtcp session: sender or receiver", "[media][rtcp]") {
    Line line;
    line.session.start(t0);
    CHECK_FALSE(line.session.may_say_bye(line.out));
    CHECK_FALSE(line.printed().info);
    CHECK(line.session.may_say_bye(line.out));
    line.send_rtp();
    const auto packet = line.printed();
    REQUIRE(packet.info);
    CHECK(packet.info->packets == 1);
    CHECK(packet.info->octets == 160);
    CHECK(packet.info->sent_at == ntp.at(line.now));
    CHECK(line.printed().info);        // one report without a packet between
    CHECK_FALSE(line.printed().info);  // two
}

TEST_CASE("rtcp session: a block about who was heard since", "[media][rtcp]") {
    Line line;
    CHECK(line.printed().blocks.empty());
    line.hear_rtp(5);
    line.hear_rtp(8);
    const auto packet = line.printed();
    REQUIRE(packet.blocks.size() == 1);
    CHECK(packet.blocks[0].ssrc == 0xdef);
    CHECK(packet.blocks[0].cumulative_lost == 2);
    CHECK(line.printed().blocks.empty());
}

// RFC 3550 6.5.1 wants a CNAME in every compound; RFC 7022 wants it to say nothing.
TEST_CASE("rtcp session: the CNAME is random and stays", "[media][rtcp]") {
    Line line;
    line.printed();
    const std::string first(line.bytes.begin() + 18, line.bytes.begin() + 34);
    line.printed(true);
    const std::string second(line.bytes.begin() + 18, line.bytes.begin() + 34);
    CHECK(first == second);
    Line other;
    other.random = Random::from(9);
    RtcpSession session{other.random, ntp};
    std::array<std::uint8_t, 256> room{};
    session.print(other.out, other.in, false, t0, room);
    CHECK(first != std::string(room.begin() + 18, room.begin() + 34));
}

TEST_CASE("rtcp session: BYE at the end where we leave", "[media][rtcp]") {
    Line line;
    CHECK_FALSE(line.printed(false).bye);
    CHECK(line.printed(true).bye);
}

// RFC 3550 6.4.1: A - LSR - DLSR.
TEST_CASE("rtcp session: the round trip", "[media][rtcp]") {
    Line line;
    line.send_rtp();
    line.printed();
    ReceivedRtcp report{};
    report.sender = 0xdef;
    const ReportBlock block{.ssrc = 0xabc,
                            .cumulative_lost = 12,
                            .last_sender_report = middle_of(ntp.at(t0)),
                            .since_last_report = ntp_units(300ms)};
    static_cast<void>(report.blocks.push_back(block));
    line.session.take(report, 60, line.out, line.in, t0 + 340ms);
    CHECK(line.session.remote().lost == 12);
    CHECK(line.session.remote().round_trip > 39ms);
    CHECK(line.session.remote().round_trip < 41ms);

    // A peer that says it waited longer than it did, one that never heard a report, one that speaks
    // of another stream: none of them changes what is known.
    report.blocks[0].since_last_report = ntp_units(500ms);
    line.session.take(report, 60, line.out, line.in, t0 + 340ms);
    report.blocks[0].last_sender_report = 0;
    line.session.take(report, 60, line.out, line.in, t0 + 340ms);
    report.blocks[0].ssrc = 0x111;
    report.blocks[0].cumulative_lost = 99;
    line.session.take(report, 60, line.out, line.in, t0 + 340ms);
    CHECK(line.session.remote().lost == 12);
    CHECK(line.session.remote().round_trip > 39ms);
    CHECK(line.session.remote().round_trip < 41ms);
}

TEST_CASE("rtcp session: duplicates are no negative loss", "[media][rtcp]") {
    Line line;
    ReceivedRtcp report{};
    report.sender = 0xdef;
    static_cast<void>(report.blocks.push_back({.ssrc = 0xabc, .cumulative_lost = -5}));
    line.session.take(report, 60, line.out, line.in, t0);
    CHECK(line.session.remote().lost == 0);
}

TEST_CASE("rtcp session: the peer's sender report is echoed, if it is of the stream we hear",
          "[media][rtcp]") {
    Line line;
    line.hear_rtp(1);
    ReceivedRtcp report{};
    report.sender = 0x999;
    report.info = SenderInfo{.sent_at = 0x1'2345'0000};
    line.session.take(report, 60, line.out, line.in, t0);
    CHECK(line.printed().blocks[0].last_sender_report == 0);
    report.sender = 0xdef;
    line.session.take(report, 60, line.out, line.in, t0);
    line.hear_rtp(2);
    line.now += 1s;
    const auto packet = line.printed();
    CHECK(packet.blocks[0].last_sender_report == 0x1'2345);
    CHECK(packet.blocks[0].since_last_report == 65'536);
}
