#include "host/journal/journal.hpp"

#include "base/ensure.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace holdfast::host {

using namespace journal;

namespace {

/// Growing that failed is tried again after so many refused records: it costs a system call.
constexpr std::uint64_t refused_between_tries = 1000;

std::size_t arena_for(std::size_t file_bytes) {
    const auto half = (std::max(file_bytes, control_bytes) - control_bytes) / 2;
    return std::max(half / page_bytes * page_bytes, least_arena_bytes);
}

ClockSample sample_of(const Beat& beat) {
    return {Instant{Micros{beat.boottime_us}}, WallInstant{Micros{beat.wall_us}}};
}

const Beat& last_beat(const Control& control) {
    return control.beat[control.beats % control.beat.size()];
}

void add_crash(Control& control) {
    // A life that ended while it recorded the crash before it recorded it twice otherwise.
    const auto newest = (control.crashes + crash_slots - 1) % crash_slots;
    if (control.crashes > 0 && control.crash[newest].life == control.life) return;
    Crash& crash = control.crash[control.crashes % crash_slots];
    const bool in_hand = control.in_hand != 0;
    crash = {
        control.life, in_hand ? control.hash : 0, in_hand ? control.call : 0, last_beat(control)};
    publish(control.crashes, control.crashes + 1);
}

}  // namespace

std::expected<Journal, std::string> Journal::open(const std::string& path,
                                                  std::size_t bytes,
                                                  std::size_t most_bytes) {
    std::string note;
    auto map = take_up(path, bytes, note);
    if (!map) return std::unexpected{std::move(map.error())};
    Journal journal{*std::move(map)};
    journal.note_ = std::move(note);
    // Frames and records count their bytes in 32 bits.
    journal.most_bytes_ =
        std::min<std::size_t>(most_bytes, std::numeric_limits<std::uint32_t>::max());
    if (auto done = journal.read(bytes); !done) return std::unexpected{std::move(done.error())};
    journal.begin_life();
    return journal;
}

std::expected<JournalMap, std::string> Journal::take_up(const std::string& path,
                                                        std::size_t bytes,
                                                        std::string& note) {
    auto map = JournalMap::open(path);
    if (map) return *std::move(map);
    auto& trouble = map.error();
    switch (trouble.fault) {
        case JournalMap::Fault::in_use:
        case JournalMap::Fault::other:
            return std::unexpected{std::move(trouble.text)};
        case JournalMap::Fault::damaged: {
            const auto aside = keep_aside(path);
            note = trouble.text + "; a new one was started" +
                   (aside.empty() ? "" : ", the old one is kept as " + aside) +
                   "; calls of the last life cannot go on";
            break;
        }
        case JournalMap::Fault::other_boot:
            note = trouble.text;
            break;
        case JournalMap::Fault::missing:
            break;
    }
    auto made = JournalMap::create(path, arena_for(bytes));
    if (!made) return std::unexpected{std::move(made.error().text)};
    if (auto done = made->publish(); !done) return std::unexpected{std::move(done.error().text)};
    return *std::move(made);
}

/// Reads what is there. A journal that is damaged, or smaller than it shall be, goes on in a new
/// file.
std::expected<void, std::string> Journal::read(std::size_t bytes) {
    const auto& control = map_.control();
    const bool active_known = control.active == active_word(generation());
    ArenaContent content;
    if (active_known) content = read_arena(map_.arena(generation()));
    live_ = std::move(content.live);
    tail_ = content.tail;
    sequence_ = content.sequence;
    const bool damaged = !active_known || content.damaged;
    if (damaged) {
        const auto aside = keep_aside(map_.path());
        note_ = "the journal " + map_.path() + " is damaged after step " +
                std::to_string(sequence_) + "; what came before is taken up" +
                (aside.empty() ? "" : ", the file is kept as " + aside);
    }
    const auto wanted = arena_for(bytes);
    if (damaged || map_.arena_bytes() < wanted)
        return move_to_file(std::max(map_.arena_bytes(), wanted));
    return {};
}

void Journal::begin_life() {
    Control& control = map_.control();
    left_by_crash_ = control.running != 0;
    if (control.life > 0) last_alive_ = sample_of(last_beat(control));
    if (left_by_crash_) add_crash(control);
    publish(control.life, control.life + 1);
    put_down();
    heartbeat(sample_clocks());
    publish(control.running, 1);
}

std::vector<JournalRecord> Journal::records() const {
    std::vector<JournalRecord> records;
    records.reserve(live_.entries().size());
    for (const auto& entry : live_.entries()) {
        const auto size = load<RecordHeader>(entry.record).size;
        const auto* bytes = reinterpret_cast<const char*>(entry.record) + sizeof(RecordHeader);
        records.push_back({entry.kind, entry.id, std::string{bytes, size}});
    }
    return records;
}

bool Journal::put(std::uint8_t kind, std::uint64_t id, std::string_view bytes) {
    // What the step replaces is counted still: a little early rather than too late.
    const auto needed = live_.bytes() + step_.size() + record_bytes(bytes.size());
    if (needed > room() && !make_room(needed)) {
        ++refused_;
        return false;
    }
    append(kind, id, Action::put, bytes);
    return true;
}

