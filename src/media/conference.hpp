// media/conference.hpp: three to eight parties who hear each other: each hears all others, and
// never itself.
#pragma once
#include "base/ids.hpp"
#include "base/limits.hpp"
#include "media/frame_resampler.hpp"
#include "media/playout.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace holdfast::media {

/// All is mixed at this rate; narrow voices stay narrow.
inline constexpr std::uint32_t mixing_rate = 16'000;
inline constexpr std::size_t mixing_samples = mixing_rate / 100;

/// Has no clock: frame times are counted from the beginning of time, and the first party that asks
/// for one makes everybody say theirs. Who asks late gets what was said then, for a while.
class Conference {
public:
    using Frame = std::array<std::int16_t, mixing_samples>;

    /// False where it is full already.
    bool join(MediaId party);
    /// What it says fades within a frame time.
    void leave(MediaId party);
    bool empty() const { return parties_.empty(); }
    std::size_t size() const { return parties_.size(); }

    /// An audio packet of a party.
    void take(MediaId party, const Heard& heard);
    /// What that party hears in that frame time.
    Frame hear(MediaId party, std::int64_t number);

    /// What happened to a party's packets, for tests; none where it has said nothing.
    std::optional<Playout::Figures> figures(MediaId party) const;

private:
    // Packets of 60 ms ask 50 ms ahead of others; lateness comes on top.
    static constexpr std::int64_t kept = 32;  // frame times
    using Total = std::array<std::int32_t, mixing_samples>;

    struct Party {
        MediaId id;
        std::unique_ptr<Playout> playout;  // none until it has said something
        std::unique_ptr<FrameResampler> resampler;
        std::array<Frame, kept> said{};
        bool speaks = false;  // was heard in the frame before
        bool hears = false;
        float loudness = 1;  // of what it hears: below 1 where many are loud at once
    };

    Party* find(MediaId party);
    void produce(std::int64_t number);
    static Frame say(Party& party);
    static void fade(Frame& frame, bool in);
    static Frame limited(const Total& mix, float& loudness);
    static std::size_t place_of(std::int64_t number);

    std::vector<std::unique_ptr<Party>> parties_;
    std::vector<std::unique_ptr<Party>> leaving_;
    std::array<Total, kept> totals_{};
    std::optional<std::int64_t> newest_;
};

}  // namespace holdfast::media
