// wallboard/alpha_frame.hpp: packets of the Alpha sign protocol ("EZ KEY II") as bytes. What a
// packet says is in alpha_driver.hpp.
#pragma once
#include "base/time.hpp"
#include "wallboard/layout.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::wallboard::alpha {

/// A piece of a packet, and how long the line is then left alone: the sign needs 100 ms after each
/// STX, and loses what comes sooner.
struct Piece {
    std::string bytes;
    Micros pause{};
};

/// Whom a packet is for: a type of signs, "Z" is all, and an address of two hexadecimal digits;
/// "00" is everybody on the line, "?" stands for any digit.
struct Receiver {
    char type = 'Z';
    std::string address = "00";
};

/// "BcHELLO": a command code and its data, to be sent between STX and ETX.
using Block = std::string;

/// Blocks in one transmission: NULs, header, the blocks each with its checksum, EOT.
std::vector<Piece> packet(const Receiver& to, const std::vector<Block>& blocks);

/// Four upper-case hexadecimal digits: the sum of all bytes from STX to ETX, modulo 2^16.
std::string checksum(std::string_view stx_to_etx);

/// One row of the memory table; TEXT is what is shown, STRING what it calls.
struct File {
    char label = 'A';
    bool is_text = false;
    std::uint16_t size = 0;
};

Block clear_memory();
Block configure_memory(const std::vector<File>& files);
/// Bytes of the sign's memory that the files take: each its size and 11 for its row.
std::size_t memory_of(const std::vector<File>& files);
/// `mode` is 'b' (hold), 'c' (flash), 'a' (rotate)... The text may call strings.
Block write_text(char label, char mode, std::string_view text);
Block write_string(char label, std::string_view text);
Block show_in_turn(std::string_view labels);
/// The priority file hides all others until it is released.
Block write_priority(char mode, std::string_view text);
Block release_priority();

// Inline codes of texts and strings.
std::string colour_code(Colour colour);
std::string call_string(char label);
/// Speeds of a text in hold mode, 1 (slow) to 5: how long it stays where several take turns.
char speed_code(int speed);
inline constexpr char new_line = '\x0d';
inline constexpr std::string_view fixed_width = "\x1e\x31";
inline constexpr std::string_view flash_on = "\x07\x31", flash_off = "\x07\x30";

}  // namespace holdfast::wallboard::alpha
