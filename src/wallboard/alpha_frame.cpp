#include "wallboard/alpha_frame.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace holdfast::wallboard::alpha {
namespace {

constexpr char soh = '\x01', stx = '\x02', etx = '\x03', eot = '\x04', esc = '\x1b';
constexpr std::size_t wake_up_nuls = 5;  // the sign finds the baud rate by them
constexpr Micros after_stx = 200ms;      // it wants 100, counted from when it has read it
constexpr char fill = '\x30';  // the position that uses all lines; one-line signs want one too

}  // namespace

std::string checksum(std::string_view stx_to_etx) {
    std::uint16_t sum = 0;
    for (const char c : stx_to_etx)
        sum = static_cast<std::uint16_t>(sum + static_cast<std::uint8_t>(c));
    return fmt::format("{:04X}", sum);
}

std::vector<Piece> packet(const Receiver& to, const std::vector<Block>& blocks) {
    std::string head(wake_up_nuls, '\0');
    head += soh;
    head += to.type;
    head += to.address;
    head += stx;
    std::vector<Piece> pieces{{std::move(head), after_stx}};
    for (const auto& block : blocks) {
        auto rest = block + etx;
        rest += checksum(stx + rest);
        pieces.push_back({std::move(rest), {}});
        if (&block == &blocks.back()) break;
        pieces.back().bytes += stx;
        pieces.back().pause = after_stx;
    }
    pieces.back().bytes += eot;
    return pieces;
}

Block clear_memory() {
    return "E$";
}

Block configure_memory(const std::vector<File>& files) {
    Block block = "E$";
    for (const auto& f : files)
        block += fmt::format("{}{}{}{:04X}{}",
                             f.label,
                             f.is_text ? 'A' : 'B',
                             'L',  // the remote control may not touch it; a STRING must have it
                             f.size,
                             f.is_text ? "FFFF" : "0000");  // a TEXT runs always
    return block;
}

std::size_t memory_of(const std::vector<File>& files) {
    constexpr std::size_t row = 11;
    std::size_t sum = 0;
    for (const auto& f : files)
        sum += f.size + row;
    return sum;
}

Block write_text(char label, char mode, std::string_view text) {
    return fmt::format("A{}{}{}{}{}", label, esc, fill, mode, text);
}

Block write_string(char label, std::string_view text) {
    return fmt::format("G{}{}", label, text);
}

Block show_in_turn(std::string_view labels) {
    return fmt::format("E.SU{}", labels);
}

Block write_priority(char mode, std::string_view text) {
    return write_text('0', mode, text);
}

/// Nothing may follow the label: an empty text with a position would blank the sign for ever.
Block release_priority() {
    return "A0";
}

std::string colour_code(Colour colour) {
    char code = '3';
    switch (colour) {
        case Colour::red:
            code = '1';
            break;
        case Colour::green:
            code = '2';
            break;
        case Colour::orange:
            code = '7';
            break;
        case Colour::yellow:
            code = '8';
            break;
        case Colour::amber:
        case Colour::white:  // neither is in a sign of red and green light
        case Colour::blue:
            break;
    }
    return {'\x1c', code};
}

std::string call_string(char label) {
    return {'\x10', label};
}

char speed_code(int speed) {
    return static_cast<char>(0x14 + std::clamp(speed, 1, 5));
}

}  // namespace holdfast::wallboard::alpha
