#include "firmware/pictures.hpp"

#include <algorithm>

namespace holdfast::firmware {
namespace {

using link::Refusal;

constexpr std::uint32_t most_permille = 1000;

std::uint32_t octet(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint8_t>(bytes[at]);
}

/// Whether such a cell can show these octets.
bool readable(link::CellKind kind, std::string_view bytes) {
    switch (kind) {
        case link::CellKind::text:
            return bytes.size() <= link::most_text_bytes;
        case link::CellKind::clock:
            return bytes.empty();
        case link::CellKind::bar:
            return bytes.size() == 2 && octet(bytes, 0) + 256 * octet(bytes, 1) <= most_permille;
        case link::CellKind::spark:
            return bytes.size() <= link::most_points;
        case link::CellKind::bitmap:
            return bytes.size() == 1;
    }
    return false;
}

}  // namespace

Verdict Pictures::lay_out(const link::Layout& layout) {
    if (layout.layout == 0 || layout.part >= layout.parts) return {Refusal::malformed, 0};
    if (layout.part > 0 && layout.layout != staged_.layout) return {Refusal::incomplete, 0};
    // The part that came last may come again.
    if (layout.part > next_part_ || (layout.part > 0 && layout.part + 1 < next_part_))
        return {Refusal::incomplete, next_part_};
    for (const auto& cell : layout.cells)
        if (cell.id >= link::most_cells || cell.width == 0 || cell.height == 0 ||
            cell.x + cell.width > width_ || cell.y + cell.height > height_)
            return {Refusal::outside, cell.id};

    if (layout.part == 0) {
        staged_.layout = layout.layout;
        std::ranges::fill(staged_.cells, CellState{});
    }
    parts_ = layout.parts;
    next_part_ = static_cast<std::uint8_t>(layout.part + 1);
    for (const auto& cell : layout.cells)
        staged_.cells[cell.id] = {
            .used = true, .cell = cell, .look = cell.look, .size = 0, .bytes = {}};
    return {};
}

Verdict Pictures::check(const link::Value& value) const {
    const CellState& state = staged_.cells[value.at.cell];
    if (!state.used) return {Refusal::no_such_cell, value.at.cell};
    if (!readable(state.cell.kind, value.bytes)) return {Refusal::wrong_content, value.at.cell};
    if (state.cell.kind == link::CellKind::bitmap) {
        const auto number = static_cast<std::uint16_t>(octet(value.bytes, 0));
        if (number >= link::most_bitmaps || !bitmaps_[number].whole())
            return {Refusal::no_such_bitmap, number};
    }
    return {};
}

void Pictures::keep(const link::Value& value) {
    auto& state = staged_.cells[value.at.cell];
    state.look = value.at.look;
    state.size = static_cast<std::uint8_t>(value.bytes.size());
    std::ranges::copy(value.bytes, state.bytes.begin());
}

Verdict Pictures::set(const link::Set& set) {
    if (set.layout == 0 || set.layout != staged_.layout) return {Refusal::unknown_layout, 0};
    for (const auto& value : set.values)
        if (const Verdict verdict = check(value); verdict.refusal != Refusal::done) return verdict;
    for (const auto& value : set.values)
        keep(value);
    return {};
}

Verdict Pictures::commit(const link::Commit& commit, Instant now) {
    if (commit.layout == 0 || commit.layout != staged_.layout) return {Refusal::unknown_layout, 0};
    if (next_part_ != parts_) return {Refusal::incomplete, next_part_};
    const bool another = shown_.layout != staged_.layout;
    for (std::size_t id = 0; id < link::most_cells; ++id) {
        if (!another && shown_.cells[id].same_as(staged_.cells[id])) continue;
        shown_.cells[id] = staged_.cells[id];
        since_[id] = now;
    }
    shown_.layout = staged_.layout;
    shown_.palette = staged_.palette;
    return {};
}

Verdict Pictures::store(const link::Bitmap& part) {
    if (part.number >= link::most_bitmaps || part.width == 0 || part.height == 0)
        return {Refusal::malformed, 0};
    const std::size_t size = std::size_t{(part.width + 1u) / 2} * part.height;
    if (size > link::most_bitmap_bytes) return {Refusal::too_large, link::most_bitmap_bytes / 1024};
    auto& bitmap = bitmaps_[part.number];
    if (part.offset + part.bytes.size() > size) return {Refusal::malformed, 0};
    if (part.offset == 0) {
        bitmap.width = part.width;
        bitmap.height = part.height;
        bitmap.filled = 0;
    }
    const bool same = bitmap.width == part.width && bitmap.height == part.height;
    if (!same || part.offset > bitmap.filled) return {Refusal::incomplete, bitmap.filled};
    std::ranges::copy(part.bytes, bitmap.bytes.begin() + part.offset);
    bitmap.filled = static_cast<std::uint16_t>(part.offset + part.bytes.size());
    return {};
}

}  // namespace holdfast::firmware
