// engine/wallboards.hpp: what wallboards are given: the figures once a second, and at once when an
// alarm comes or goes; the figures that are watched; the supervisor's texts; and what is known of
// the boards themselves.
#pragma once
#include "console/requests.hpp"
#include "engine/alarms.hpp"
#include "engine/context.hpp"
#include "engine/floor_figures.hpp"
#include "engine/inputs.hpp"
#include "engine/records.hpp"
#include "wallboard/watches.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace holdfast::engine {

class Wallboards {
public:
    Wallboards(Context& context, Alarms& alarms);

    /// Once everything is restored.
    void start();
    void restore(const BoardRecord& record);
    /// Is about to be added to the day's counts, and is not of the last minutes.
    void counted_before(QueueId queue, const acd::QueueToday& more) {
        floor_.counted_before(queue, more);
    }
    /// What must survive, where it has changed since it was last asked.
    std::optional<BoardRecord> take_changed();

    /// In each step: counts what changed, and judges the watched figures by it.
    void changed(const acd::Changed& what);
    /// At the end of each step: the picture goes out where it is due.
    void send();
    void second_passed();

    void reported(const BoardReported& input);
    console::Answer write(const console::WriteBoard& request);
    console::Answer update(const console::UpdateBoard& request);
    std::vector<console::BoardLine> lines() const;
    std::uint32_t boards() const;
    std::uint32_t boards_up() const;
    /// "wall: geometry mismatch: ..." of each board that has one.
    std::vector<std::string> troubles() const;

private:
    bool used() const;
    void look();
    void arm();
    void note_update(const std::string& name, bool under_way);

    struct Board {
        BoardReported last;
        std::string cut_off{};  ///< The update of a life before: what became of it.
    };

    Context& context_;
    Alarms& alarms_;
    FloorFigures floor_;
    wallboard::Watches watches_;
    std::vector<Board> boards_;
    BoardRecord texts_;
    Timer second_;
    Instant next_second_{};
    std::uint64_t alarms_seen_ = 0;
    bool texts_changed_ = false, due_ = false;
};

}  // namespace holdfast::engine
