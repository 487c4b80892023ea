// host/net/tls_context.hpp: what every TLS connection of a listener shares: certificate, key,
// whom we trust.
#pragma once
#include "base/address.hpp"
#include "host/net/tls_session.hpp"

#include <openssl/types.h>

#include <expected>
#include <memory>
#include <string>

namespace holdfast::host {

struct SslContextDeleter {
    void operator()(SSL_CTX* context) const;
};
using SslContextPointer = std::unique_ptr<SSL_CTX, SslContextDeleter>;

class TlsContext {
public:
    /// Reads the PEM files: the certificate with its chain, and its key without a password. A
    /// sentence where they cannot serve.
    static std::expected<std::unique_ptr<TlsContext>, std::string> load(
        const std::string& certificate, const std::string& key);

    std::shared_ptr<TlsSession> accept() const;
    /// The peer's certificate must come from an authority of the system (or of the file that the
    /// environment names in SSL_CERT_FILE) and bear `name`, or `address` where there is no name.
    /// None where that is no name a certificate can bear.
    std::shared_ptr<TlsSession> connect(const std::string& name, const IpAddress& address) const;

    /// "" or a sentence: it has ended, or will within two weeks.
    std::string trouble_with_dates() const;

private:
    SslContextPointer server_;
    SslContextPointer client_;
    std::string certificate_;
};

}  // namespace holdfast::host
