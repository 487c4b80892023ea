// media/source_shelf.hpp: the sources of the process by their numbers: ready, being made, or
// failed.
#pragma once
#include "base/ids.hpp"
#include "base/limits.hpp"
#include "media/source.hpp"

#include <cstddef>
#include <string>
#include <unordered_map>

namespace holdfast::media {

/// At most limits::media_sources, together of at most so many bytes.
class SourceShelf {
public:
    explicit SourceShelf(std::size_t most_bytes = limits::source_bytes) : most_bytes_{most_bytes} {}
    /// A sentence where no place is left; nothing where it may be made. The one before stays until
    /// the new one is put.
    std::string expect(SourceId id);
    /// Takes what came of it; a sentence where it failed or memory is short.
    std::string put(SourceId id, LoadedSource loaded);

    struct Found {
        SourcePtr source;     ///< None while it is being made.
        std::string trouble;  ///< Why it will not come.
    };
    Found find(SourceId id) const;

private:
    struct Shelved {
        SourcePtr source;
        bool expected = false;
        std::string trouble;
    };
    std::unordered_map<SourceId, Shelved> shelved_;
    std::size_t most_bytes_;
    std::size_t size_bytes_ = 0;
};

}  // namespace holdfast::media
