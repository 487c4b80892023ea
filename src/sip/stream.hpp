// sip/stream.hpp: finds messages in a byte stream (RFC 3261 18.3) and keep-alives between them
// (RFC 5626 3.5.1). Holds at most one message's bytes.
#pragma once
#include "sip/fault.hpp"

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace holdfast::sip {

class StreamFramer {
public:
    /// Adds received bytes; call `next` until it has no more.
    void add(std::string_view bytes);

    /// ping: CRLF CRLF, to be answered by CRLF. pong: CRLF alone. Where the bytes of a ping come
    /// apart, its first half counts as a pong, which nobody waits for.
    enum class Kind { message, ping, pong };
    struct Item {
        Kind kind;
        std::string_view bytes;  ///< Valid until the next call of `add` or `next`.
    };
    /// The next complete item; nothing where more bytes are needed; a fault (message too long, no
    /// Content-Length, header section without end) after which the stream must be closed. Linear in
    /// the bytes received, however they are cut.
    std::expected<std::optional<Item>, Fault> next();

    /// Bytes held that are not yet a message: a slow sender is seen by this not reaching zero.
    std::size_t pending() const { return buffer_.size() - taken_; }

private:
    std::optional<Item> take_keep_alive();
    std::expected<void, Fault> find_end();

    std::string buffer_;
    std::size_t taken_ = 0;    // bytes already handed out
    std::size_t scanned_ = 0;  // bytes already searched for the end of the headers
    std::size_t end_ = 0;      // of the message whose headers are there; 0: not known
    bool half_ping_ = false;   // the last item was a CRLF alone
};

}  // namespace holdfast::sip
