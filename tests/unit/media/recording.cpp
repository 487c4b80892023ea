#include "media/recording.hpp"

#include "base/random.hpp"
#include "support/sound.hpp"

#include <catch2/catch.hpp>
#include <sndfile.h>

#include <algorithm>
#include <cstring>

using namespace holdfast;
using namespace holdfast::media;

namespace {
struct InMemory : ByteSource {
    std::vector<std::byte> bytes;
    std::int64_t size() const override { return static_cast<std::int64_t>(bytes.size()); }
    std::size_t read_at(std::int64_t offset, std::span<std::byte> out) override {
        if (offset < 0 || offset >= size()) return 0;
        const auto rest = std::span{bytes}.subspan(static_cast<std::size_t>(offset));
        const std::size_t count = std::min(rest.size(), out.size());
        std::copy_n(rest.begin(), count, out.begin());
        return count;
    }
};

/// A file that libsndfile writes into memory.
struct Writer {
    std::vector<std::byte> bytes;
    std::int64_t at = 0;
};
std::vector<std::byte> sound_file(int format, int rate, int channels, double seconds) {
    Writer writer;
    SF_VIRTUAL_IO io{
        [](void* w) { return static_cast<sf_count_t>(static_cast<Writer*>(w)->bytes.size()); },
        [](sf_count_t offset, int whence, void* w) {
            auto& out = *static_cast<Writer*>(w);
            if (whence == SEEK_CUR) offset += out.at;
            if (whence == SEEK_END) offset += static_cast<sf_count_t>(out.bytes.size());
            return static_cast<sf_count_t>(out.at = offset);
        },
        [](void*, sf_count_t, void*) -> sf_count_t { return 0; },
        [](const void* data, sf_count_t count, void* w) {
            auto& out = *static_cast<Writer*>(w);
            out.bytes.resize(std::max(out.bytes.size(), static_cast<std::size_t>(out.at + count)));
            std::memcpy(out.bytes.data() + out.at, data, static_cast<std::size_t>(count));
            out.at += count;
            return count;
        },
        [](void* w) { return static_cast<sf_count_t>(static_cast<Writer*>(w)->at); }};
    SF_INFO info{};
    info.samplerate = rate;
    info.channels = channels;
    info.format = format;
    SNDFILE* file = sf_open_virtual(&io, SFM_WRITE, &info, &writer);
    REQUIRE(file != nullptr);
    const auto frames = static_cast<std::size_t>(seconds * rate);
    const auto tone = test::sine(440, rate, frames);
    std::vector<float> interleaved;
    for (const auto sample : tone)
        for (int c = 0; c < channels; ++c)
            interleaved.push_back(static_cast<float>(sample) / 32'768.0F);
    sf_writef_float(file, interleaved.data(), static_cast<sf_count_t>(frames));
    sf_close(file);
    return writer.bytes;
}
LoadedSource load(std::vector<std::byte> bytes) {
    InMemory file;
    file.bytes = std::move(bytes);
    return load_recording(file, "/music/wait.wav");
}
}  // namespace

TEST_CASE("recording: any rate, width and number of channels", "[media][recording]") {
    struct Case {
        int format, rate, channels;
    };
    const auto c = GENERATE(Case{SF_FORMAT_WAV | SF_FORMAT_PCM_16, 8000, 1},
                            Case{SF_FORMAT_WAV | SF_FORMAT_PCM_16, 44'100, 2},
                            Case{SF_FORMAT_WAV | SF_FORMAT_PCM_24, 48'000, 2},
                            Case{SF_FORMAT_WAV | SF_FORMAT_FLOAT, 22'050, 1},
                            Case{SF_FORMAT_WAV | SF_FORMAT_PCM_U8, 11'025, 1},
                            Case{SF_FORMAT_WAV | SF_FORMAT_ALAW, 8000, 1},
                            Case{SF_FORMAT_WAV | SF_FORMAT_PCM_16, 16'000, 6});
    CAPTURE(c.format, c.rate, c.channels);
    const auto source = load(sound_file(c.format, c.rate, c.channels, 1.0));
    REQUIRE(source);
    CHECK((*source)->length() == 1s);
    Track::Position position;
    std::array<std::uint8_t, most_packet_bytes> payload{};
    test::Sound heard;
    const auto decoder = facts_of(Codec::pcmu).make_decoder();
    while (const auto size =
               (*source)->track(Codec::pcmu).next_packet(position, false, 2, payload)) {
        std::array<std::int16_t, most_decoded> samples{};
        const auto count = decoder->decode(Bytes{payload}.first(size), samples);
        heard.insert(heard.end(), samples.begin(), samples.begin() + static_cast<long>(count));
    }
    CHECK(test::strength(heard, 440, 8000) == Approx(10'000).epsilon(0.05));
}

// A sentence that says what is wrong, where, and what to do.
TEST_CASE("recording: what cannot be used says why", "[media][recording]") {
    const auto fault = [](std::vector<std::byte> bytes) {
        const auto source = load(std::move(bytes));
        return source ? std::string{} : source.error();
    };
    CHECK(fault({}) == "/music/wait.wav is empty: copy it again");
    CHECK(fault(std::vector<std::byte>(500, std::byte{'x'})).find("is not a sound file") !=
          std::string::npos);
    const auto pcm = SF_FORMAT_WAV | SF_FORMAT_PCM_16;
    CHECK(fault(sound_file(pcm, 8000, 1, 0.0)) ==
          "/music/wait.wav holds no sound: the file is empty or cut off, copy it again");
    CHECK(fault(sound_file(pcm, 8000, 9, 0.1)) ==
          "/music/wait.wav has 9 channels: give a file with one or two");
    CHECK(fault(sound_file(pcm, 2000, 1, 0.1)) ==
          "/music/wait.wav has 2000 samples a second: give a file with 8000 to 48000");
    CHECK(fault(sound_file(SF_FORMAT_WAV | SF_FORMAT_PCM_U8, 4000, 1, 1801)) ==
          "/music/wait.wav is longer than 30 minutes, which would take too much memory: cut it");
}

TEST_CASE("recording: a file that was cut off gives what is there", "[media][recording]") {
    auto bytes = sound_file(SF_FORMAT_WAV | SF_FORMAT_PCM_16, 8000, 1, 1.0);
    bytes.resize(44 + 8000);
    const auto source = load(std::move(bytes));
    REQUIRE(source);
    CHECK((*source)->length() == 500ms);
}

TEST_CASE("recording: damaged files are read or refused, without harm", "[media][recording]") {
    const auto good = sound_file(SF_FORMAT_WAV | SF_FORMAT_PCM_16, 8000, 1, 0.02);
    Random random = Random::from(5);
    for (int i = 0; i < 300; ++i) {
        auto bytes = good;
        for (auto n = 1 + random.below(4); n > 0; --n)
            bytes[random.below(64)] = static_cast<std::byte>(random.below(256));
        static_cast<void>(load(std::move(bytes)));
    }
}
