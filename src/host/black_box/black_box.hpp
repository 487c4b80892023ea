// host/black_box/black_box.hpp: every input of one life of the daemon with its two times, so that
// what went wrong on site can be run again (`holdfast replay FILE`). A file in memory-mapped
// chunks: what was recorded before a crash is there after it.
#pragma once
#include "engine/inputs.hpp"
#include "host/black_box/key_hider.hpp"
#include "host/io/fd.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <string>
#include <string_view>

namespace holdfast::host {

/// The engine's state after the inputs so far, now and then: a replay must come to the same.
struct StateMark {
    std::string hash;
};
struct RecordedInput {
    Instant received_at, now;
    engine::Input input;
};

class BlackBox {
public:
    /// Starts `path` anew, keeping the one before as `path`.previous. `settings` is the text of the
    /// settings file: a replay needs it, and so its passwords; only the owner may read the file.
    static std::expected<BlackBox, std::string> open(const std::string& path,
                                                     std::size_t most_bytes,
                                                     std::string_view settings);
    BlackBox(BlackBox&& other) noexcept;
    BlackBox& operator=(BlackBox&&) = delete;
    ~BlackBox();

    /// Keys of SRTP are hidden, whatever else is kept.
    void record(const RecordedInput& input);
    void record(const StateMark& mark);
    /// The limit is reached, or the disk full: nothing more is recorded in this life.
    bool full() const { return full_; }

private:
    BlackBox() = default;
    void append(std::uint8_t kind, std::string_view bytes);
    void put(const RecordedInput& input);
    bool grow(std::size_t needed);

    Fd file_;
    char* bytes_ = nullptr;
    std::size_t most_ = 0, allocated_ = 0, used_ = 0;
    std::string entry_;  // kept to save allocations
    KeyHider keys_;
    bool full_ = false;
};

/// Reads a black box from its beginning. The last entry of a life that was killed may be half
/// there: reading ends before it.
struct BlackBoxReader {
    std::function<void(std::string_view settings)> on_settings;
    std::function<void(const RecordedInput&)> on_input;
    std::function<void(const StateMark&)> on_mark;

    /// A sentence where the file is no black box, or one of another version.
    std::expected<void, std::string> read(const std::string& path) const;

private:
    bool tell(std::uint8_t kind, std::string_view content) const;
};

}  // namespace holdfast::host
