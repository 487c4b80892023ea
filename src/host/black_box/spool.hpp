// host/black_box/spool.hpp: bytes on their way to a file, in memory that outlives the process. Who
// appends never waits for the disk; a thread writes behind. What was appended before a kill and is
// not in the file yet, the next life writes there.
#pragma once
#include "host/io/fd.hpp"

#include <cstddef>
#include <expected>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

namespace holdfast::host {

// A call's inputs are about 10 KiB: a disk may stand still for 80 s at ten calls a second.
inline constexpr std::size_t spool_bytes = std::size_t{8} * 1024 * 1024;

class Spool {
public:
    /// Writes into `file`, from its beginning. `ring` is a file in a tmpfs, made anew; a sentence
    /// where it cannot be. `bytes` is a multiple of a page.
    static std::expected<Spool, std::string> open(const std::string& ring,
                                                  Fd file,
                                                  std::size_t bytes = spool_bytes);
    /// Brings what a life before left in `ring` into its file, if that is the one at `path`; what
    /// cannot be written is told in the log.
    static void finish(const std::string& ring, const std::string& path);

    Spool(Spool&&) noexcept = default;
    Spool& operator=(Spool&&) = delete;
    /// Waits for the disk, for at most two seconds.
    ~Spool();

    /// False where the disk is so far behind that there is no room, or where it refused something.
    /// Waits only for room for what is longer than half the ring, at most two seconds.
    bool append(std::initializer_list<std::string_view> parts);
    /// Why the thread writes no more; empty while it does.
    std::string trouble() const;

private:
    struct State;
    explicit Spool(std::shared_ptr<State> state) : state_{std::move(state)} {}
    std::shared_ptr<State> state_;
};

}  // namespace holdfast::host
