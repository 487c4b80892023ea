// media/inband_detector.hpp: digits that a party sends as tones within the audio, found by spandsp.
#pragma once
#include "base/bounded_vector.hpp"
#include "media/codecs.hpp"
#include "media/digit_receiver.hpp"

#include <memory>
#include <optional>

struct dtmf_rx_state_s;

namespace holdfast::media {

class InbandDetector {
public:
    using Digits = BoundedVector<HeardDigit, 8>;

    InbandDetector();
    InbandDetector(const InbandDetector&) = delete;  // spandsp keeps its address
    InbandDetector& operator=(const InbandDetector&) = delete;
    /// Digits that ended within this packet; their beginning is known to 25 ms.
    Digits take(Codec codec, Bytes payload, Instant received_at);

private:
    static void on_change(void* self, int code, int level, int delay);
    void change(char digit);

    struct Release {
        void operator()(dtmf_rx_state_s* state) const;
    };
    std::unique_ptr<dtmf_rx_state_s, Release> state_;
    std::optional<Codec> codec_;
    std::unique_ptr<Decoder> decoder_;
    Instant now_;  // of the packet in hand
    HeardDigit running_;
    Digits found_;
};

}  // namespace holdfast::media
