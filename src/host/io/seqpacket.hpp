// host/io/seqpacket.hpp: Unix sockets that keep messages whole and carry descriptors with them.
#pragma once
#include "host/io/fd.hpp"

#include <array>
#include <cstddef>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::host {

/// Descriptors that one message may carry.
inline constexpr std::size_t most_descriptors = 4;

/// Listens at `path`, taking the place of a socket that nobody serves any more. Owner and group may
/// connect. A sentence where that cannot be.
std::expected<Fd, std::string> listen_seqpacket(const std::string& path);

/// Connects to `path`, non-blocking from then on. A sentence where nobody serves it.
std::expected<Fd, std::string> connect_seqpacket(const std::string& path);

/// The next connection; none where nobody waits.
Fd accept_seqpacket(int listener);

/// Whether the process at the other end runs as our user, or as root.
bool peer_is_trusted(int connection);

enum class SendOutcome : std::uint8_t { sent, full, broken };
SendOutcome send_message(int connection, std::string_view bytes, std::span<const int> descriptors);

struct ReceivedMessage {
    std::string_view bytes;  ///< Points into the receiver; valid until it receives again.
    std::vector<Fd> descriptors;
    bool truncated = false;  ///< Longer than the room, or with more descriptors than may come.
};
enum class ReceiveFault : std::uint8_t { nothing_waits, closed };

class MessageReceiver {
public:
    explicit MessageReceiver(std::size_t most_bytes) : bytes_(most_bytes) {}
    std::expected<ReceivedMessage, ReceiveFault> receive(int connection);

private:
    std::vector<char> bytes_;
};

}  // namespace holdfast::host
