// link/sender.hpp: the daemon's half: one request at a time on one line, repeated until it is
// answered or given up. Every request may be repeated: carrying it out twice is carrying it out
// once.
#pragma once
#include "base/ensure.hpp"
#include "base/time.hpp"
#include "link/frame.hpp"
#include "link/messages.hpp"

#include <cstdint>
#include <optional>

namespace holdfast::link {

struct Pace {
    std::uint32_t baud = 115'200;
    /// From the last octet of a request to the last of its answer, beyond their time on the line:
    /// the board's 20 ms, and what terminal servers and USB adapters add.
    Micros patience = 150ms;
    std::uint8_t attempts = 3;
};

/// What a deadline came to.
enum class Due : std::uint8_t {
    nothing,
    again,   ///< Write `frame()` once more.
    gave_up  ///< No answer to any attempt; the sender is free again.
};

struct SenderCounters {
    std::uint32_t asked = 0;
    std::uint32_t answered = 0;
    std::uint32_t repeated = 0;
    std::uint32_t given_up = 0;
    std::uint32_t strays = 0;  ///< Frames that were no answer to what was asked.
};

class Sender {
public:
    explicit Sender(Pace pace = {}) : pace_{pace} {}

    /// Waiting for an answer. Half duplex: nothing else may be written until then.
    bool busy() const { return deadline_ != never; }
    Instant next_deadline() const { return deadline_; }
    const SenderCounters& counters() const { return counters_; }
    const LineCounters& line() const { return deframer_.counters(); }

    /// The frame to write for a request to one board; empty, and nothing changed, where the body is
    /// too long for one frame. Not while busy. With `attempts` but as often as the pace says.
    template <class T>
    Bytes ask(std::uint8_t node, const T& body, Instant now, std::uint8_t attempts = 0) {
        ensure(!busy(), "a request while another one is under way");
        ensure(node != broadcast && node <= last_node, "asked of no board");
        const Bytes frame = write_request(frame_, node, next(), body);
        if (!frame.empty()) begin(frame.size(), node, T::kind, now);
        most_attempts_ = attempts > 0 ? attempts : pace_.attempts;
        return frame;
    }
    /// The frame to write for all boards, which none answers. Not while busy; say what matters
    /// twice.
    template <class T>
    Bytes tell_all(const T& body) {
        ensure(!busy(), "a request while another one is under way");
        return write_request(frame_, broadcast, next(), body);
    }

    /// What was asked, once more.
    Bytes frame() const { return Bytes{frame_}.first(size_); }
    /// To be called when `next_deadline` has come.
    Due advance(Instant now);
    /// Takes one octet from the line; the answer, if it completed the one that is waited for. Its
    /// body is valid until the next octet. An answer in another version than ours is one too.
    std::optional<Answer> take(std::uint8_t octet);
    /// The line is gone: forgets what was asked.
    void drop() { deadline_ = never; }

private:
    std::uint8_t next() { return ++sequence_; }
    void begin(std::size_t size, std::uint8_t node, Kind kind, Instant now);
    Instant due_at(Instant now) const;

    Pace pace_;
    Deframer deframer_;
    FrameBuffer frame_{};
    std::size_t size_ = 0;
    Instant deadline_ = never;
    std::uint8_t node_ = 0;
    Kind kind_{};
    std::uint8_t sequence_ = 0;
    std::uint8_t attempts_ = 0;
    std::uint8_t most_attempts_ = 0;
    SenderCounters counters_;
};

}  // namespace holdfast::link
