// tools/board_update/line.hpp: the line to a board, as a technician names it.
#pragma once
#include <cstdint>
#include <expected>
#include <span>
#include <string>

namespace holdfast::board_update {

/// A descriptor that is closed with it.
class Line {
public:
    /// A serial device ("/dev/..."), "unix:PATH" or "tcp:HOST:PORT"; a sentence where it fails.
    static std::expected<Line, std::string> open(const std::string& where, std::uint32_t baud);

    Line(Line&& other) noexcept : fd_{other.fd_} { other.fd_ = -1; }
    Line& operator=(Line&&) = delete;
    ~Line();

    /// False: the line is gone.
    bool write(std::span<const std::uint8_t> octets) const;
    /// What came within so long; nothing is no fault, a line that is gone is one.
    std::expected<std::span<const std::uint8_t>, std::string> read(std::span<std::uint8_t> room,
                                                                   int wait_ms) const;

private:
    explicit Line(int fd) : fd_{fd} {}
    int fd_;
};

}  // namespace holdfast::board_update
