// host/io/readiness.hpp: tells when a descriptor of somebody else is ready, by Asio's loop.
#pragma once
#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>

#include <functional>
#include <memory>

namespace holdfast::host {

/// Does not own the descriptor, which must live longer. Handlers run in the loop of `io`; none runs
/// after this object is gone.
class Readiness {
public:
    Readiness(asio::io_context& io, int descriptor);
    Readiness(const Readiness&) = delete;
    Readiness& operator=(const Readiness&) = delete;
    ~Readiness();

    /// Calls `handler` whenever there is something to read.
    void on_readable(std::function<void()> handler);
    /// Calls `handler` once, when there is room to write.
    void once_writable(std::function<void()> handler);

private:
    struct State;
    static void wait(const std::shared_ptr<State>& state);
    std::shared_ptr<State> state_;
};

}  // namespace holdfast::host
