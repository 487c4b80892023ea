#include "media/source_shelf.hpp"

#include <utility>

namespace holdfast::media {
namespace {

std::size_t size_of(const SourcePtr& source) {
    return source ? source->size_bytes() : 0;
}

}  // namespace

std::string SourceShelf::expect(SourceId id) {
    if (!shelved_.contains(id) && shelved_.size() >= limits::media_sources)
        return "source " + std::to_string(id.value) + " is one more than the " +
               std::to_string(limits::media_sources) + " that fit: load fewer recordings and tones";
    shelved_[id].expected = true;
    return {};
}

std::string SourceShelf::put(SourceId id, LoadedSource loaded) {
    Shelved& place = shelved_[id];
    place.expected = false;
    place.trouble.clear();
    if (!loaded) {
        place.trouble = std::move(loaded.error());
        return place.trouble;
    }
    const std::size_t others = size_bytes_ - size_of(place.source);
    if (others + size_of(*loaded) > most_bytes_) {
        place.trouble = "source " + std::to_string(id.value) + " does not fit into the " +
                        std::to_string(most_bytes_ >> 20) +
                        " MiB that all sources share: shorten or remove recordings";
        return place.trouble;
    }
    size_bytes_ = others + size_of(*loaded);
    place.source = *std::move(loaded);
    return {};
}

SourceShelf::Found SourceShelf::find(SourceId id) const {
    const auto at = shelved_.find(id);
    if (at == shelved_.end())
        return {
            nullptr,
            "source " + std::to_string(id.value) + " was never loaded: load it before it is heard"};
    const Shelved& place = at->second;
    if (place.source || place.expected) return {place.source, {}};
    return {nullptr, place.trouble};
}

}  // namespace holdfast::media
