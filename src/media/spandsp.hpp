// media/spandsp.hpp: the parts of spandsp we use, owned as C++ owns things.
#pragma once
#include <cmath>  // first: spandsp defines some of its functions anew
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <memory>

// spandsp's own headers, in the order they need; the umbrella header would bring libtiff.
// clang-format off
#include <spandsp/telephony.h>
#include <spandsp/logging.h>
#include <spandsp/queue.h>
#include <spandsp/complex.h>
#include <spandsp/tone_detect.h>
#include <spandsp/tone_generate.h>
#include <spandsp/super_tone_rx.h>
#include <spandsp/dtmf.h>
#include <spandsp/g722.h>
#include <spandsp/plc.h>
// clang-format on

namespace holdfast::media {

template <class State, int (*release)(State*)>
struct SpandspRelease {
    void operator()(State* state) const { static_cast<void>(release(state)); }
};

template <class State, int (*release)(State*)>
using Spandsp = std::unique_ptr<State, SpandspRelease<State, release>>;

}  // namespace holdfast::media
