#include "firmware/update/notes.hpp"

#include "base/crc32.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace holdfast::firmware {
namespace {

using link::Bytes;

constexpr std::uint32_t magic = 0x3145'544e;
constexpr std::size_t note_size = 32;
constexpr std::size_t counted = note_size - 4;
using Note = std::array<std::uint8_t, note_size>;

struct Kept {
    std::uint32_t serial = 0;
    Notes notes;
};

std::optional<Kept> read(Bytes octets) {
    link::Reader reader{octets};
    std::uint32_t begins = 0;
    Kept kept;
    reader.read(begins);
    reader.read(kept.serial);
    reader.read(kept.notes);
    link::Reader end{octets.subspan(counted)};
    std::uint32_t crc = 0;
    end.read(crc);
    if (begins != magic || crc != crc32(octets.first(counted))) return std::nullopt;
    return kept;
}

Note written(const Kept& kept) {
    Note note{};
    link::Writer writer{note};
    writer.write(magic);
    writer.write(kept.serial);
    writer.write(kept.notes);
    link::Writer end{std::span{note}.subspan(counted)};
    end.write(crc32(Bytes{note}.first(counted)));
    return note;
}

struct Newest {
    std::optional<Kept> kept;
    Area area = Area::notes_a;
};

Newest newest(const Flash& flash) {
    Newest found;
    for (const Area area : {Area::notes_a, Area::notes_b}) {
        const Bytes content = flash.content(area);
        for (std::size_t at = 0; at + note_size <= content.size(); at += note_size) {
            const auto kept = read(content.subspan(at, note_size));
            if (kept && (!found.kept || kept->serial > found.kept->serial)) found = {kept, area};
        }
    }
    return found;
}

bool erased(Bytes octets) {
    return std::ranges::all_of(octets, [](std::uint8_t octet) { return octet == 0xff; });
}

/// The first place behind which nothing was ever written; a note that was cut keeps its own.
std::optional<std::size_t> free_place(Bytes content) {
    std::size_t at = content.size() / note_size * note_size;
    while (at >= note_size && erased(content.subspan(at - note_size, note_size)))
        at -= note_size;
    if (at + note_size > content.size()) return std::nullopt;
    return at;
}

}  // namespace

Notes read_notes(const Flash& flash) {
    const auto found = newest(flash);
    return found.kept ? found.kept->notes : Notes{};
}

bool write_notes(Flash& flash, const Notes& notes) {
    const Newest before = newest(flash);
    const Kept next{before.kept ? before.kept->serial + 1 : 1, notes};
    Area area = before.area;
    auto place = free_place(flash.content(area));
    if (!place) {
        area = area == Area::notes_a ? Area::notes_b : Area::notes_a;
        if (!flash.erase(area)) return false;
        place = 0;
    }
    return flash.program(area, *place, written(next));
}

}  // namespace holdfast::firmware
