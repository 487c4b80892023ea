// host/store/spill_file.hpp: where rows go while the ledger cannot take them. The file has its full
// length from the start, so that a full disk does not fill it too, and is written from front to
// back, one frame a group of rows.
//
//   head | head | frame ... frame | (an older frame, or zeros)
//
// A frame belongs to a generation; emptying the file is one write of the next generation's number.
// Frames begin at sectors of their own: a power cut while one is written cannot tear the one
// before.
#pragma once
#include "acd/ledger_row.hpp"
#include "host/io/fd.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <vector>

namespace holdfast::host {

struct SpillFault {
    enum class Kind : std::uint8_t {
        full,     ///< No room behind the last frame.
        damaged,  ///< Not a spill file, or one of another version.
        failed    ///< The device, or the file system.
    } kind{};
    std::string text;  ///< A sentence for the log.
};

class SpillFile {
public:
    /// Rows that may stand in one frame.
    static constexpr std::size_t most_rows = 1000;

    /// Opens or makes the file and gives it `bytes`, or leaves it larger where it is; finds the
    /// frames of the last life. A frame that was not complete when the power went is not there: its
    /// rows were not reported as written.
    static std::expected<SpillFile, SpillFault> open(const std::string& path, std::size_t bytes);

    bool empty() const { return tail_ == first_frame; }
    std::uint64_t last_row() const { return last_row_; }  ///< Zero where it is empty.

    /// On disk when this returns. On a fault nothing of it counts, and it may be tried again.
    std::expected<void, SpillFault> append(std::span<const acd::LedgerRow> rows);

    /// Rows from the place where the last call ended, at least `enough` where there are so many;
    /// none at the end.
    std::expected<std::vector<acd::LedgerRow>, SpillFault> read_on(std::size_t enough);
    /// The next read_on() begins at the first row.
    void rewind() { cursor_ = first_frame; }
    bool all_read() const { return cursor_ == tail_; }

    /// Forgets all frames. On a fault they are there still, and nothing can be appended until
    /// it succeeds.
    std::expected<void, SpillFault> clear();

    std::size_t bytes() const { return bytes_; }
    const std::string& path() const { return path_; }

private:
    static constexpr std::size_t sector = 512;
    static constexpr std::size_t page = 4096;
    static constexpr std::size_t first_frame = 2 * page;  // two heads, written in turn

    struct Frame;
    SpillFile(std::string path, Fd file) : path_{std::move(path)}, file_{std::move(file)} {}
    SpillFault failed(const char* what) const;
    std::expected<void, SpillFault> read_heads();
    std::expected<void, SpillFault> make_new();
    bool has_no_frame() const;
    std::expected<void, SpillFault> write_head(std::uint64_t generation);
    std::expected<void, SpillFault> write(std::size_t at, std::string_view bytes);
    /// The frame at `at` with its bytes; none where there is no sound one.
    bool read_frame(std::size_t at, Frame& frame, std::string& bytes) const;
    void find_tail();

    std::string path_;
    Fd file_;
    std::size_t bytes_ = 0;
    std::uint64_t generation_ = 0;
    std::size_t tail_ = first_frame;
    std::size_t cursor_ = first_frame;
    std::uint64_t last_row_ = 0;
    bool must_clear_ = false;
};

}  // namespace holdfast::host
