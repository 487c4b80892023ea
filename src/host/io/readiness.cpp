#include "host/io/readiness.hpp"

#include <utility>

namespace holdfast::host {

struct Readiness::State {
    asio::posix::stream_descriptor descriptor;
    std::function<void()> readable;
    bool gone = false;
};

Readiness::Readiness(asio::io_context& io, int descriptor)
    : state_{std::make_shared<State>(State{{io, descriptor}, {}, false})} {}

Readiness::~Readiness() {
    state_->gone = true;
    static_cast<void>(state_->descriptor.release());
}

void Readiness::on_readable(std::function<void()> handler) {
    state_->readable = std::move(handler);
    wait(state_);
}

void Readiness::wait(const std::shared_ptr<State>& state) {
    state->descriptor.async_wait(asio::posix::stream_descriptor::wait_read,
                                 [state](const std::error_code& error) {
                                     if (error || state->gone) return;
                                     state->readable();
                                     if (!state->gone) wait(state);
                                 });
}

void Readiness::once_writable(std::function<void()> handler) {
    state_->descriptor.async_wait(
        asio::posix::stream_descriptor::wait_write,
        [state = state_, handler = std::move(handler)](const std::error_code& error) {
            if (!error && !state->gone) handler();
        });
}

}  // namespace holdfast::host
