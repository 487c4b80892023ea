// host/net/handshake_worker.hpp: a thread for what would hold up calls: a TLS handshake costs the
// time of hundreds of SIP messages.
#pragma once
#include <asio/io_context.hpp>
#include <asio/thread_pool.hpp>

#include <functional>

namespace holdfast::host {

class HandshakeWorker {
public:
    explicit HandshakeWorker(asio::io_context& io) : io_{io} {}
    HandshakeWorker(const HandshakeWorker&) = delete;
    HandshakeWorker& operator=(const HandshakeWorker&) = delete;
    /// Waits for the one step that runs now; those that wait are left undone.
    ~HandshakeWorker();

    /// Runs `work` in the thread, then `done` in the loop.
    void run(std::function<void()> work, std::function<void()> done);

private:
    asio::io_context& io_;
    asio::thread_pool thread_{1};
};

}  // namespace holdfast::host
