#include "fonts/pcf.hpp"

#include <array>
#include <optional>
#include <span>
#include <zlib.h>

namespace holdfast::fonts {
namespace {

using Bytes = std::span<const std::uint8_t>;

enum Table : std::uint32_t { accelerators = 2, metrics = 4, bitmaps = 8, encodings = 32 };
constexpr std::uint32_t big_endian = 4;       // of numbers
constexpr std::uint32_t left_pixel_high = 8;  // within an octet
constexpr std::uint32_t compressed = 0x100;
constexpr std::size_t most_bytes = 4 << 20;

/// Reads past the end as zero, and remembers that it did.
struct Cursor {
    Bytes bytes;
    std::size_t at = 0;
    bool big = false;
    bool* past_end = nullptr;

    std::uint32_t number(unsigned size) {
        std::uint32_t value = 0;
        for (unsigned i = 0; i < size; ++i) {
            if (at >= bytes.size()) *past_end = true;
            const std::uint32_t byte = at < bytes.size() ? bytes[at] : 0;
            ++at;
            value |= byte << 8 * (big ? size - 1 - i : i);
        }
        return value;
    }
    std::int32_t signed16() { return static_cast<std::int16_t>(number(2)); }
};

struct Metrics {
    std::int32_t left = 0;
    std::int32_t right = 0;
    std::int32_t advance = 0;
    std::int32_t ascent = 0;
    std::int32_t descent = 0;
};

struct File {
    std::vector<std::uint8_t> bytes;
    bool past_end = false;

    /// A cursor after the format of a table, and the format.
    std::optional<std::pair<Cursor, std::uint32_t>> table(std::uint32_t wanted) {
        Cursor toc{bytes, 4, false, &past_end};
        for (auto left = toc.number(4); left > 0 && !past_end; --left) {
            const auto type = toc.number(4);
            toc.number(4);
            toc.number(4);
            const auto offset = toc.number(4);
            if (type != wanted) continue;
            Cursor cursor{bytes, offset, false, &past_end};
            const auto format = cursor.number(4);
            cursor.big = (format & big_endian) != 0;
            return std::pair{cursor, format};
        }
        return std::nullopt;
    }
};

Metrics read_metrics(Cursor& from, bool small) {
    const auto next = [&] {
        return small ? static_cast<std::int32_t>(from.number(1)) - 0x80 : from.signed16();
    };
    Metrics m{next(), next(), next(), next(), next()};
    if (!small) from.number(2);  // attributes
    return m;
}

std::vector<Metrics> all_metrics(File& file) {
    std::vector<Metrics> all;
    auto table = file.table(metrics);
    if (!table) return all;
    auto& [cursor, format] = *table;
    const bool small = (format & compressed) != 0;
    for (auto left = cursor.number(small ? 2 : 4); left > 0 && !file.past_end; --left)
        all.push_back(read_metrics(cursor, small));
    return all;
}

std::vector<std::uint32_t> numbers(Cursor& from, std::size_t count, const bool& past_end) {
    std::vector<std::uint32_t> all;
    for (; count > 0 && !past_end; --count)
        all.push_back(from.number(4));
    return all;
}

/// Rows of each glyph as they are stored, without its place in the cell.
std::vector<Glyph> all_bitmaps(File& file, const std::vector<Metrics>& sizes) {
    std::vector<Glyph> all;
    auto table = file.table(bitmaps);
    if (!table) return all;
    auto& [cursor, format] = *table;
    const unsigned padding = 1u << (format & 3);
    const auto offsets = numbers(cursor, cursor.number(4), file.past_end);
    cursor.at += 16;  // sizes of the four paddings
    const std::size_t data = cursor.at;
    for (std::size_t i = 0; i < offsets.size() && i < sizes.size(); ++i) {
        const auto width = static_cast<unsigned>(sizes[i].right - sizes[i].left);
        const unsigned stride = ((width + 7) / 8 + padding - 1) / padding * padding;
        Glyph glyph;
        for (std::int32_t row = 0; row < sizes[i].ascent + sizes[i].descent; ++row) {
            Cursor line{file.bytes,
                        data + offsets[i] + static_cast<std::size_t>(row) * stride,
                        true,
                        &file.past_end};
            glyph.push_back(line.number((width + 7) / 8) << (32 - (width + 7) / 8 * 8));
        }
        all.push_back(glyph);
    }
    if ((format & left_pixel_high) == 0) file.past_end = true;  // none of ours is stored so
    return all;
}

std::vector<std::uint8_t> unzipped(const std::string& path) {
    std::vector<std::uint8_t> all;
    gzFile file = gzopen(path.c_str(), "rb");
    if (file == nullptr) return all;
    std::array<std::uint8_t, 65'536> some;
    for (int n = 1; n > 0 && all.size() < most_bytes;) {
        n = gzread(file, some.data(), static_cast<unsigned>(some.size()));
        if (n > 0) all.insert(all.end(), some.begin(), some.begin() + n);
    }
    gzclose(file);
    return all;
}

/// A glyph's rows at their place in a cell of the font.
Glyph placed(const Glyph& rows, const Metrics& m, unsigned height, std::int32_t ascent) {
    Glyph cell(height, 0);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto y = static_cast<std::int64_t>(i) + ascent - m.ascent;
        if (y < 0 || y >= static_cast<std::int64_t>(height)) continue;
        cell[static_cast<std::size_t>(y)] = m.left >= 0 ? rows[i] >> m.left : rows[i] << -m.left;
    }
    return cell;
}

void assign_glyphs(File& file,
                   Font& font,
                   const std::vector<Metrics>& sizes,
                   const std::vector<Glyph>& rows,
                   std::int32_t ascent) {
    auto table = file.table(encodings);
    if (!table) return;
    auto& cursor = table->first;
    const auto low_first = cursor.number(2);
    const auto low_last = cursor.number(2);
    const auto high_first = cursor.number(2);
    const auto high_last = cursor.number(2);
    cursor.number(2);  // the glyph for what is missing
    for (auto high = high_first; high <= high_last && !file.past_end; ++high)
        for (auto low = low_first; low <= low_last; ++low) {
            const auto index = cursor.number(2);
            if (index >= rows.size()) continue;
            font.glyphs[high << 8 | low] = placed(rows[index], sizes[index], font.height, ascent);
        }
}

}  // namespace

std::expected<Font, std::string> read_pcf(const std::string& path) {
    File file{unzipped(path)};
    if (file.bytes.size() < 8 || file.bytes[0] != 1 || file.bytes[1] != 'f')
        return std::unexpected(path + " is no PCF font; is its package installed?");
    const auto sizes = all_metrics(file);
    const auto rows = all_bitmaps(file, sizes);
    auto table = file.table(accelerators);
    if (sizes.empty() || rows.empty() || !table)
        return std::unexpected(path + " has no metrics, no bitmaps or no accelerators");
    auto& cursor = table->first;
    cursor.at += 8;  // eight flags
    const auto ascent = static_cast<std::int32_t>(cursor.number(4));
    const auto descent = static_cast<std::int32_t>(cursor.number(4));
    Font font{static_cast<unsigned>(sizes[0].advance), static_cast<unsigned>(ascent + descent), {}};
    assign_glyphs(file, font, sizes, rows, ascent);
    if (file.past_end) return std::unexpected(path + " is cut, or stored in a way not known here");
    return font;
}

}  // namespace holdfast::fonts
