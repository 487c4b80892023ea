// host/net/byte_stream.hpp: a connected socket with room for what the peer does not take yet.
#pragma once
#include "host/io/fd.hpp"
#include "host/io/readiness.hpp"

#include <asio/io_context.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace holdfast::host {

/// Bytes that wait at all streams together, and how many may.
struct UnsentBytes {
    std::size_t most_of_stream = 0;
    std::size_t most = 0;
    std::size_t now = 0;
};

class ByteStream {
public:
    /// `unsent` must live longer.
    ByteStream(asio::io_context& io, Fd socket, UnsentBytes& unsent);
    ByteStream(const ByteStream&) = delete;
    ByteStream& operator=(const ByteStream&) = delete;
    ~ByteStream();

    int socket() const { return socket_.get(); }
    void on_readable(std::function<void()> handler) { readiness_.on_readable(std::move(handler)); }
    /// For a connection that is being made.
    void once_writable(std::function<void()> handler) {
        readiness_.once_writable(std::move(handler));
    }

    struct Read {
        std::string_view bytes;
        bool closed = false;  ///< By the peer, or by an error.
        int error = 0;        ///< errno of that error.
    };
    /// What has come, as far as it fits; no bytes where nothing waits.
    Read read(std::span<char> room);

    enum class Write : std::uint8_t {
        taken,
        full,   ///< The peer does not read, and some of these bytes found no room: close it.
        broken  ///< error() says why.
    };
    /// Keeps what the kernel does not take now, and sends it when it does.
    Write write(std::string_view bytes);
    int error() const { return error_; }
    std::size_t unsent() const { return waiting_.size() - sent_; }
    /// Called when what waited has gone, or cannot go any more.
    void on_drained(std::function<void()> handler) { drained_ = std::move(handler); }
    /// Tells the peer that nothing more will come.
    void finish();

private:
    /// Sends what the kernel takes; how many bytes that was.
    std::size_t send(std::string_view bytes);
    void keep(std::string_view bytes);
    void send_waiting();

    Fd socket_;
    Readiness readiness_;
    UnsentBytes& all_;
    std::string waiting_;
    std::size_t sent_ = 0;  // of what waits
    int error_ = 0;
    std::function<void()> drained_;
};

}  // namespace holdfast::host
