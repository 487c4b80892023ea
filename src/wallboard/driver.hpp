// wallboard/driver.hpp: what keeps the board at a line, or the boards, showing the figures. A
// driver is pure: bytes that came, bytes to send, and the time are given to it. It holds what the
// board should show and what it was last told, never a queue: who cannot take data for an hour is
// then told the present.
#pragma once
#include "wallboard/figures.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::wallboard {

/// What is known of a board, for status and alarms.
struct Health {
    std::string what;                    ///< "Alpha sign", or what the board says of itself.
    std::string trouble;                 ///< A sentence for a person; empty: none.
    std::optional<Instant> answered_at;  ///< None: it never did, or its kind does not.
    std::string update{};                ///< How its new firmware goes, or went; empty: none.
    bool updating = false;
};

/// Firmware of a board of ours, as tools/images/sign writes it.
using Image = std::vector<std::uint8_t>;

class Driver {
public:
    virtual ~Driver() = default;

    /// The line is there, or is there again: what was under way is lost.
    virtual void connected(Instant now) = 0;
    /// It is gone; `connected` may follow.
    virtual void lost() {}
    virtual void show(const Figures& figures, Instant now) = 0;
    virtual void received(std::string_view bytes, Instant now) = 0;

    /// What is to be sent now, at most `most_bytes_at_once`; empty where nothing is due.
    virtual std::string next(Instant now) = 0;
    /// When next() may have something, if nothing else happens before.
    virtual Instant wake() const = 0;
    /// A number that names what the board was configured with, worth keeping as long as the machine
    /// runs; zero: nothing.
    virtual std::uint64_t applied() const { return 0; }
    /// When the board can take something that it is not being told now.
    virtual Instant free_at() const = 0;
    /// New firmware for one of the boards at this line; health() tells what becomes of it.
    // NOLINTNEXTLINE(performance-unnecessary-value-param): who can, keeps them
    virtual void update(std::size_t /*board*/, std::vector<Image> /*images*/, Instant /*now*/) {}
    /// Bytes that tell the board, at the end of the daemon, that its figures are old.
    virtual std::string farewell() = 0;
    virtual Health health(Instant now) const = 0;
    /// Of each board at this line, in the order of the settings.
    virtual std::vector<Health> healths(Instant now) const { return {health(now)}; }
};

inline constexpr std::size_t most_bytes_at_once = 4'096;

}  // namespace holdfast::wallboard