void Journal::forget(std::uint8_t kind, std::uint64_t id) {
    append(kind, id, Action::forget, {});
}

void Journal::append(std::uint8_t kind, std::uint64_t id, Action action, std::string_view bytes) {
    RecordHeader header{
        .id = id, .size = static_cast<std::uint32_t>(bytes.size()), .kind = kind, .action = action};
    const auto at = step_.size();
    step_.resize(at + record_bytes(bytes.size()));
    const auto value = std::span{step_}.subspan(at + sizeof header);
    if (!bytes.empty()) std::memcpy(value.data(), bytes.data(), bytes.size());
    header.crc = crc32(value);
    std::memcpy(step_.data() + at, &header, sizeof header);
    step_crc_ = crc_of(header, step_crc_);
    ++step_records_;
}

void Journal::commit() {
    if (step_.empty()) return;
    const auto after = tail_ + sizeof(FrameHeader) + step_.size();
    if (after + sizeof(FrameHeader) <= map_.arena_bytes()) {
        const FrameHeader header{.sequence = ++sequence_, .records = step_records_};
        const auto arena = map_.arena(generation());
        write_frame(arena, tail_, header, step_crc_, step_);
        live_.apply(arena.subspan(tail_ + sizeof header, step_.size()));
        tail_ = after;
    } else {
        live_.apply(step_);
        compact();
    }
    step_.clear();
    step_records_ = step_crc_ = 0;
}

/// Writes what is alive into the other arena, and switches to that.
void Journal::compact() {
    const auto next = generation() + 1;
    const auto arena = map_.arena(next);
    tail_ = write_snapshot(arena, live_, ++sequence_);
    publish(map_.control().active, active_word(next));
    live_.moved_to(arena.data() + sizeof(FrameHeader));
}

/// Grows the file until `needed` fits.
bool Journal::make_room(std::size_t needed) {
    std::size_t arena_bytes = map_.arena_bytes();
    while (needed > arena_bytes / 4 * 3)
        arena_bytes *= 2;
    if (control_bytes + 2 * arena_bytes > most_bytes_) {
        trouble_ = "the journal " + map_.path() + " is full: " + std::to_string(needed / 1024) +
                   " KiB of live records, and its file may not grow beyond " +
                   std::to_string(most_bytes_ / 1024) +
                   " KiB; changes since then are lost if holdfastd is restarted now: report this";
        return false;
    }
    if (refused_ < grow_again_at_) return false;
    if (auto done = move_to_file(arena_bytes); !done) {
        trouble_ = std::move(done.error());
        grow_again_at_ = refused_ + refused_between_tries;
        return false;
    }
    return true;
}

/// Goes on in a new file, which takes the place of this one in one step.
std::expected<void, std::string> Journal::move_to_file(std::size_t arena_bytes) {
    auto made = JournalMap::create(map_.path(), arena_bytes);
    if (!made) return std::unexpected{std::move(made.error().text)};
    const Identity identity = made->control().identity;
    made->control() = map_.control();
    made->control().identity = identity;
    made->control().active = active_word(0);
    const auto arena = made->arena(0);
    const auto tail = write_snapshot(arena, live_, sequence_ + 1);
    if (auto done = made->publish(); !done) return std::unexpected{std::move(done.error().text)};
    ++sequence_;
    tail_ = tail;
    live_.moved_to(arena.data() + sizeof(FrameHeader));
    map_ = *std::move(made);
    return {};
}

void Journal::take_in_hand(std::uint64_t hash, std::uint64_t call) {
    Control& control = map_.control();
    publish(control.in_hand, 0);
    publish(control.hash, hash);
    publish(control.call, call);
    publish(control.in_hand, 1);
}

std::vector<JournalCrash> Journal::crashes() const {
    const Control& control = map_.control();
    std::vector<JournalCrash> crashes;
    const auto count = std::min<std::uint64_t>(control.crashes, crash_slots);
    for (auto i = control.crashes - count; i < control.crashes; ++i) {
        const Crash& crash = control.crash[i % crash_slots];
        crashes.push_back({crash.hash, crash.call, sample_of(crash.last_beat)});
    }
    return crashes;
}

std::size_t Journal::crashes_with_input(std::uint64_t hash, Instant now, Micros span) const {
    const auto all = crashes();
    return static_cast<std::size_t>(std::ranges::count_if(all, [&](const JournalCrash& crash) {
        return hash != 0 && crash.hash == hash && now - crash.last_alive.now <= span;
    }));
}

std::size_t Journal::crashes_with_call(std::uint64_t call, Instant now, Micros span) const {
    const auto all = crashes();
    return static_cast<std::size_t>(std::ranges::count_if(all, [&](const JournalCrash& crash) {
        return call != 0 && crash.call == call && now - crash.last_alive.now <= span;
    }));
}

void Journal::heartbeat(const ClockSample& clocks) {
    Control& control = map_.control();
    const auto next = control.beats + 1;
    control.beat[next % control.beat.size()] = {clocks.now.time_since_epoch().count(),
                                                clocks.wall.time_since_epoch().count()};
    publish(control.beats, next);
}

}  // namespace holdfast::host
