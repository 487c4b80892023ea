// host/net/tls_session.hpp: TLS of one connection, on memory: bytes of the peer in, bytes for the
// peer out. It touches no socket, so its handshake may run in any thread, one at a time.
#pragma once
#include <openssl/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace holdfast::host {

struct SslDeleter {
    void operator()(SSL* ssl) const;
};
using SslPointer = std::unique_ptr<SSL, SslDeleter>;

class TlsSession {
public:
    /// `ssl` knows its role and, for a client, what the certificate must name. `wanted` is that
    /// name, for sentences.
    TlsSession(SslPointer ssl, std::string wanted);

    enum class Step : std::uint8_t { wants_more, done, failed };
    struct Progress {
        Step step{};
        std::string to_peer;  ///< To be sent even where it failed: it tells the peer why.
        std::string why;      ///< Where it failed.
    };
    Progress shake_hands(std::string_view from_peer);

    struct Received {
        std::string plain;
        std::string to_peer;
        bool closed = false;  ///< By the peer, or by what it sent.
        std::string why;
    };
    /// Only after the handshake, as the rest.
    Received receive(std::string_view from_peer);
    /// What to send so that the peer reads `plain`.
    std::string send(std::string_view plain);
    /// What to send as the last.
    std::string close();

private:
    void feed(std::string_view from_peer);
    std::string take_output();
    std::string why_handshake_failed() const;

    SslPointer ssl_;
    BIO* in_;  // both are ssl_'s
    BIO* out_;
    std::string wanted_;
};

/// The reason of OpenSSL's last fault, whose list it empties.
std::string last_tls_fault();

}  // namespace holdfast::host
