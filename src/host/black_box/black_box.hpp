// host/black_box/black_box.hpp: every input of one life of the daemon with its two times, so that
// what went wrong on site can be run again (`holdfast replay FILE`). Written behind by a thread
// (spool.hpp): what was recorded before a crash is there after it.
#pragma once
#include "engine/inputs.hpp"
#include "host/black_box/key_hider.hpp"
#include "host/black_box/spool.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

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
    /// Starts `path` anew, keeping the one before as `path`.previous; `ring` is where its spool is.
    /// `settings` is the text of the settings file: a replay needs it, and so its passwords; only
    /// the owner may read the file.
    static std::expected<BlackBox, std::string> open(const std::string& path,
                                                     const std::string& ring,
                                                     std::size_t most_bytes,
                                                     std::string_view settings);

    /// Keys of SRTP are hidden, whatever else is kept.
    void record(const RecordedInput& input);
    void record(const StateMark& mark);
    /// Why nothing more is recorded in this life; empty while something is.
    const std::string& ended_by() const { return ended_by_; }

private:
    BlackBox(Spool spool, std::size_t most) : spool_{std::move(spool)}, most_{most} {}
    void append(std::uint8_t kind, std::string_view bytes);
    void put(const RecordedInput& input);

    Spool spool_;
    std::size_t most_, used_ = 0;
    std::string entry_;  // kept to save allocations
    std::string ended_by_;
    KeyHider keys_;
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
