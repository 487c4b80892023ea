// loadgen/sound.hpp: RTP of the parties: whoever is sent sound answers with as much.
#pragma once
#include "base/address.hpp"
#include "base/time.hpp"
#include "host/io/fd.hpp"

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace holdfast::loadgen {

struct SoundFigures {
    std::uint64_t received = 0, sent = 0;
};

/// A stream lives as long as something comes from its other end: 50 packets a second of A-law go
/// back, each stream in its own phase.
class Sound {
public:
    std::size_t add(host::Fd socket);
    int socket(std::size_t index) const { return sockets_[index].get(); }
    void heard(std::size_t index, const Endpoint& from, Instant now);
    void run(Instant now);
    Instant next() const { return streams_.empty() ? never : next_; }
    const SoundFigures& figures() const { return figures_; }

private:
    static constexpr std::size_t phases = 20;  // one a millisecond
    struct Key {
        std::size_t index;
        Endpoint from;
        friend auto operator<=>(const Key&, const Key&) = default;
    };
    struct Stream {
        Instant last_heard;
        std::uint32_t ssrc = 0, time = 0;
        std::uint16_t sequence = 0;
    };
    void send(const Key& key, Stream& stream);

    std::vector<host::Fd> sockets_;
    std::map<Key, Stream> streams_;
    std::array<std::vector<Key>, phases> by_phase_;
    std::size_t phase_ = 0, next_phase_ = 0;
    Instant next_{};
    SoundFigures figures_;
};

}  // namespace holdfast::loadgen
