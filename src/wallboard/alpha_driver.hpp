// wallboard/alpha_driver.hpp: keeps Alpha signs showing the figures. The layout is written once as
// TEXT files that call a STRING file for each value; from then on only STRINGs are written, which
// change without a flicker. The sign answers nothing, so everything is written anew now and then.
#pragma once
#include "wallboard/alpha_frame.hpp"
#include "wallboard/driver.hpp"
#include "wallboard/layout.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace holdfast::wallboard::alpha {

struct Settings {
    Layout layout;
    Receiver receiver;
    std::uint32_t baud = 9600;
    std::uint32_t bits_of_byte = 10;  ///< On the line: start, 7 and parity or 8, stop.
    Micros gap = 500ms;               ///< Between packets; below 250 ms signs lose them.
    Micros refresh = 15min;           ///< Everything is written anew that often.
    std::uint8_t least_priority = 0;  ///< Alarms below it are not shown.
    std::uint64_t applied = 0;        ///< What memory_hash() was when the sign was configured.
};

/// STRING files there are labels for: letters that are no pages' labels.
inline constexpr std::size_t most_strings = 44;
inline constexpr std::size_t string_bytes = 125;
inline constexpr std::size_t text_bytes = 1'024;  ///< Of a page, its codes included.

/// Why the layout cannot be written into a sign with so much memory, a sentence each.
std::vector<std::string> misfits(const Layout& layout, std::size_t memory_bytes);

class AlphaDriver : public Driver {
public:
    explicit AlphaDriver(Settings settings);

    void connected(Instant now) override;
    void show(const Figures& figures, Instant now) override;
    void received(std::string_view, Instant) override {}  // signs of this kind do not answer
    std::string next(Instant now) override;
    Instant wake() const override;
    std::string farewell() override;
    Health health(Instant now) const override;

    /// Names the memory table that the layout needs. Configuring erases the sign and takes seconds,
    /// so it is done where this differs from what was applied.
    std::uint64_t memory_hash() const { return memory_hash_; }
    /// Of the table that the sign was last given.
    std::uint64_t applied() const override { return settings_.applied; }
    Instant free_at() const override { return quiet_until_; }
    std::uint64_t packets() const { return packets_; }

private:
    struct StringFile {
        const Cell* cell;
        char label;
        std::string wanted, sent;
    };
    struct Step {
        Block block;
        Micros rest{};         ///< The sign is busy that long, above the gap.
        bool applies = false;  ///< With this the memory table is the sign's.
    };

    void refresh(Instant now);
    Block text_of_page(std::size_t page) const;
    std::string content_of(const Cell& cell, const Shown& shown) const;
    std::vector<Block> changed_strings();
    std::vector<Block> next_blocks(Instant now, Micros& rest);
    void begin(const std::vector<Block>& blocks, Micros rest);

    Settings settings_;
    std::vector<File> files_;
    std::vector<StringFile> strings_;
    std::uint64_t memory_hash_ = 0;
    std::deque<Step> steps_;    // to be done before strings are written
    std::deque<Piece> pieces_;  // of the packet under way
    Micros rest_{};             // after that packet
    Instant quiet_until_{};
    Instant refresh_at_ = never;
    std::string alarm_wanted_, alarm_sent_;
    std::optional<Figures> figures_;
    std::uint64_t packets_ = 0;
    bool connected_ = false;
};

}  // namespace holdfast::wallboard::alpha
