#include "wallboard/watches.hpp"

#include <utility>

namespace holdfast::wallboard {

struct Watches::Room {
    Watched& w;
    Instant now;
    std::vector<Change>& changes;

    bool holds(watch::Guard) const { return true; }
    void start(watch::Timer timer) {
        w.due[static_cast<std::size_t>(timer)] =
            now + (timer == watch::patience ? w.watch.after : calm_for);
    }
    void stop(watch::Timer timer) { w.due[static_cast<std::size_t>(timer)] = never; }
    void perform(watch::Action action) {
        changes.push_back({&w.watch, action == watch::raise_alarm});
    }
};

Watches::Watches(std::vector<Watch> watches) {
    for (auto& watch : watches)
        all_.push_back({std::move(watch)});
}

std::vector<Watches::Change> Watches::look(const Figures& figures) {
    std::vector<Change> changes;
    for (auto& w : all_) {
        Room room{w, figures.at, changes};
        const bool out = holds(w.watch.bound, w.watch.value->read(figures, w.watch.scope));
        step<watch::Machine>(w.state, out ? watch::exceeded : watch::receded, room);
        for (const auto timer : every<watch::Timer>) {
            auto& due = w.due[static_cast<std::size_t>(timer)];
            if (due > figures.at) continue;
            due = never;
            step<watch::Machine>(w.state, timer, room);
        }
    }
    return changes;
}

}  // namespace holdfast::wallboard
