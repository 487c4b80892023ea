// Any requests to a board, in frames that are good: each is answered once, what was shown stays
// drawable, and a board that was told nonsense still says who it is.
#include "firmware/app.hpp"
#include "firmware/update/updater.hpp"
#include "fuzz/fuzz.hpp"
#include "fuzz/small_flash.hpp"
#include "link/sender.hpp"

#include <memory>
#include <vector>

using namespace holdfast;
using namespace holdfast::firmware;

namespace {

constexpr std::uint16_t width = 64;
constexpr std::uint16_t height = 16;

struct CountingBoard final : Hardware {
    unsigned answers = 0;

    void write(link::Bytes frame) override {
        ensure(!frame.empty(), "an answer that does not fit");
        ++answers;
    }
    void show(const Canvas& canvas, const link::Palette&, std::uint8_t) override {
        for (const std::uint8_t pixel : canvas.pixels())
            ensure(pixel < enum_count<link::Colour>, "a colour that there is not");
    }
    void reboot(link::RebootInto) override {}
    void feed_watchdog() override {}
    std::uint32_t overruns() const override { return 0; }
};

}  // namespace

/// Payloads one behind the other, each after an octet of length; 20 ms go by between them.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    CountingBoard board;
    fuzz::SmallFlash flash;
    Updater updater{flash, {"fuzz", {}}, 0};
    std::vector<std::uint8_t> pixels(std::size_t{width} * height);
    const auto app = std::make_unique<App>(
        BoardFacts{.name = "fuzz", .width = width, .height = height, .version = "0"},
        Start{},
        Canvas{pixels, width, height},
        board,
        &updater);
    Instant now{1s};
    link::FrameBuffer room;
    for (link::Bytes rest{data, size}; rest.size() > 1;) {
        const auto payload = rest.subspan(1, std::min<std::size_t>(rest[0], rest.size() - 1));
        rest = rest.subspan(1 + payload.size());
        const unsigned before = board.answers;
        for (const std::uint8_t octet : link::write_frame(room, 1, payload))
            app->take(octet, now);
        const bool asked = payload.size() >= 3 && (payload[1] & link::answer_bit) == 0;
        ensure(board.answers == before + (asked ? 1 : 0), "a request without its one answer");
        now += 20ms;
        app->step(now);
    }
    const unsigned before = board.answers;
    for (const std::uint8_t octet : link::write_request(room, 1, 0, link::Hello{}))
        app->take(octet, now);
    ensure(board.answers == before + 1, "a board that does not say who it is");
    return 0;
}
