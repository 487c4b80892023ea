#include "media/inband_detector.hpp"

#include "base/ensure.hpp"
#include "media/spandsp.hpp"

#include <algorithm>
#include <array>

namespace holdfast::media {
namespace {

// The detector looks at blocks of 102 samples and reports after two that agree.
constexpr Micros detection_time = 25ms;

}  // namespace

void InbandDetector::Release::operator()(dtmf_rx_state_s* state) const {
    static_cast<void>(dtmf_rx_free(state));
}

InbandDetector::InbandDetector() : state_{dtmf_rx_init(nullptr, nullptr, nullptr)} {
    ensure(state_ != nullptr, "no memory for a DTMF detector");
    dtmf_rx_set_realtime_callback(state_.get(), on_change, this);
}

void InbandDetector::on_change(void* self, int code, int, int) {
    static_cast<InbandDetector*>(self)->change(static_cast<char>(code));
}

void InbandDetector::change(char digit) {
    if (running_.digit != 0) {
        running_.duration = std::max<Micros>(now_ - running_.at - detection_time, {});
        static_cast<void>(found_.push_back(running_));
    }
    running_ = {.digit = digit, .duration = {}, .at = now_ - detection_time};
}

InbandDetector::Digits InbandDetector::take(Codec codec, Bytes payload, Instant received_at) {
    if (codec_ != codec) {
        codec_ = codec;
        decoder_ = facts_of(codec).make_decoder();
    }
    now_ = received_at;
    found_.clear();
    std::array<std::int16_t, most_decoded> samples;
    const std::size_t count = decoder_->decode(payload, samples);
    static_cast<void>(dtmf_rx(state_.get(), samples.data(), static_cast<int>(count)));
    return found_;
}

}  // namespace holdfast::media
