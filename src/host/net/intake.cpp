#include "host/net/intake.hpp"

#include "host/io/clocks.hpp"

#include <asio/post.hpp>

#include <utility>

namespace holdfast::host {

Intake::Intake(asio::io_context& io, TakeInput take)
    : io_{io}, take_{std::make_shared<TakeInput>(std::move(take))} {}

Intake::~Intake() = default;

void Intake::now(engine::Input input, Instant received_at) {
    (*take_)(std::move(input), received_at);
}

void Intake::later(engine::Input input) {
    asio::post(io_, [weak = std::weak_ptr{take_}, input = std::move(input)]() mutable {
        if (const auto take = weak.lock()) (*take)(std::move(input), sample_clocks().now);
    });
}

}  // namespace holdfast::host
