// tests/unit/host/net/tls_peer.hpp: the other end of a TLS connection, moved on step by step.
#pragma once
#include "unit/host/net/certificates.hpp"
#include "unit/host/net/plain_peer.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <fcntl.h>
#include <memory>
#include <string>

namespace holdfast::test {

struct TlsPeer {
    host::Fd socket;
    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context{nullptr, SSL_CTX_free};
    std::unique_ptr<SSL, decltype(&SSL_free)> ssl{nullptr, SSL_free};
    bool ready = false;
    bool closed = false;  // cleanly
    std::string failed;
    std::string heard;

    struct Options {
        int version = 0;  // the only one; 0: any
        std::string ciphers;
        std::string certificate, key;  // of a server
    };

    TlsPeer(host::Fd connected, const Options& options) : socket{std::move(connected)} {
        ::fcntl(socket.get(), F_SETFL, O_NONBLOCK);
        context.reset(SSL_CTX_new(TLS_method()));
        SSL_CTX* const c = context.get();
        if (!options.ciphers.empty()) CHECK(SSL_CTX_set_cipher_list(c, options.ciphers.c_str()));
        SSL_CTX_set_min_proto_version(c, options.version);
        SSL_CTX_set_max_proto_version(c, options.version);
        const bool server = !options.certificate.empty();
        if (server) {
            REQUIRE(SSL_CTX_use_certificate_file(
                        c, options.certificate.c_str(), SSL_FILETYPE_PEM) == 1);
            REQUIRE(SSL_CTX_use_PrivateKey_file(c, options.key.c_str(), SSL_FILETYPE_PEM) == 1);
        }
        ssl.reset(SSL_new(c));
        SSL_set_fd(ssl.get(), socket.get());
        server ? SSL_set_accept_state(ssl.get()) : SSL_set_connect_state(ssl.get());
    }

    /// As far as it goes now. True where something is settled: it is ready, has failed or closed.
    void step() {
        ERR_clear_error();
        if (!failed.empty() || closed) return;
        if (!ready) {
            const int result = SSL_do_handshake(ssl.get());
            if (result == 1)
                ready = true;
            else
                settle(result);
            return;
        }
        std::string room(16'384, '\0');
        int count = 0;
        while ((count = SSL_read(ssl.get(), room.data(), static_cast<int>(room.size()))) > 0)
            heard.append(room.data(), static_cast<std::size_t>(count));
        settle(count);
    }
    void settle(int result) {
        const int error = SSL_get_error(ssl.get(), result);
        if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return;
        const char* const reason = ERR_reason_error_string(ERR_peek_error());
        if (error == SSL_ERROR_ZERO_RETURN)
            closed = true;
        else
            failed = reason == nullptr ? "cut" : reason;
    }
    void say(const std::string& text) {
        REQUIRE(SSL_write(ssl.get(), text.data(), static_cast<int>(text.size())) ==
                static_cast<int>(text.size()));
    }
};

}  // namespace holdfast::test
