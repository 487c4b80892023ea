// The real holdfast-media over loopback: audio both ways, switching, digits, strangers, and the
// death of either process.
#include "base/random.hpp"
#include "e2e/media_daemon.hpp"
#include "e2e/media_phone.hpp"
#include "media/rtcp.hpp"

#include <catch2/catch.hpp>
#include <sndfile.h>

#include <thread>

using namespace holdfast;
using namespace holdfast::test;

namespace {
constexpr MediaId first{1};
constexpr MediaId second{2};

/// Everybody speaks and listens for a while.
void talk(std::vector<Phone*> phones, std::chrono::milliseconds span) {
    auto next = Clock::now();
    const auto until = next + span;
    while (next < until) {
        for (Phone* phone : phones)
            phone->speak();
        next += 20ms;
        std::this_thread::sleep_until(next);
        for (Phone* phone : phones)
            phone->listen();
    }
}

/// Two phones that hear each other.
struct Call {
    Folder folder;
    std::string path = folder / "media";
    MediaProgram program{path};
    Daemon daemon{path};
    Phone a{440, 8};
    Phone b{660, 108};  // the same codec under another number
    std::uint16_t port_a = 0;
    std::uint16_t port_b = 0;

    explicit Call(const IpAddress& address = loopback) : a{440, 8, address}, b{660, 108, address} {
        port_a = daemon.open(first, address);
        port_b = daemon.open(second, address);
        a.call(address, port_a);
        b.call(address, port_b);
        daemon.order(a.configure(first));
        daemon.order(b.configure(second, 96));
        connect();
    }
    void connect() {
        daemon.order(media::Hear{first, media::HearEndpoint{second}});
        daemon.order(media::Hear{second, media::HearEndpoint{first}});
    }
};

void write_wav(const std::string& path, double hertz, int rate, int channels, double seconds) {
    SF_INFO info{};
    info.samplerate = rate;
    info.channels = channels;
    info.format = SF_FORMAT_WAV | SF_FORMAT_PCM_16;
    SNDFILE* file = sf_open(path.c_str(), SFM_WRITE, &info);
    REQUIRE(file != nullptr);
    const auto tone = sine(hertz, rate, static_cast<std::size_t>(seconds * rate));
    for (const auto sample : tone) {
        const std::array<short, 2> frame{sample, sample};
        sf_writef_short(file, frame.data(), 1);
    }
    sf_close(file);
}

/// One SSRC, sequence numbers in a row, timestamps that never go back.
void check_one_stream(const std::vector<HeardPacket>& heard) {
    REQUIRE(heard.size() > 10);
    for (std::size_t i = 1; i < heard.size(); ++i) {
        const auto& before = heard[i - 1].header;
        const auto& header = heard[i].header;
        if (header.ssrc != before.ssrc ||
            header.sequence != static_cast<std::uint16_t>(before.sequence + 1) ||
            static_cast<std::int32_t>(header.timestamp - before.timestamp) < 0)
            FAIL("packet " << i << " does not follow the one before");
    }
}
int markers(const std::vector<HeardPacket>& heard) {
    int count = 0;
    for (const auto& packet : heard)
        count += packet.header.marker ? 1 : 0;
    return count;
}
}  // namespace

TEST_CASE("media process: two phones hear each other", "[e2e][media]") {
    Call call{GENERATE(loopback, loopback6)};
    talk({&call.a, &call.b}, 1600ms);
    CHECK(call.a.tone() == 660);
    CHECK(call.b.tone() == 440);
    check_one_stream(call.a.heard);
    check_one_stream(call.b.heard);
    CHECK(call.a.heard[0].header.payload_type == 8);
    CHECK(call.b.heard[0].header.payload_type == 108);
    CHECK(call.a.heard[0].header.marker);
    CHECK(markers(call.a.heard) == 1);
    CHECK(call.daemon.expect<media::SourceLocked>().from.port != 0);

    call.daemon.order(media::Close{first});
    const auto closed = call.daemon.expect<media::Closed>();
    CHECK(closed.statistics.packets_in >= 70);
    CHECK(closed.statistics.packets_out >= 70);
    CHECK(closed.statistics.malformed == 0);
}

