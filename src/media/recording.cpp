#include "media/recording.hpp"

#include "base/limits.hpp"

#include <sndfile.h>

#include <algorithm>
#include <cstdio>
#include <vector>

namespace holdfast::media {
namespace {

constexpr int most_channels = 8;
constexpr int lowest_rate = 4000;
constexpr int highest_rate = 192'000;
constexpr sf_count_t frames_at_once = 4096;

/// libsndfile's view of a ByteSource: with a place in it.
struct Cursor {
    ByteSource& file;
    sf_count_t at = 0;
};

sf_count_t size_of(void* user) {
    return static_cast<Cursor*>(user)->file.size();
}

sf_count_t seek(sf_count_t offset, int whence, void* user) {
    auto& cursor = *static_cast<Cursor*>(user);
    if (whence == SEEK_CUR) offset += cursor.at;
    if (whence == SEEK_END) offset += cursor.file.size();
    if (offset < 0) return -1;
    return cursor.at = offset;
}

sf_count_t read(void* out, sf_count_t count, void* user) {
    auto& cursor = *static_cast<Cursor*>(user);
    if (count <= 0) return 0;
    const auto got = cursor.file.read_at(
        cursor.at, {static_cast<std::byte*>(out), static_cast<std::size_t>(count)});
    cursor.at += static_cast<sf_count_t>(got);
    return static_cast<sf_count_t>(got);
}

sf_count_t write(const void*, sf_count_t, void*) {
    return 0;
}

sf_count_t tell(void* user) {
    return static_cast<Cursor*>(user)->at;
}

struct Release {
    void operator()(SNDFILE* file) const { static_cast<void>(sf_close(file)); }
};
using Sndfile = std::unique_ptr<SNDFILE, Release>;

std::unexpected<std::string> refuse(std::string_view path, std::string_view what) {
    std::string text{path};
    text += ' ';
    text += what;
    return std::unexpected{std::move(text)};
}

/// The mean of all channels.
void mix(std::span<const float> interleaved, std::size_t channels, std::vector<float>& mono) {
    mono.resize(interleaved.size() / channels);
    for (std::size_t i = 0; i < mono.size(); ++i) {
        float sum = 0;
        for (std::size_t c = 0; c < channels; ++c)
            sum += interleaved[i * channels + c];
        mono[i] = sum / static_cast<float>(channels);
    }
}

constexpr std::string_view too_long =
    "is longer than 30 minutes, which would take too much memory: cut it";

LoadedSource read_all(SNDFILE* file, const SF_INFO& info, std::string_view path) {
    const auto channels = static_cast<std::size_t>(info.channels);
    SourceBuilder builder{static_cast<std::uint32_t>(info.samplerate)};
    std::vector<float> interleaved(frames_at_once * channels);
    std::vector<float> mono;
    for (;;) {
        const sf_count_t frames = sf_readf_float(file, interleaved.data(), frames_at_once);
        if (frames <= 0) break;
        mix(std::span{interleaved}.first(static_cast<std::size_t>(frames) * channels),
            channels,
            mono);
        if (!builder.add(mono)) return refuse(path, too_long);
    }
    if (builder.empty())
        return refuse(path, "holds no sound: the file is empty or cut off, copy it again");
    return builder.finish();
}

}  // namespace

LoadedSource load_recording(ByteSource& file, std::string_view path) {
    if (file.size() == 0) return refuse(path, "is empty: copy it again");
    SF_VIRTUAL_IO io{size_of, seek, read, write, tell};
    Cursor cursor{file};
    SF_INFO info{};
    const Sndfile opened{sf_open_virtual(&io, SFM_READ, &info, &cursor)};
    if (!opened) {
        std::string why = sf_strerror(nullptr);
        std::erase_if(why, [](char c) { return c == '\n' || c == '.'; });
        return refuse(path, "is not a sound file that can be read (" + why + "): give a WAV file");
    }
    if (info.channels < 1 || info.channels > most_channels)
        return refuse(
            path,
            "has " + std::to_string(info.channels) + " channels: give a file with one or two");
    if (info.samplerate < lowest_rate || info.samplerate > highest_rate)
        return refuse(path,
                      "has " + std::to_string(info.samplerate) +
                          " samples a second: give a file with 8000 to 48000");
    // Before anything is encoded; a header that lies is found out on the way.
    if (info.frames / info.samplerate > limits::source_length / 1s) return refuse(path, too_long);
    return read_all(opened.get(), info, path);
}

}  // namespace holdfast::media
