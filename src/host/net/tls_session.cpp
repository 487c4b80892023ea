#include "host/net/tls_session.hpp"

#include "base/ensure.hpp"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <array>
#include <utility>

namespace holdfast::host {
namespace {

constexpr std::size_t read_bytes = 16'384;  // a TLS record

int size_of(std::string_view bytes) {
    return static_cast<int>(bytes.size());  // 64 KiB at most
}

}  // namespace

void SslDeleter::operator()(SSL* ssl) const {
    SSL_free(ssl);
}

std::string last_tls_fault() {
    const unsigned long code = ERR_peek_last_error();
    const char* const reason = ERR_reason_error_string(code);
    ERR_clear_error();
    return reason == nullptr ? "unknown fault" : reason;
}

TlsSession::TlsSession(SslPointer ssl, std::string wanted)
    : ssl_{std::move(ssl)},
      in_{BIO_new(BIO_s_mem())},
      out_{BIO_new(BIO_s_mem())},
      wanted_{std::move(wanted)} {
    ensure(ssl_ && in_ != nullptr && out_ != nullptr, "no memory for TLS");
    BIO_set_mem_eof_return(in_, -1);  // an empty one waits, it has not ended
    SSL_set_bio(ssl_.get(), in_, out_);
}

void TlsSession::feed(std::string_view from_peer) {
    ERR_clear_error();  // what is left would be taken for a fault of the next call
    if (!from_peer.empty()) BIO_write(in_, from_peer.data(), size_of(from_peer));
}

std::string TlsSession::take_output() {
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(out_, &bytes);
    std::string output{bytes, static_cast<std::size_t>(size > 0 ? size : 0)};
    BIO_reset(out_);
    return output;
}

TlsSession::Progress TlsSession::shake_hands(std::string_view from_peer) {
    feed(from_peer);
    const int result = SSL_do_handshake(ssl_.get());
    if (result == 1) return {Step::done, take_output(), {}};
    const int error = SSL_get_error(ssl_.get(), result);
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE)
        return {Step::wants_more, take_output(), {}};
    auto why = why_handshake_failed();
    return {Step::failed, take_output(), std::move(why)};
}

std::string TlsSession::why_handshake_failed() const {
    const long verified = SSL_get_verify_result(ssl_.get());
    if (verified == X509_V_OK) {
        const int reason = ERR_GET_REASON(ERR_peek_last_error());
        const bool no_tls = reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_HTTP_REQUEST;
        return no_tls ? "it does not speak TLS" : last_tls_fault();
    }
    ERR_clear_error();
    const char* const text = X509_verify_cert_error_string(verified);
    if (verified == X509_V_ERR_HOSTNAME_MISMATCH || verified == X509_V_ERR_IP_ADDRESS_MISMATCH)
        return fmt::format("its certificate does not bear the name {}", wanted_);
    return fmt::format("its certificate for {} cannot be trusted: {}", wanted_, text);
}

TlsSession::Received TlsSession::receive(std::string_view from_peer) {
    feed(from_peer);
    Received out;
    std::array<char, read_bytes> room;
    for (;;) {
        const int count = SSL_read(ssl_.get(), room.data(), static_cast<int>(room.size()));
        if (count > 0) {
            out.plain.append(room.data(), static_cast<std::size_t>(count));
            continue;
        }
        const int error = SSL_get_error(ssl_.get(), count);
        if (error == SSL_ERROR_ZERO_RETURN) {
            out.closed = true;
            out.why = "the peer closed it";
        } else if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) {
            out.closed = true;
            out.why = fmt::format("what it sent is no TLS ({})", last_tls_fault());
        }
        out.to_peer = take_output();
        return out;
    }
}

std::string TlsSession::send(std::string_view plain) {
    feed({});
    // On memory a write is whole or an error, which a session that has failed gives.
    if (!plain.empty()) SSL_write(ssl_.get(), plain.data(), size_of(plain));
    return take_output();
}

std::string TlsSession::close() {
    feed({});
    SSL_shutdown(ssl_.get());
    ERR_clear_error();
    return take_output();
}

}  // namespace holdfast::host
