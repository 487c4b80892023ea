// wallboard/panel_driver.hpp: keeps a board with our firmware showing the figures, over the link
// (src/link). It asks one thing at a time and repeats it until it is answered; a board that has
// started anew is told everything again.
#pragma once
#include "link/sender.hpp"
#include "wallboard/driver.hpp"
#include "wallboard/firmware_update.hpp"
#include "wallboard/layout.hpp"
#include "wallboard/panel_picture.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::wallboard::panel {

struct Settings {
    Layout layout{};
    Geometry geometry{};
    std::string board{};  ///< Its name, where another kind would be a fault; empty: any.
    std::uint8_t node = 1;
    std::uint32_t baud = 115'200;
    std::uint8_t brightness = 100;    ///< Percent, as the eye sees it.
    std::uint8_t least_priority = 0;  ///< Alarms below it are not shown.
    bool shares_line = false;         ///< With other boards, who wait while one is asked.
};

/// What the board has been told, since it was last known to have started.
struct Counters {
    std::uint64_t greetings = 0, layouts = 0, sets = 0, commits = 0;
};

class PanelDriver : public Driver {
public:
    explicit PanelDriver(Settings settings);

    void connected(Instant now) override;
    void lost() override;
    void show(const Figures& figures, Instant now) override;
    void received(std::string_view bytes, Instant now) override;
    std::string next(Instant now) override;
    Instant wake() const override;
    Instant free_at() const override { return Instant{}; }
    /// Nothing: a board that is not told anything says NO DATA by itself.
    std::string farewell() override { return {}; }
    Health health(Instant now) const override;
    void update(std::size_t board, std::vector<Image> images, Instant now) override;

    /// Until then the line is kept for the answer to what was sent last.
    Instant line_until() const { return sender_.busy() ? sender_.next_deadline() : Instant{}; }
    const Counters& counters() const { return counters_; }
    /// The picture that the board should show now.
    const Picture& wanted() const { return wanted_; }

private:
    enum class Phase : std::uint8_t { silent, unknown, known, unfit };
    enum class Asked : std::uint8_t {
        nothing,
        hello,
        layout,
        bitmap,
        set,
        commit,
        chore,
        confirm,
        status,
        update
    };

    void draw(Instant now);
    void turn_page(Instant now);
    void begin_anew(Instant at);
    link::Bytes ask_next(Instant now);
    link::Bytes greet(Instant now);
    void begin_layout();
    link::Bytes ask_bitmap(Instant now);
    link::Bytes ask_set(Instant now);
    link::Bytes ask_housekeeping(Instant now);
    link::Bytes ask_update(Instant now);
    void take_update(const link::Answer& answer, Instant now);
    void take(const link::Answer& answer, Instant now);
    void take_hello(const link::HelloAnswer& hello, Instant now);
    void take_refusal(const link::Answer& answer, Asked asked, Instant now);
    void take_commit(const link::CommitAnswer& commit, Instant now);
    void take_status(const link::StatusAnswer& status);
    std::string unfit(const link::HelloAnswer& hello) const;
    bool all_set() const;
    Micros pause_of_unheard();

    Settings settings_;
    Sparks sparks_;
    link::Sender sender_;
    Counters counters_;

    Phase phase_ = Phase::silent;
    Instant greet_at_ = never;
    int unheard_ = 0;  ///< Requests in a row that nobody answered.
    std::uint32_t boot_ = 0;
    std::uint8_t slot_ = 0;
    bool unconfirmed_ = false;  ///< The firmware that it runs.
    std::string what_, trouble_;
    std::string unfit_;                     ///< Why the board cannot show the layout; shown on it.
    std::uint32_t width_ = 0, height_ = 0;  ///< As the board says.
    std::optional<Instant> answered_at_;

    std::optional<Figures> figures_;
    std::size_t page_ = 0;
    Instant page_until_ = never;
    Picture wanted_;

    Asked asked_ = Asked::nothing;
    std::uint32_t laid_out_ = 0;  ///< The layout whose parts the board is being given.
    std::size_t parts_done_ = 0;
    std::size_t bitmap_ = 0, bitmap_offset_ = 0;  ///< Which the board is given; all: it has them.
    std::vector<std::optional<Content>> told_;
    std::vector<std::size_t> telling_;  ///< Cells of the SET under way.
    std::vector<Content> told_now_;     ///< What they are told.
    bool fresh_ = false;                ///< There are figures that were not committed.
    Instant commit_at_{};               ///< Not before.
    Instant status_at_{};
    int chore_ = 0;  ///< Brightness, clock, status.
    link::Screen screen_{};
    std::optional<FirmwareUpdate> update_;
    std::string update_refused_;  ///< Why none was begun.
};

}  // namespace holdfast::wallboard::panel
