// host/tool/client.hpp: a connection to the daemon's control socket.
#pragma once
#include "console/requests.hpp"
#include "host/io/fd.hpp"
#include "host/io/line_buffer.hpp"
#include "host/tool/incoming.hpp"

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>

namespace holdfast::tool {

/// How long the daemon may take for an answer before we say that it does not give one.
inline constexpr std::chrono::seconds patience{10};
/// The longest line we take: an answer of 4,000 calls has 1.6 MB.
inline constexpr std::size_t most_answer_bytes = std::size_t{8} * 1024 * 1024;

class Client {
public:
    /// A sentence that says what to do where nobody serves `path`.
    static std::expected<Client, std::string> connect(const std::string& path);

    int descriptor() const { return socket_.get(); }

    /// Where the daemon has gone, that is told by receive().
    void send(std::uint64_t id, const console::Request& request);

    /// The next line of the daemon's; none where none came within `wait`. A sentence where none can
    /// come any more.
    std::expected<std::optional<std::string>, std::string> receive(std::chrono::milliseconds wait);

    /// Asks, and waits for the answer's line. A refusal is an answer.
    std::expected<std::string, std::string> ask(const console::Request& request);

private:
    /// Takes what has come; whether that was anything. A sentence where nothing can come any more.
    std::expected<bool, std::string> read();

    explicit Client(host::Fd socket) : socket_{std::move(socket)} {}

    host::Fd socket_;
    host::LineBuffer lines_{most_answer_bytes};
    std::uint64_t last_id_ = 0;
};

}  // namespace holdfast::tool
