// boards/native/line.hpp: the serial line of a board that is a program: one peer at a time.
#pragma once
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>

namespace holdfast::native {

class Line {
public:
    /// A socket that waits at `path`, which is replaced where nobody listens at it.
    static std::expected<Line, std::string> at_unix(const std::string& path);
    /// A socket at 127.0.0.1; port 0: `where` tells which one it got.
    static std::expected<Line, std::string> at_tcp(std::uint16_t port);
    /// A pseudo-terminal, raw, to which `path` becomes a symbolic link.
    static std::expected<Line, std::string> at_pty(const std::string& path);
    /// Standard input and output.
    static Line at_stdio();

    Line(Line&& other) noexcept;
    Line& operator=(Line&&) = delete;
    ~Line();

    /// Where the daemon finds it: as its settings name a line.
    const std::string& where() const { return where_; }
    /// Waits until there are octets, or for so long; what came, at most `room`. A peer that is gone
    /// makes room for the next one; at standard input it is the end: `ended`.
    std::span<const std::uint8_t> read(std::span<std::uint8_t> room, int wait_ms);
    void write(std::span<const std::uint8_t> octets);
    bool ended() const { return ended_; }
    /// What comes takes as long as on a line of that rate; without it no time.
    void pace(std::uint32_t baud) { baud_ = baud; }

private:
    Line() = default;
    void take_peer();
    void lose_peer();

    int listener_ = -1;
    int in_ = -1;    // -1: nobody is there
    int out_ = -1;   // the same descriptor but at standard input
    int kept_ = -1;  // our end of the terminal's other side: without it a close would end the line
    bool ended_ = false;
    std::uint32_t baud_ = 0;
    std::string where_;
    std::string remove_;  // a path that goes with us
};

}  // namespace holdfast::native
