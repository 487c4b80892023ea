// host/io/datagram_reader.hpp: datagrams with the time the kernel had them, several at a call.
#pragma once
#include "base/address.hpp"
#include "base/time.hpp"
#include "host/io/clocks.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace holdfast::host {

struct Datagram {
    Endpoint from;
    std::span<const std::uint8_t> bytes;
    Instant received_at;     ///< When it reached the kernel.
    bool truncated = false;  ///< It was longer than the room for it.
};

/// One reader serves any number of sockets, one after the other.
class DatagramReader {
public:
    DatagramReader(std::size_t most_datagrams, std::size_t most_bytes);
    ~DatagramReader();
    DatagramReader(const DatagramReader&) = delete;
    DatagramReader& operator=(const DatagramReader&) = delete;

    /// What waits at `socket`, up to the number given above; empty where nothing waits. Valid until
    /// the next read.
    std::span<const Datagram> read(int socket, const ClockSample& clocks);
    /// Throws away what waits, at most `most` datagrams.
    void drain(int socket, std::size_t most);

    std::uint64_t implausible_stamps() const { return stamps_.implausible(); }

private:
    struct Slots;  // the kernel's structures
    std::size_t most_bytes_;
    std::unique_ptr<Slots> slots_;
    std::vector<std::uint8_t> bytes_;
    std::vector<Datagram> datagrams_;
    StampReader stamps_;
};

}  // namespace holdfast::host
