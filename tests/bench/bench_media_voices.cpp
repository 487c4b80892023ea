// What voices cost that are decoded: transcoding and mixing, CPU a party, and SRTP, CPU a packet.
// Without sockets: the room's own work, over virtual time. Run it from a release build.
#include "media/conference.hpp"
#include "media/srtp.hpp"
#include "media/transcoder.hpp"
#include "unit/media/talker.hpp"

#include <cstdio>
#include <ctime>
#include <string>

using namespace holdfast;
using namespace holdfast::media;

namespace {

constexpr std::int64_t frames = 3000;  // 30 s of sound
constexpr std::size_t packet_frames = 2;

double cpu_s() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

/// What one party sends, encoded before anything is measured.
struct Said {
    std::vector<std::vector<std::uint8_t>> payloads;
    std::vector<Heard> packets;
    explicit Said(Codec codec) {
        Talker talker{codec, 440};
        talker.deliver(frames * frame_time, [&](const Heard& heard) {
            payloads.emplace_back(heard.packet.payload.begin(), heard.packet.payload.end());
            packets.push_back(heard);
        });
        for (std::size_t i = 0; i < packets.size(); ++i)
            packets[i].packet.payload = payloads[i];
    }
};

/// Percent of one processor, for one party, in real time.
double percent(double seconds, std::size_t parties) {
    return 100 * seconds / (static_cast<double>(frames) / 100) / static_cast<double>(parties);
}

void transcode(Codec from, Codec to) {
    const Said said{from};
    Transcoder transcoder{from, to};
    std::array<std::uint8_t, most_packet_bytes> payload;
    const double before = cpu_s();
    for (std::size_t i = 0; i < said.packets.size(); ++i) {
        transcoder.take(said.packets[i]);
        transcoder.next_packet(packet_frames, payload);
    }
    std::printf("transcoding %-4s to %-4s   %6.3f %% of one processor a direction\n",
                std::string{text_of(from)}.c_str(),
                std::string{text_of(to)}.c_str(),
                percent(cpu_s() - before, 1));
}

void mix(std::size_t parties, const std::vector<Codec>& codecs, const char* what) {
    std::vector<Said> said;
    std::vector<std::unique_ptr<LiveEncoder>> encoders;
    Conference conference;
    for (std::size_t i = 0; i < parties; ++i) {
        const Codec codec = codecs[i % codecs.size()];
        said.emplace_back(codec);
        encoders.push_back(std::make_unique<LiveEncoder>(codec, mixing_rate));
        conference.join({static_cast<std::uint32_t>(i + 1)});
    }
    std::array<std::uint8_t, most_packet_bytes> payload;
    const double before = cpu_s();
    for (std::int64_t frame = 0; frame < frames; frame += packet_frames)
        for (std::size_t i = 0; i < parties; ++i) {
            const MediaId party{static_cast<std::uint32_t>(i + 1)};
            conference.take(party, said[i].packets[static_cast<std::size_t>(frame) / 2]);
            for (std::int64_t k = 0; k < static_cast<std::int64_t>(packet_frames); ++k)
                encoders[i]->add(conference.hear(party, frame + k));
            encoders[i]->packet(payload);
        }
    std::printf("conference of %zu, %-14s %6.3f %% of one processor a party\n",
                parties,
                what,
                percent(cpu_s() - before, parties));
}

void secure(SrtpSuite suite) {
    constexpr std::uint16_t packets = 50'000;
    SrtpKey key{};
    key.fill(7);
    Srtp srtp{{suite, key, key}};
    std::array<std::uint8_t, 172 + srtp_trailer_bytes> packet{};
    double opening = 0;
    const double before = cpu_s();
    for (std::uint16_t i = 0; i < packets; ++i) {
        const std::array<std::uint8_t, 160> payload{};
        print_rtp({.payload_type = 8, .marker = false, .sequence = i, .timestamp = i, .ssrc = 5},
                  payload,
                  packet);
        const std::size_t size = srtp.protect(Channel::rtp, packet, 172);
        const double half = cpu_s();
        if (!srtp.open(Channel::rtp, Bytes{packet}.first(size))) std::printf("not opened\n");
        opening += cpu_s() - half;
    }
    const double both = (cpu_s() - before) / packets * 1e6;
    // Both legs of a call: 50 packets a second in and out of each.
    std::printf(
        "SRTP %s, 160 octets: %.2f us to protect and open; %.1f %% of one processor for\n"
        "  100 calls with both legs encrypted\n",
        std::string{text_of(suite)}.c_str(),
        both,
        both * 100 * 2 * 50 / 1e6 * 100);
    std::printf("  (of it to open: %.2f us, two looks at the clock included)\n",
                opening / packets * 1e6);
}

}  // namespace

int main() {
    using enum AudioCodec;
    std::printf("packets of 20 ms, a 440 Hz tone, 30 s of sound, one thread, no sockets\n");
    for (const auto& [from, to] : {std::pair{pcma, pcmu},
                                   {pcma, g722},
                                   {g722, pcma},
                                   {pcma, opus},
                                   {opus, pcma},
                                   {g722, opus},
                                   {opus, g722}})
        transcode(from, to);
    for (const std::size_t parties : {std::size_t{3}, limits::conference_parties}) {
        mix(parties, {pcma}, "all A-law");
        mix(parties, {opus}, "all Opus");
        mix(parties, {pcma, g722, opus, pcmu}, "all codecs");
    }
    secure(SrtpSuite::aes_cm_128_hmac_sha1_80);
    secure(SrtpSuite::aes_cm_128_hmac_sha1_32);
    return 0;
}
