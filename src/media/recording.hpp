// media/recording.hpp: a sound file to a source, by libsndfile. Whoever calls owns the file.
#pragma once
#include "media/source.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace holdfast::media {

/// A file's bytes, read by somebody else.
class ByteSource {
public:
    ByteSource() = default;
    ByteSource(const ByteSource&) = delete;
    ByteSource& operator=(const ByteSource&) = delete;
    virtual ~ByteSource() = default;
    virtual std::int64_t size() const = 0;
    /// Fewer bytes than `out` has room for only at the end, or where the file cannot be read on.
    virtual std::size_t read_at(std::int64_t offset, std::span<std::byte> out) = 0;
};

/// Decodes, mixes to mono, resamples and encodes. Takes about a second of CPU for a minute of
/// sound. The sentence names `path`.
LoadedSource load_recording(ByteSource& file, std::string_view path);

}  // namespace holdfast::media
