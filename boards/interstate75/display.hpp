// boards/interstate75/display.hpp: drives the panels: SysTick begins each slot of a plane; one PIO
// machine lights it for a number of cycles, another shifts out the next one, which DMA brings.
#pragma once
#include "boards/interstate75/board.hpp"

namespace holdfast::i75 {

class Display : public cortex::Refresh<panels> {
public:
    void start();
    void interrupt();

private:
    void shift() const;
};

}  // namespace holdfast::i75
