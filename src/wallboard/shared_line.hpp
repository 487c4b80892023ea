// wallboard/shared_line.hpp: several boards of ours at one RS-485 pair. The line is half duplex, so
// one of them is asked at a time: who has something to say gets one frame's turn, one after the
// other. A board that does not answer costs its patience once a turn, and is asked less and less.
#pragma once
#include "wallboard/panel_driver.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace holdfast::wallboard::panel {

class SharedLine : public Driver {
public:
    /// Each with a node of its own, and all at one rate.
    explicit SharedLine(std::vector<Settings> boards);

    void connected(Instant now) override;
    void lost() override;
    void show(const Figures& figures, Instant now) override;
    void received(std::string_view bytes, Instant now) override;
    std::string next(Instant now) override;
    Instant wake() const override;
    Instant free_at() const override { return Instant{}; }
    std::string farewell() override { return {}; }
    Health health(Instant now) const override { return boards_.front()->health(now); }
    std::vector<Health> healths(Instant now) const override;
    void update(std::size_t board, std::vector<Image> images, Instant now) override {
        boards_[board]->update(0, std::move(images), now);
    }

    PanelDriver& board(std::size_t i) { return *boards_[i]; }

private:
    bool taken(Instant now) const;

    std::vector<std::unique_ptr<PanelDriver>> boards_;
    std::size_t turn_ = 0;  ///< Who was asked last.
};

}  // namespace holdfast::wallboard::panel
