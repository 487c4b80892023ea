#include "host/net/handshake_worker.hpp"

#include <asio/executor_work_guard.hpp>
#include <asio/post.hpp>

#include <utility>

namespace holdfast::host {

HandshakeWorker::~HandshakeWorker() {
    thread_.stop();
    thread_.join();
}

void HandshakeWorker::run(std::function<void()> work, std::function<void()> done) {
    // The guard keeps the loop from ending before it is told.
    asio::post(thread_,
               [&io = io_,
                guard = asio::make_work_guard(io_),
                work = std::move(work),
                done = std::move(done)]() mutable {
                   work();
                   asio::post(io, std::move(done));
               });
}

}  // namespace holdfast::host
