// firmware/pictures.hpp: what the daemon has laid out and set, and what of it is shown.
#pragma once
#include "base/time.hpp"
#include "link/messages.hpp"
#include "link/picture.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace holdfast::firmware {

/// A cell with its value, owned: messages are views into the receive buffer.
struct CellState {
    bool used = false;
    link::Cell cell{};
    link::Look look{};
    std::uint8_t size = 0;
    std::array<char, link::most_text_bytes> bytes{};

    std::string_view view() const { return {bytes.data(), size}; }
    bool same_as(const CellState& other) const {
        return used == other.used && cell == other.cell && look == other.look &&
               view() == other.view();
    }
};
static_assert(link::most_points <= link::most_text_bytes);

/// Everything that a picture is drawn from but bitmaps and time.
struct Page {
    std::uint32_t layout = 0;  ///< 0: there is none.
    std::array<CellState, link::most_cells> cells{};
    link::Palette palette = link::standard_palette;
};

/// Kept until the board restarts. Two pixels an octet, the left one high, rows padded to octets.
struct StoredBitmap {
    std::uint8_t width = 0;
    std::uint8_t height = 0;
    std::uint16_t filled = 0;  ///< Octets that have come.
    std::array<std::uint8_t, link::most_bitmap_bytes> bytes{};

    std::size_t stride() const { return (width + 1u) / 2; }
    bool whole() const { return filled > 0 && filled == stride() * height; }
};
using Bitmaps = std::array<StoredBitmap, link::most_bitmaps>;

/// How a request ended.
struct Verdict {
    link::Refusal refusal = link::Refusal::done;
    std::uint16_t detail = 0;
};

class Pictures {
public:
    Pictures(std::uint16_t width, std::uint16_t height) : width_{width}, height_{height} {}

    Verdict lay_out(const link::Layout& layout);
    Verdict set(const link::Set& set);
    Verdict store(const link::Bitmap& part);
    void set_palette(const link::Palette& colours) { staged_.palette = colours; }
    /// Shows what is staged; cells that differ from what they showed begin their effects at `now`.
    Verdict commit(const link::Commit& commit, Instant now);

    const Page& shown() const { return shown_; }
    const Bitmaps& bitmaps() const { return bitmaps_; }
    /// When the cell of this id last changed.
    Instant since(std::size_t id) const { return since_[id]; }

private:
    Verdict check(const link::Value& value) const;
    void keep(const link::Value& value);

    std::uint16_t width_;
    std::uint16_t height_;
    std::uint8_t parts_ = 0;
    std::uint8_t next_part_ = 0;
    Page staged_;
    Page shown_;
    std::array<Instant, link::most_cells> since_{};
    Bitmaps bitmaps_{};
};

}  // namespace holdfast::firmware
