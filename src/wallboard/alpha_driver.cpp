#include "wallboard/alpha_driver.hpp"

#include "wallboard/characters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace holdfast::wallboard::alpha {
namespace {

// A clear takes the sign 2 s at least before it takes a table; both blank it anyway.
constexpr Micros after_clear = 3s;
constexpr Micros after_configuration = 1s;
/// Blocks of one packet: each costs 200 ms of silence, and the alarm waits behind them.
constexpr std::size_t most_blocks = 8;
/// Codes of a string beside its characters: colour, fixed width, flash on and off.
constexpr std::size_t code_bytes = 8;

constexpr std::string_view string_labels = "abcdefghijklmnopqrstuvwxyzIJKLMNOPQRSTUVWXYZ";
static_assert(string_labels.size() >= most_strings);

char label_of_page(std::size_t page) {
    return static_cast<char>('A' + page);
}

std::size_t size_of_string(const Cell& cell) {
    return std::min(cell.width + code_bytes, string_bytes);
}

std::vector<File> files_of(const Layout& layout) {
    std::vector<File> files;
    for (std::size_t p = 0; p < layout.pages.size(); ++p)
        files.push_back({label_of_page(p), true, text_bytes});
    std::size_t next = 0;
    for (const auto& page : layout.pages)
        for (const auto& row : page.rows)
            for (const auto& cell : row.cells)
                if (cell.value != nullptr && next < string_labels.size())
                    files.push_back({string_labels[next++],
                                     false,
                                     static_cast<std::uint16_t>(size_of_string(cell))});
    return files;
}

/// FNV-1a, 64 bits: a name for a table, not a proof.
std::uint64_t hash_of(std::string_view bytes) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char c : bytes)
        hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001b3;
    return hash;
}

/// How the sign is asked to leave a page standing; it knows five speeds and no seconds.
int speed_of(Micros dwell) {
    return dwell >= 10s ? 1 : dwell >= 7s ? 2 : dwell >= 5s ? 3 : dwell >= 3s ? 4 : 5;
}

}  // namespace

std::vector<std::string> misfits(const Layout& layout, std::size_t memory_bytes) {
    std::vector<std::string> all;
    std::size_t values = 0;
    for (const auto& page : layout.pages)
        for (const auto& row : page.rows)
            values += static_cast<std::size_t>(
                std::ranges::count_if(row.cells, [](const Cell& c) { return c.value != nullptr; }));
    if (values > most_strings)
        all.push_back(
            fmt::format("the layout shows {} values, the sign has files for {}: {} too many",
                        values,
                        most_strings,
                        values - most_strings));
    const std::size_t needed = memory_of(files_of(layout));
    if (needed > memory_bytes)
        all.push_back(fmt::format(
            "the layout takes {} bytes of the sign's memory of {} (memory_bytes): {} too many",
            needed,
            memory_bytes,
            needed - memory_bytes));
    return all;
}

AlphaDriver::AlphaDriver(Settings settings)
    : settings_{std::move(settings)}, files_{files_of(settings_.layout)} {
    std::size_t file = settings_.layout.pages.size();
    for (const auto& page : settings_.layout.pages)
        for (const auto& row : page.rows)
            for (const auto& cell : row.cells)
                if (cell.value != nullptr && file < files_.size())
                    strings_.push_back({&cell, files_[file++].label, {}, {}});
    memory_hash_ = hash_of(configure_memory(files_));
}

/// A page as the sign keeps it: labels, and calls of the strings. Colour and width are set anew
/// after each call, as what a string sets leaks into what follows it.
Block AlphaDriver::text_of_page(std::size_t page) const {
    const auto& rows = settings_.layout.pages[page].rows;
    std::string text{speed_code(speed_of(settings_.layout.pages[page].dwell))};
    for (const auto& row : rows) {
        if (&row != &rows.front()) text += new_line;
        for (const auto& cell : row.cells) {
            text += colour_code(cell.colour);
            text += fixed_width;
            const auto file = std::ranges::find(strings_, &cell, &StringFile::cell);
            text += file == strings_.end() ? padded(ascii_of(cell.text), cell.width, cell.align)
                                           : call_string(file->label);
        }
    }
    return write_text(label_of_page(page), 'b', text);
}

std::string AlphaDriver::content_of(const Cell& cell, const Shown& shown) const {
    std::string content = colour_code(shown.colour);
    content += fixed_width;
    if (shown.blinks) content += flash_on;
    content += padded(ascii_of(shown.text), cell.width, cell.align);
    if (shown.blinks) content += flash_off;
    // A sign empties a string that is too long for its file.
    return content.substr(0, size_of_string(cell));
}

