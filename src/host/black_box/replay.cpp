#include "host/black_box/replay.hpp"

#include "engine/engine.hpp"
#include "host/black_box/black_box.hpp"
#include "settings/settings.hpp"

#include <memory>
#include <string_view>

namespace holdfast::host {
namespace {

class Run {
public:
    void settings(std::string_view text) {
        auto read = settings::read(text);
        if (read)
            engine_ = std::make_unique<engine::Engine>(std::move(read->engine));
        else
            fault = "its settings cannot be read: " + settings::text_of(read.error(), "settings");
    }
    void input(const RecordedInput& recorded) {
        if (!engine_) return;
        engine_->take(recorded.input, recorded.received_at, recorded.now);
        static_cast<void>(engine_->take_effects());
        ++result.inputs;
    }
    void mark(const StateMark& mark) {
        if (!engine_ || result.inputs == 0) return;
        ++result.marks;
        if (result.same() && engine_->state_hash() != mark.hash)
            result.first_difference = result.marks;
    }
    void finish() {
        if (engine_ && result.inputs > 0) result.hash = engine_->state_hash();
    }

    Replayed result;
    std::string fault;

private:
    std::unique_ptr<engine::Engine> engine_;
};

}  // namespace

std::expected<Replayed, std::string> replay(const std::string& path) {
    Run run;
    const BlackBoxReader reader{[&](std::string_view text) { run.settings(text); },
                                [&](const RecordedInput& input) { run.input(input); },
                                [&](const StateMark& mark) { run.mark(mark); }};
    if (auto read = reader.read(path); !read) return std::unexpected{read.error()};
    if (!run.fault.empty()) return std::unexpected{path + ": " + run.fault};
    run.finish();
    return run.result;
}

}  // namespace holdfast::host
