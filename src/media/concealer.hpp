// media/concealer.hpp: makes up what was lost of a voice, from what was heard before, by spandsp.
#pragma once
#include "media/spandsp.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

namespace holdfast::media {

/// Repeats the last pitch period, and fades within 400 samples. Made for 8,000 Hz; at 16,000 it
/// finds voices of 133 Hz and more, and fades twice as fast.
class Concealer {
public:
    Concealer() { plc_init(&state_); }

    /// What came. Its beginning is blended with what was made up before it.
    void heard(std::span<std::int16_t> samples) {
        plc_rx(&state_, samples.data(), static_cast<int>(samples.size()));
    }
    void fill(std::span<std::int16_t> samples) {
        begin_history();
        plc_fillin(&state_, samples.data(), static_cast<int>(samples.size()));
    }

private:
    /// The library would bring its ring of samples into order by a memcpy that overlaps.
    void begin_history() {
        if (state_.missing_samples != 0) return;
        std::ranges::rotate(state_.history, state_.history + state_.buf_ptr);
        state_.buf_ptr = 0;
    }

    plc_state_t state_{};
};

}  // namespace holdfast::media