TEST_CASE("media process: music, and back, in one stream", "[e2e][media]") {
    Call call;
    write_wav(call.folder / "music.wav", 880, 44'100, 2, 0.75);
    call.daemon.order(media::LoadSource{{5}, call.folder / "music.wav"});
    CHECK(call.daemon.expect<media::SourceReady>().length == 750ms);
    call.daemon.order(media::LoadTone{{6}, 1000, 0, 200, 0, 1});
    call.daemon.expect<media::SourceReady>();

    talk({&call.a, &call.b}, 400ms);
    call.daemon.order(media::Hear{first, media::HearSource{{5}, true}});
    talk({&call.a, &call.b}, 2000ms);  // more than twice round
    CHECK(call.a.tone() == 880);
    CHECK(call.b.tone() == 440);  // the other one hears on
    call.daemon.order(media::Hear{first, media::HearEndpoint{second}});
    talk({&call.a, &call.b}, 1600ms);
    CHECK(call.a.tone() == 660);
    check_one_stream(call.a.heard);
    CHECK(markers(call.a.heard) == 3);
    // The timestamps have followed the time, through all of it.
    const auto passed = call.a.heard.back().header.timestamp - call.a.heard[0].header.timestamp;
    const auto real = std::chrono::duration_cast<std::chrono::milliseconds>(call.a.heard.back().at -
                                                                            call.a.heard[0].at);
    CHECK(std::abs(static_cast<double>(passed) / 8 - static_cast<double>(real.count())) < 500);

    call.daemon.order(media::Hear{first, media::HearSource{{6}, false}});
    const auto ended = call.daemon.expect<media::PlayEnded>();
    CHECK(ended.media == first);
    CHECK(ended.source == SourceId{6});
}

TEST_CASE("media process: digits are reported once and relayed; ours are sent", "[e2e][media]") {
    Call call;
    talk({&call.a, &call.b}, 400ms);
    call.a.press(9);
    talk({&call.a, &call.b}, 600ms);
    const auto digit = call.daemon.expect<media::DigitHeard>();
    CHECK(digit.media == first);
    CHECK(digit.digit == '9');
    CHECK(digit.duration_ms == 100);
    CHECK_FALSE(call.daemon.next<media::DigitHeard>(300ms));
    int events = 0;
    for (const auto& packet : call.b.heard)
        if (packet.header.payload_type == 96) {
            ++events;
            CHECK(media::parse_event(packet.payload)->code == 9);
        }
    CHECK(events == 7);
    check_one_stream(call.b.heard);

    call.daemon.order(media::SendDigit{second, '#', 100});
    talk({&call.a, &call.b}, 600ms);
    int sent = 0;
    for (const auto& packet : call.b.heard)
        if (packet.header.payload_type == 96 && media::parse_event(packet.payload)->code == 11)
            ++sent;
    CHECK(sent == 7);
    check_one_stream(call.b.heard);
}

TEST_CASE("media process: a stranger is not heard", "[e2e][media]") {
    Call call;
    talk({&call.a, &call.b}, 400ms);
    Phone stranger{1000, 8};
    stranger.call(loopback, call.port_a);
    talk({&stranger}, 300ms);  // alone, so that it would be heard
    talk({&call.a, &call.b, &stranger}, 1600ms);
    CHECK(call.b.tone() == 440);
    CHECK(call.b.hears(1000) < 500);
    CHECK(stranger.heard.empty());
    check_one_stream(call.b.heard);
    stranger.press(5);
    talk({&stranger}, 400ms);
    call.daemon.order(media::Close{first});
    CHECK(call.daemon.expect<media::Closed>().statistics.foreign_packets >= 80);
    CHECK_FALSE(call.daemon.next<media::DigitHeard>(0ms));
}

TEST_CASE("media process: ports in use, files that are not there, silence", "[e2e][media]") {
    Call call;
    call.daemon.order(media::Open{{3}, loopback, call.port_a, false});
    const auto failed = call.daemon.expect<media::OpenFailed>();
    CHECK(failed.fault == media::OpenFault::port_in_use);
    CHECK_FALSE(failed.text.empty());
    call.daemon.order(
        media::Open{{3}, loopback, static_cast<std::uint16_t>(call.port_a + 1), false});
    CHECK(call.daemon.expect<media::OpenFailed>().fault == media::OpenFault::cannot_bind);
    call.daemon.order(media::Open{first, loopback, call.port_b, false});
    call.daemon.expect<media::OpenFailed>();

    const std::string missing = call.folder / "missing.wav";
    call.daemon.order(media::LoadSource{{5}, missing});
    CHECK(call.daemon.expect<media::SourceFailed>().text ==
          missing +
              " cannot be read: No such file or directory; put the file there or correct the path");
    call.daemon.order(media::LoadSource{{5}, call.folder.path});
    CHECK(call.daemon.expect<media::SourceFailed>().text.find("is not a file") !=
          std::string::npos);

    auto order = call.a.configure(first);
    order.silence_limit = 300ms;
    call.daemon.order(order);
    CHECK(call.daemon.expect<media::Silent>().media == first);
    talk({&call.a}, 100ms);
    CHECK(call.daemon.expect<media::SoundReturned>().media == first);
}

TEST_CASE("media process: audio outlives the daemon, and the next one takes over", "[e2e][media]") {
    Folder folder;
    const std::string path = folder / "media";
    MediaProgram program{path};
    Phone a{440, 8};
    Phone b{660, 8};
    std::array<int, 2> pipe_ends{};
    REQUIRE(pipe(pipe_ends.data()) == 0);
    // A daemon of its own process, so that it can be killed.
    Child old{[&] {
        Daemon daemon{path};
        const std::array<std::uint16_t, 2> ports{daemon.open(first, loopback),
                                                 daemon.open(second, loopback)};
        daemon.order(a.configure(first));
        daemon.order(b.configure(second));
        daemon.order(media::Hear{first, media::HearEndpoint{second}});
        daemon.order(media::Hear{second, media::HearEndpoint{first}});
        if (write(pipe_ends[1], ports.data(), sizeof ports) != sizeof ports) _exit(1);
        pause();
    }};
    std::array<std::uint16_t, 2> ports{};
    REQUIRE(read(pipe_ends[0], ports.data(), sizeof ports) == sizeof ports);
    a.call(loopback, ports[0]);
    b.call(loopback, ports[1]);
    talk({&a, &b}, 500ms);
    old.kill(SIGKILL);
    talk({&a, &b}, 1600ms);
    CHECK(a.tone() == 660);
    CHECK(b.tone() == 440);

    Daemon daemon{path};
    daemon.order(media::List{});
    daemon.expect<media::ListEnded>();
    std::map<MediaId, std::uint16_t> listed;
    while (const auto one = daemon.next<media::Listed>(0ms))
        listed[one->media] = one->port;
    REQUIRE(listed.size() == 2);
    CHECK(listed[first] == ports[0]);
    CHECK(listed[second] == ports[1]);
    CHECK(daemon.sockets.size() == 2);
    CHECK(host::bound_to(daemon.sockets[first][0].get()).port == ports[0]);
    CHECK(host::bound_to(daemon.sockets[first][1].get()).port == ports[0] + 1);

    talk({&a, &b}, 500ms);
    check_one_stream(a.heard);
    CHECK(markers(a.heard) == 1);
    daemon.order(media::Close{second});
    CHECK(daemon.expect<media::Closed>().statistics.packets_in > 100);
}

TEST_CASE("media process: after its death the daemon makes the calls again, on the same ports",
          "[e2e][media]") {
    Call call;
    talk({&call.a, &call.b}, 500ms);
    const auto boot = call.daemon.boot;
    call.program.child.kill(SIGKILL);
    // The daemon still holds the ports: nobody else gets them.
    CHECK_FALSE(host::bind_udp({loopback, call.port_a}, host::ServiceClass::voice));
    talk({&call.a, &call.b}, 200ms);  // speaks into the void, and is not heard from there later

    MediaProgram again{call.path};
    Daemon daemon{call.path};
    CHECK(daemon.boot != boot);
    daemon.order(media::List{});
    daemon.expect<media::ListEnded>();
    CHECK_FALSE(daemon.next<media::Listed>(0ms));
    call.a.heard.clear();
    call.b.heard.clear();
    for (const MediaId media : {first, second}) {
        const auto port = media == first ? call.port_a : call.port_b;
        auto& sockets = call.daemon.sockets[media];
        REQUIRE(sockets.size() == 2);
        daemon.order(media::Open{media, loopback, port, true},
                     {sockets[0].get(), sockets[1].get()});
        CHECK(daemon.expect<media::Opened>().port == port);
        daemon.order(media == first ? call.a.configure(first) : call.b.configure(second, 96));
    }
    // A call that came while nobody had answered the greeting is ordered twice.
    daemon.order(media::Open{first, loopback, call.port_a, true});
    CHECK(daemon.expect<media::Opened>().port == call.port_a);
    daemon.order(media::Hear{first, media::HearEndpoint{second}});
    daemon.order(media::Hear{second, media::HearEndpoint{first}});
    talk({&call.a, &call.b}, 1600ms);
    CHECK(call.a.tone() == 660);
    CHECK(call.b.tone() == 440);
    check_one_stream(call.a.heard);
    CHECK(call.a.heard.size() <= 85);  // what waited in the sockets was no sound of now

    // Sockets that are none, or of another port, are refused.
    daemon.order(media::Open{{3}, loopback, 4000, true},
                 {call.daemon.sockets[first][0].get(), STDIN_FILENO});
    CHECK(daemon.expect<media::OpenFailed>().fault == media::OpenFault::cannot_bind);
}

TEST_CASE("media process: rubbish on every socket", "[e2e][media]") {
    Call call;
    talk({&call.a, &call.b}, 300ms);
    Random random = Random::from(9);
    const auto noise = [&random](std::size_t most) {
        std::vector<std::uint8_t> bytes(random.below(static_cast<std::uint32_t>(most)));
        for (auto& byte : bytes)
            byte = static_cast<std::uint8_t>(random.below(256));
        return bytes;
    };
    Phone stranger{1000, 8};
    stranger.call(loopback, call.port_a);
    for (int i = 0; i < 3000; ++i) {
        call.a.send_raw(noise(1600), static_cast<int>(random.below(2)));
        stranger.send_raw(noise(3000), static_cast<int>(random.below(2)));
        auto almost = noise(200);
        if (almost.size() > 2) almost[0] = 0x80, almost[1] = 8;
        call.a.send_raw(almost);
        const auto order = noise(600);
        std::string bytes(order.begin(), order.end());
        if (!bytes.empty() && random.below(2) == 0) bytes[0] = 1;
        if (bytes.size() > 1 && random.below(2) == 0)
            bytes[1] = static_cast<char>(random.below(11));
        if (!bytes.empty()) REQUIRE(call.daemon.send(bytes));
        call.daemon.read();
    }
    REQUIRE(call.program.child.runs());
    // Other connections that do not greet change nothing; one that ends at once neither.
    for (int i = 0; i < 10; ++i) {
        auto connection = host::connect_seqpacket(call.path);
        if (!connection) continue;  // more at once than it lets wait
        host::send_message(connection->get(), i % 2 == 0 ? "rubbish" : "\x01", {});
    }
    call.daemon.reports.clear();
    call.daemon.order(media::List{});
    call.daemon.expect<media::ListEnded>();
    CHECK(call.program.child.kill(SIGTERM) == 0);
}

TEST_CASE("media process: a second one does not take the place of the first", "[e2e][media]") {
    Call call;
    MediaProgram other{call.path};
    const auto until = Clock::now() + patience;
    while (other.child.runs() && Clock::now() < until)
        usleep(10'000);
    CHECK_FALSE(other.child.runs());
    talk({&call.a, &call.b}, 400ms);
    call.daemon.order(media::List{});
    call.daemon.expect<media::ListEnded>();
}
