// host/net/stream_listener.hpp: a TCP or TLS listener of StreamFlows.
#pragma once
#include "base/ids.hpp"
#include "engine/settings.hpp"
#include "host/io/fd.hpp"
#include "host/io/readiness.hpp"
#include "host/net/tls_context.hpp"

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>

#include <memory>
#include <optional>
#include <utility>

namespace holdfast::host {

struct StreamListener {
    ListenerId id;
    engine::ListenerSettings settings;
    std::unique_ptr<TlsContext> tls;  ///< None on TCP.
    Fd socket;
    std::optional<Readiness> readiness;  ///< None while it pauses.
    asio::steady_timer pause;

    StreamListener(asio::io_context& io, ListenerId number, engine::ListenerSettings wanted)
        : id{number}, settings{std::move(wanted)}, pause{io} {}
};

}  // namespace holdfast::host
