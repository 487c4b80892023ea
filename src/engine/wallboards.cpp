#include "engine/wallboards.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace holdfast::engine {
namespace {

constexpr Micros picture_every = 1s;
/// Lower than any floor's alarm: a board that is gone wants a technician.
constexpr AlarmRank board_rank{.priority = 2, .latches = false};

std::string alarm_of_board(const std::string& name) {
    return "wallboard-" + name;
}

}  // namespace

Wallboards::Wallboards(Context& context, Alarms& alarms)
    : context_{context},
      alarms_{alarms},
      floor_{context.floor, context.settings.wallboards.hold_limit},
      watches_{context.settings.wallboards.watches},
      boards_(context.settings.wallboards.boards.size()) {}

bool Wallboards::used() const {
    const auto& s = context_.settings.wallboards;
    return !s.boards.empty() || !s.watches.empty();
}

void Wallboards::start() {
    if (!used()) return;
    floor_.rebuild(context_.now);
    next_second_ = context_.now;
    due_ = true;
    arm();
}

/// Seconds are kept as they were begun: a late tick does not move the next one.
void Wallboards::arm() {
    next_second_ += picture_every;
    if (next_second_ <= context_.now) next_second_ = context_.now + picture_every;
    context_.deadlines.arm(
        second_,
        next_second_,
        {DeadlineOwner::engine, static_cast<std::uint8_t>(EngineTimer::wallboards), 0});
}

void Wallboards::restore(const BoardRecord& record) {
    texts_ = record;
    for (const auto& latched : record.latched)
        alarms_.restore(latched);
    const auto& all = context_.settings.wallboards.boards;
    for (const auto& name : std::exchange(texts_.updating, {})) {
        const auto it = std::ranges::find(all, name, &WallboardSettings::Board::name);
        if (it == all.end()) continue;
        const auto board = static_cast<std::size_t>(it - all.begin());
        boards_[board].cut_off =
            "cut off, as the daemon ended in the middle of it; where the board does not run the "
            "new "
            "firmware, it runs what it had: order it again";
        context_.log(
            LogLevel::warning, "the update of wallboard {} was {}", name, boards_[board].cut_off);
        texts_changed_ = true;
    }
}

std::optional<BoardRecord> Wallboards::take_changed() {
    if (!used()) return std::nullopt;
    if (auto latched = alarms_.latched(); latched != texts_.latched) {
        texts_.latched = std::move(latched);
        texts_changed_ = true;
    }
    if (!std::exchange(texts_changed_, false)) return std::nullopt;
    return texts_;
}

void Wallboards::changed(const acd::Changed& what) {
    if (!used()) return;
    floor_.changed(what, context_.now);
    const bool floor_moved = !what.calls.empty() || !what.agents.empty() || !what.queues.empty();
    if (floor_moved && !context_.settings.wallboards.watches.empty()) look();
    if (std::exchange(alarms_seen_, alarms_.changes()) != alarms_.changes()) due_ = true;
}

void Wallboards::look() {
    for (const auto& change : watches_.look(floor_.figures())) {
        const auto& w = *change.watch;
        if (change.raised)
            alarms_.raise(w.name, w.text, {w.priority, w.latches});
        else
            alarms_.clear(w.name);
    }
}

void Wallboards::second_passed() {
    floor_.time_passed(context_.now);
    if (!context_.settings.wallboards.watches.empty()) look();
    if (texts_.message_until <= context_.now && !texts_.message.empty()) {
        texts_.message.clear();
        texts_changed_ = true;
    }
    due_ = true;
    arm();
}

void Wallboards::send() {
    if (!std::exchange(due_, false) || boards_.empty()) return;
    floor_.time_passed(context_.now);
    auto& figures = floor_.figures();
    figures.wall = wall_of(context_.anchor, context_.now);
    figures.utc_offset_s = utc_offset_at(context_.anchor, figures.wall);
    figures.alarms = alarms_.figures();
    figures.message = texts_.message;
    figures.praise = texts_.praise;
    context_.out.push_back(ShowFigures{figures});
}

