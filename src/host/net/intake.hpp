// host/net/intake.hpp: the way from a socket to the engine.
#pragma once
#include "base/time.hpp"
#include "engine/inputs.hpp"

#include <asio/io_context.hpp>

#include <functional>
#include <memory>

namespace holdfast::host {

/// Takes one input and the time the kernel had it. It is called from handlers of the loop only,
/// never from within an effect, so the engine is never entered twice. It must not destroy what
/// calls it.
using TakeInput = std::function<void(engine::Input, Instant received_at)>;

class Intake {
public:
    Intake(asio::io_context& io, TakeInput take);
    Intake(const Intake&) = delete;
    Intake& operator=(const Intake&) = delete;
    /// What was to be handed over later is lost.
    ~Intake();

    /// Only from a handler of the loop.
    void now(engine::Input input, Instant received_at);
    /// In the loop's next round, in the order of the calls.
    void later(engine::Input input);

private:
    asio::io_context& io_;
    std::shared_ptr<TakeInput> take_;
};

}  // namespace holdfast::host
