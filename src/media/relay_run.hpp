// media/relay_run.hpp: how what one party says becomes the next packets of the stream to another.
#pragma once
#include "media/heard.hpp"
#include "media/out_stream.hpp"

#include <cstdint>
#include <optional>

namespace holdfast::media {

/// The header a relayed packet goes out under.
struct Relayed {
    RtpHeader header;
    std::uint32_t clock = 8000;  ///< Of its timestamp, in Hz.
    Instant at;                  ///< The moment its timestamp names.
};

/// Order and gaps of the incoming sequence stay, so that the receiver can put right what the net
/// has reordered and sees what it has lost. A new run begins with the first packet, with another
/// incoming stream or clock, and where the incoming timestamp jumps from what time allows.
class RelayRun {
public:
    /// None for a packet older than the run. `clock` of the outgoing payload type, in Hz.
    std::optional<Relayed> map(const Heard& heard,
                               std::uint8_t payload_type,
                               std::uint32_t clock,
                               const OutStream& out,
                               Instant now);
    /// The same for a telephone event, whose clock need not be that of the audio on either side:
    /// then its beginning has its own timestamp, by time.
    std::optional<Relayed> map_event(const Heard& heard,
                                     std::uint8_t payload_type,
                                     std::uint32_t clock,
                                     const OutStream& out,
                                     Instant now);

private:
    bool continues(const Heard& heard,
                   std::uint32_t clock,
                   const OutStream& out,
                   Instant now) const;
    Relayed begin(const Heard& heard,
                  std::uint8_t payload_type,
                  std::uint32_t clock,
                  const OutStream& out,
                  Instant now);
    Relayed place(const RtpHeader& header, const Heard& heard, const OutStream& out, Instant now);
    RtpHeader header_of(const Heard& heard, std::uint8_t payload_type, const OutStream& out) const;

    std::uint32_t stream_ = 0;  // of the incoming place; 0: not begun
    std::uint32_t clock_ = 0;
    std::int64_t first_in_ = 0;
    std::int64_t newest_in_ = 0;
    std::uint16_t first_out_ = 0;
    std::uint32_t timestamp_offset_ = 0;
    Micros shift_{};  // the run began this much later than it would have by time

    struct ForeignEvent {
        std::uint32_t in = 0;
        std::uint32_t out = 0;
    };
    std::optional<ForeignEvent> event_;
};

}  // namespace holdfast::media
