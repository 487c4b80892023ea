#include "host/media/source_loader.hpp"

#include "support/folder.hpp"

#include <catch2/catch.hpp>
#include <sndfile.h>

#include <filesystem>
#include <poll.h>
#include <sys/stat.h>
#include <vector>

using namespace holdfast;
using namespace holdfast::host;

namespace {
using holdfast::test::Folder;

SourceLoader::Result next(SourceLoader& loader) {
    for (;;) {
        pollfd ready{loader.descriptor(), POLLIN, 0};
        REQUIRE(poll(&ready, 1, 20'000) == 1);
        if (auto result = loader.take_result()) return *std::move(result);
    }
}
}  // namespace

TEST_CASE("source loader: files and tones, one after the other", "[host][loader]") {
    const Folder folder;
    const std::string path = folder.path + "/tone.wav";
    SF_INFO info{};
    info.samplerate = 8000;
    info.channels = 1;
    info.format = SF_FORMAT_WAV | SF_FORMAT_PCM_16;
    SNDFILE* file = sf_open(path.c_str(), SFM_WRITE, &info);
    REQUIRE(file != nullptr);
    const std::vector<short> sound(4000, 1000);
    sf_write_short(file, sound.data(), 4000);
    sf_close(file);

    SourceLoader loader;
    CHECK_FALSE(loader.take_result());
    REQUIRE(loader.load(media::LoadSource{{1}, path}));
    REQUIRE(loader.load(media::LoadTone{{2}, 440, 0, 200, 0, 1}));
    const auto recording = next(loader);
    CHECK(recording.source == SourceId{1});
    REQUIRE(recording.loaded);
    CHECK((*recording.loaded)->length() == 500ms);
    const auto tone = next(loader);
    CHECK(tone.source == SourceId{2});
    REQUIRE(tone.loaded);
    CHECK_FALSE(loader.take_result());
    pollfd ready{loader.descriptor(), POLLIN, 0};
    CHECK(poll(&ready, 1, 0) == 0);
}

TEST_CASE("source loader: what cannot be read says why", "[host][loader]") {
    const Folder folder;
    SourceLoader loader;
    const auto fault = [&](const std::string& path) {
        REQUIRE(loader.load(media::LoadSource{{1}, path}));
        const auto result = next(loader);
        REQUIRE_FALSE(result.loaded);
        return result.loaded.error();
    };
    CHECK(fault("/no/such/file.wav") ==
          "/no/such/file.wav cannot be read: No such file or "
          "directory; put the file there or correct the path");
    CHECK(fault(folder.path) == folder.path + " is not a file: give the path of a WAV file");
    const std::string pipe = folder.path + "/pipe";
    REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
    CHECK(fault(pipe) == pipe + " is not a file: give the path of a WAV file");
}

TEST_CASE("source loader: ends with work left", "[host][loader]") {
    SourceLoader loader;
    for (std::uint32_t id = 1; id <= 20; ++id)
        REQUIRE(loader.load(media::LoadTone{{id}, 440, 0, 60'000, 0, 1}));
}