void AlphaDriver::connected(Instant now) {
    connected_ = true;
    pieces_.clear();
    quiet_until_ = now + settings_.gap;
    refresh(now);
}

/// Everything the sign must know, in the order in which it can take it.
void AlphaDriver::refresh(Instant now) {
    steps_.clear();
    refresh_at_ = now + settings_.refresh;
    if (settings_.applied != memory_hash_) {
        // Without the bare clear before it a sign keeps the table and shows nothing.
        steps_.push_back({clear_memory(), after_clear});
        steps_.push_back({configure_memory(files_), after_configuration, true});
    }
    std::string labels;
    for (std::size_t p = 0; p < settings_.layout.pages.size(); ++p) {
        steps_.push_back({text_of_page(p)});
        labels += label_of_page(p);
    }
    steps_.push_back({show_in_turn(labels)});
    for (auto& file : strings_)
        file.sent.clear();
    // A sign that still shows an alarm of our last life is released by this.
    alarm_sent_ = "?";
}

void AlphaDriver::show(const Figures& figures, Instant) {
    for (auto& file : strings_)
        file.wanted = content_of(*file.cell, shown(*file.cell, figures));
    const AlarmFigure* alarm = alarm_to_show(figures, settings_.least_priority);
    alarm_wanted_ =
        alarm == nullptr
            ? std::string{}
            : write_priority(alarm->active ? 'a' : 'b',
                             colour_code(Colour::red) +
                                 ascii_of(alarm->text).substr(0, string_bytes - code_bytes));
    figures_ = figures;
}

std::vector<Block> AlphaDriver::changed_strings() {
    std::vector<Block> blocks;
    for (auto& file : strings_) {
        if (file.wanted == file.sent) continue;
        blocks.push_back(write_string(file.label, file.wanted));
        file.sent = file.wanted;
        if (blocks.size() == most_blocks) break;
    }
    return blocks;
}

/// The setting up first, then alarms, then values.
std::vector<Block> AlphaDriver::next_blocks(Instant now, Micros& rest) {
    if (now >= refresh_at_) refresh(now);
    if (!steps_.empty()) {
        const Step step = std::move(steps_.front());
        steps_.pop_front();
        rest = step.rest;
        if (step.applies) settings_.applied = memory_hash_;
        return {step.block};
    }
    if (!figures_) return {};
    if (alarm_wanted_ != alarm_sent_) {
        alarm_sent_ = alarm_wanted_;
        return {alarm_wanted_.empty() ? release_priority() : alarm_wanted_};
    }
    return changed_strings();
}

void AlphaDriver::begin(const std::vector<Block>& blocks, Micros rest) {
    for (auto& piece : packet(settings_.receiver, blocks))
        pieces_.push_back(std::move(piece));
    rest_ = rest;
    ++packets_;
}

std::string AlphaDriver::next(Instant now) {
    if (!connected_ || now < quiet_until_) return {};
    if (pieces_.empty()) {
        Micros rest{};
        const auto blocks = next_blocks(now, rest);
        if (blocks.empty()) return {};
        begin(blocks, rest);
    }
    Piece piece = std::move(pieces_.front());
    pieces_.pop_front();
    // The pause counts from when the last bit has left the line.
    const Micros on_line{static_cast<std::int64_t>(piece.bytes.size()) * settings_.bits_of_byte *
                         1'000'000 / settings_.baud};
    quiet_until_ = now + on_line + (pieces_.empty() ? settings_.gap + rest_ : piece.pause);
    return std::move(piece.bytes);
}

Instant AlphaDriver::wake() const {
    if (!connected_) return never;
    const bool changed =
        figures_ &&
        (alarm_wanted_ != alarm_sent_ ||
         std::ranges::any_of(strings_, [](const StringFile& f) { return f.wanted != f.sent; }));
    return !pieces_.empty() || !steps_.empty() || changed ? quiet_until_
                                                          : std::max(quiet_until_, refresh_at_);
}

/// In one piece, as nobody waits any more: the pause after STX is a matter of nested blocks.
std::string AlphaDriver::farewell() {
    std::string bytes;
    for (const auto& piece :
         packet(settings_.receiver,
                {write_priority('b', std::string{colour_code(Colour::red)} + "NO DATA")}))
        bytes += piece.bytes;
    return bytes;
}

Health AlphaDriver::health(Instant) const {
    return {fmt::format("Alpha sign {}{}, does not answer",
                        settings_.receiver.type,
                        settings_.receiver.address),
            {},
            std::nullopt};
}

}  // namespace holdfast::wallboard::alpha
