// loadgen/sound.hpp: RTP of the parties: whoever is sent sound answers with as much.
#pragma once
#include "base/address.hpp"
#include "base/time.hpp"
#include "host/io/datagram_reader.hpp"
#include "host/io/fd.hpp"

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <vector>

namespace holdfast::loadgen {

struct SoundFigures {
    std::uint64_t received = 0, sent = 0;
    /// By the sequence numbers of each stream: never came; came twice or after its successor.
    std::uint64_t lost = 0, late = 0;
    /// Where sound came from: pairs of ports, and synchronisation sources. One that was silent for
    /// a second is another source when it comes back.
    std::uint64_t ports = 0, sources = 0;
    Micros longest_gap{};  ///< Between two packets of a source, or of it and what follows it.
};

/// A stream lives as long as something comes from its other end: 50 packets a second of A-law go
/// back, each stream in its own phase.
class Sound {
public:
    std::size_t add(host::Fd socket);
    int socket(std::size_t index) const { return sockets_[index].get(); }
    void heard(std::size_t index, const host::Datagram& packet, Instant now);
    void run(Instant now);
    Instant next() const { return streams_.empty() ? never : next_; }
    const SoundFigures& figures() const { return figures_; }
    void count_anew() { figures_ = {}, ports_.clear(); }

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
        std::uint32_t heard_ssrc = 0;
        std::uint16_t heard_sequence = 0;
        Instant heard_at = never;
    };
    void send(const Key& key, Stream& stream);
    void count(Stream& stream, const host::Datagram& packet);

    std::vector<host::Fd> sockets_;
    std::map<Key, Stream> streams_;
    std::set<Key> ports_;
    std::array<std::vector<Key>, phases> by_phase_;
    std::size_t phase_ = 0, next_phase_ = 0;
    Instant next_{};
    SoundFigures figures_;
};

}  // namespace holdfast::loadgen
