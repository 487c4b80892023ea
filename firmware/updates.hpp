// firmware/updates.hpp: what the link asks of whoever keeps the board's images.
#pragma once
#include "firmware/pictures.hpp"
#include "link/messages.hpp"

namespace holdfast::firmware {

class Updates {
public:
    virtual Verdict begin(const link::FwBegin& begin) = 0;
    virtual Verdict data(const link::FwData& data) = 0;
    virtual Verdict end() = 0;
    virtual Verdict confirm() = 0;
    /// Does what takes long; called in each round of the loop.
    virtual void step() = 0;

protected:
    ~Updates() = default;
};

}  // namespace holdfast::firmware
