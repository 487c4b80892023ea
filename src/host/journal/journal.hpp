// host/journal/journal.hpp: the live state, in a file in memory (the runtime directory is a tmpfs):
// it outlives the process, killed at whatever instruction, and dies with the machine. No call here
// blocks; put() and commit() make no system call unless the file must grow.
#pragma once
#include "host/io/clocks.hpp"
#include "host/journal/arena.hpp"
#include "host/journal/journal_map.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::host {

// A call is about 15 KB of records: the call, three legs of 1.5 KB, three sessions of 3 KB. An
// arena is half the file and may be three quarters full: the first file has room for 400 calls, and
// lies in memory as a whole. Rated load, 1,000 calls, is 15 MB: the file has then doubled twice.
// The limit of 4,000 calls is 60 MB; the largest file has room for 96 MB.
inline constexpr std::size_t journal_bytes = std::size_t{16} * 1024 * 1024;
inline constexpr std::size_t most_journal_bytes = std::size_t{256} * 1024 * 1024;

struct JournalRecord {
    std::uint8_t kind = 0;
    std::uint64_t id = 0;
    std::string bytes;
};

/// A life that ended without close_cleanly(), and what it was working at.
struct JournalCrash {
    std::uint64_t hash = 0;  ///< Of the input in hand; zero where none was.
    std::uint64_t call = 0;
    ClockSample last_alive;  ///< Its last heartbeat.
};

class Journal {
public:
    /// Takes up the journal at `path`, or starts one of `bytes`. A file that cannot be taken up is
    /// kept beside it, see note(). A sentence where there can be no journal.
    static std::expected<Journal, std::string> open(const std::string& path,
                                                    std::size_t bytes = journal_bytes,
                                                    std::size_t most_bytes = most_journal_bytes);

    /// What opening found amiss, a sentence for the log; empty where nothing.
    const std::string& note() const { return note_; }
    /// The records of every complete step, in the order of their first writing. They stay in the
    /// journal until they are overwritten or forgotten.
    std::vector<JournalRecord> records() const;
    /// The last life was not closed cleanly. False on the first life after a boot.
    bool left_by_crash() const { return left_by_crash_; }
    /// The last heartbeat of the last life; none on the first after a boot.
    std::optional<ClockSample> last_alive() const { return last_alive_; }

    /// Writes the record over the one of the same kind and id. False where the journal is full:
    /// the record keeps its value from before; see refused() and trouble().
    bool put(std::uint8_t kind, std::uint64_t id, std::string_view bytes);
    void forget(std::uint8_t kind, std::uint64_t id);
    /// All that was put and forgotten since the last commit becomes valid at once.
    void commit();

    /// Names what is being processed, until put_down(). A hash of zero stands for no input.
    void take_in_hand(std::uint64_t hash, std::uint64_t call);
    /// Names the call of the input in hand, once that is known.
    void name_call(std::uint64_t call) { journal::publish(map_.control().call, call); }
    void put_down() { journal::publish(map_.control().in_hand, 0); }
    /// The last 16 at most, the newest last.
    std::vector<JournalCrash> crashes() const;
    /// How many of them had this input, or this call, in hand within `span` before `now`.
    std::size_t crashes_with_input(std::uint64_t hash, Instant now, Micros span) const;
    std::size_t crashes_with_call(std::uint64_t call, Instant now, Micros span) const;

    /// Tells the next life that this one was alive then.
    void heartbeat(const ClockSample& clocks);
    void close_cleanly() { journal::publish(map_.control().running, 0); }

    std::size_t live_bytes() const { return live_.bytes(); }
    std::size_t file_bytes() const { return map_.file_bytes(); }
    std::uint64_t refused() const { return refused_; }       ///< Records, for want of room.
    const std::string& trouble() const { return trouble_; }  ///< Why the last was refused.

private:
    explicit Journal(journal::JournalMap map) : map_{std::move(map)} {}
    static std::expected<journal::JournalMap, std::string> take_up(const std::string& path,
                                                                   std::size_t bytes,
                                                                   std::string& note);
    std::expected<void, std::string> read(std::size_t bytes);
    std::expected<void, std::string> move_to_file(std::size_t arena_bytes);
    void begin_life();
    bool make_room(std::size_t needed);
    void compact();
    void append(std::uint8_t kind,
                std::uint64_t id,
                journal::Action action,
                std::string_view bytes);
    std::size_t room() const { return map_.arena_bytes() / 4 * 3; }
    std::uint32_t generation() const { return static_cast<std::uint32_t>(map_.control().active); }

    journal::JournalMap map_;
    std::size_t most_bytes_ = 0;
    journal::LiveRecords live_;       // as of the last commit; lies in the active arena
    std::size_t tail_ = 0;            // where the next frame goes there
    std::uint64_t sequence_ = 0;      // of the last frame
    std::vector<std::uint8_t> step_;  // records since the last commit
    std::uint32_t step_records_ = 0, step_crc_ = 0;

    std::string note_, trouble_;
    std::uint64_t refused_ = 0, grow_again_at_ = 0;
    bool left_by_crash_ = false;
    std::optional<ClockSample> last_alive_;
};

}  // namespace holdfast::host