void Wallboards::reported(const BoardReported& input) {
    if (input.board == 0 || input.board > boards_.size()) return;
    const auto& name = context_.settings.wallboards.boards[input.board - 1].name;
    auto& board = boards_[input.board - 1];
    board.last = input;
    if (!input.update.empty()) board.cut_off.clear();
    note_update(name, input.updating);
    if (input.trouble.empty())
        alarms_.clear(alarm_of_board(name));
    else
        alarms_.raise(
            alarm_of_board(name), fmt::format("wallboard {}: {}", name, input.trouble), board_rank);
}

/// For a life that follows, which knows no more of it than its name.
void Wallboards::note_update(const std::string& name, bool under_way) {
    auto& all = texts_.updating;
    const auto it = std::ranges::find(all, name);
    if (under_way == (it != all.end())) return;
    if (under_way)
        all.push_back(name);
    else
        all.erase(it);
    texts_changed_ = true;
}

console::Answer Wallboards::write(const console::WriteBoard& request) {
    if (boards_.empty())
        return console::Refused{"there is no wallboard: the settings have no [[wallboard]]"};
    if (request.text.size() > console::most_board_text)
        return console::Refused{fmt::format("the text has {} bytes, {} are shown at most",
                                            request.text.size(),
                                            console::most_board_text)};
    if (request.kind == console::BoardText::praise) {
        texts_.praise = request.text;
    } else {
        texts_.message = request.text;
        texts_.message_until =
            request.minutes == 0 ? never : context_.now + std::chrono::minutes{request.minutes};
    }
    texts_changed_ = due_ = true;
    return console::Done{};
}

console::Answer Wallboards::update(const console::UpdateBoard& request) {
    const auto& all = context_.settings.wallboards.boards;
    const auto it = std::ranges::find(all, request.board, &WallboardSettings::Board::name);
    if (it == all.end())
        return console::Refused{fmt::format("there is no wallboard \"{}\"", request.board)};
    if (it->driver != "holdfast")
        return console::Refused{
            fmt::format("{} is no board of ours: it takes no firmware from here", request.board)};
    if (request.image >= console::most_images ||
        request.offset + request.bytes.size() > console::most_image_bytes)
        return console::Refused{fmt::format("an image has {} bytes at most, and there are {}",
                                            console::most_image_bytes,
                                            console::most_images)};
    const auto board = static_cast<std::uint32_t>(it - all.begin());
    auto& last = boards_[board].last;
    if (last.updating) return console::Refused{"another update is under way: " + last.update};
    if (request.last) {
        last.update = "begins";
        last.updating = true;
        note_update(request.board, true);
    }
    context_.out.push_back(
        UpdateBoard{board + 1, request.image, request.offset, request.bytes, request.last});
    return console::Done{};
}

std::vector<console::BoardLine> Wallboards::lines() const {
    std::vector<console::BoardLine> all;
    for (std::size_t i = 0; i < boards_.size(); ++i) {
        const auto& s = context_.settings.wallboards.boards[i];
        const auto& r = boards_[i].last;
        console::BoardLine l;
        l.name = s.name;
        l.driver = s.driver;
        l.line = s.line;
        l.connected = r.connected;
        l.what = r.what;
        l.trouble = r.trouble;
        l.skipped = r.skipped;
        l.update = r.update.empty() ? boards_[i].cut_off : r.update;
        l.updating = r.updating;
        if (r.answered_at != Instant{})
            l.answered_s = std::chrono::duration<double>(context_.now - r.answered_at).count();
        all.push_back(std::move(l));
    }
    return all;
}

std::uint32_t Wallboards::boards() const {
    return static_cast<std::uint32_t>(boards_.size());
}

std::uint32_t Wallboards::boards_up() const {
    return static_cast<std::uint32_t>(std::ranges::count_if(
        boards_, [](const Board& b) { return b.last.connected && b.last.trouble.empty(); }));
}

std::vector<std::string> Wallboards::troubles() const {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < boards_.size(); ++i)
        if (const auto& trouble = boards_[i].last.trouble; !trouble.empty())
            all.push_back(
                fmt::format("{}: {}", context_.settings.wallboards.boards[i].name, trouble));
    return all;
}

}  // namespace holdfast::engine
