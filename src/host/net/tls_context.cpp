#include "host/net/tls_context.hpp"

#include "base/ascii.hpp"
#include "base/ensure.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <utility>

namespace holdfast::host {
namespace {

constexpr std::time_t warn_before_s = 14L * 24 * 3600;

/// OpenSSL would ask at the terminal.
int no_password(char* /*room*/, int /*size*/, int /*writing*/, void* /*data*/) {
    return 0;
}

std::string for_sentences(const std::string& name, const IpAddress& address) {
    return name.empty() ? std::string{text_of(address).view()} : name;
}

SslPointer new_session(SSL_CTX* context) {
    SslPointer ssl{SSL_new(context)};
    ensure(static_cast<bool>(ssl), "no memory for TLS");
    return ssl;
}

std::expected<SslContextPointer, std::string> make_context(const SSL_METHOD* method,
                                                           const std::string& certificate,
                                                           const std::string& key) {
    ERR_clear_error();
    SslContextPointer context{SSL_CTX_new(method)};
    ensure(static_cast<bool>(context), "no memory for TLS");
    SSL_CTX* const c = context.get();
    SSL_CTX_set_min_proto_version(c, TLS1_2_VERSION);
    SSL_CTX_set_options(c, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_mode(c, SSL_MODE_RELEASE_BUFFERS);  // thousands of quiet phones
    SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_default_passwd_cb(c, no_password);
    if (SSL_CTX_use_certificate_chain_file(c, certificate.c_str()) != 1)
        return std::unexpected{
            fmt::format("{} cannot be used as certificate ({}): it must be a readable PEM file, "
                        "our certificate first, then those above it",
                        certificate,
                        last_tls_fault())};
    if (SSL_CTX_use_PrivateKey_file(c, key.c_str(), SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(c) != 1)
        return std::unexpected{fmt::format(
            "{} cannot be used as key ({}): it must be a readable PEM file without password, and "
            "the key of {}",
            key,
            last_tls_fault(),
            certificate)};
    return context;
}

/// RFC 5922 7.1: the domain of a URI of SIP that names nobody in it; empty for any other name.
std::string_view domain_of(const GENERAL_NAME& name) {
    if (name.type != GEN_URI) return {};
    const auto* const text = name.d.uniformResourceIdentifier;
    std::string_view uri{reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                         static_cast<std::size_t>(ASN1_STRING_length(text))};
    constexpr std::string_view scheme = "sip:";
    if (!starts_with_nocase(uri, scheme) || uri.find('@') != uri.npos) return {};
    uri.remove_prefix(scheme.size());
    return uri.substr(0, uri.find_first_of(";?"));
}

bool bears_as_uri(X509* certificate, std::string_view wanted) {
    auto* const names = static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
    bool bears = false;
    for (int i = 0; i < sk_GENERAL_NAME_num(names); ++i)
        bears = bears || equal_nocase(domain_of(*sk_GENERAL_NAME_value(names, i)), wanted);
    GENERAL_NAMES_free(names);
    return bears;
}

/// OpenSSL looks at names of hosts alone; what it does not find there may stand in a URI.
int look_at_uris(int good, X509_STORE_CTX* check) {
    if (good == 1 || X509_STORE_CTX_get_error(check) != X509_V_ERR_HOSTNAME_MISMATCH) return good;
    const char* const wanted = X509_VERIFY_PARAM_get0_host(X509_STORE_CTX_get0_param(check), 0);
    if (wanted == nullptr || !bears_as_uri(X509_STORE_CTX_get0_cert(check), wanted)) return 0;
    X509_STORE_CTX_set_error(check, X509_V_OK);
    return 1;
}

}  // namespace

void SslContextDeleter::operator()(SSL_CTX* context) const {
    SSL_CTX_free(context);
}

std::expected<std::unique_ptr<TlsContext>, std::string> TlsContext::load(
    const std::string& certificate, const std::string& key) {
    auto server = make_context(TLS_server_method(), certificate, key);
    if (!server) return std::unexpected{std::move(server.error())};
    auto client = make_context(TLS_client_method(), certificate, key);
    if (!client) return std::unexpected{std::move(client.error())};
    SSL_CTX_set_verify(client->get(), SSL_VERIFY_PEER, nullptr);
    if (SSL_CTX_set_default_verify_paths(client->get()) != 1)
        return std::unexpected{
            fmt::format("the system's authorities cannot be read ({}): install "
                        "the package ca-certificates",
                        last_tls_fault())};
    auto out = std::make_unique<TlsContext>();
    out->server_ = *std::move(server);
    out->client_ = *std::move(client);
    out->certificate_ = certificate;
    return out;
}

std::shared_ptr<TlsSession> TlsContext::accept() const {
    auto ssl = new_session(server_.get());
    SSL_set_accept_state(ssl.get());
    return std::make_shared<TlsSession>(std::move(ssl), std::string{});
}

std::shared_ptr<TlsSession> TlsContext::connect(const std::string& name,
                                                const IpAddress& address) const {
    auto ssl = new_session(client_.get());
    SSL_set_connect_state(ssl.get());
    const std::string wanted = for_sentences(name, address);
    X509_VERIFY_PARAM* const check = SSL_get0_param(ssl.get());
    // RFC 5922 7.2 knows no wildcards, but the certificates of large carriers have them.
    X509_VERIFY_PARAM_set_hostflags(check, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (X509_VERIFY_PARAM_set1_ip_asc(check, wanted.c_str()) != 1) {
        ERR_clear_error();
        // A name that cannot be checked must not pass unchecked.
        if (X509_VERIFY_PARAM_set1_host(check, wanted.data(), wanted.size()) != 1) return nullptr;
        SSL_set_verify(ssl.get(), SSL_VERIFY_PEER, look_at_uris);
        SSL_set_tlsext_host_name(ssl.get(), wanted.c_str());
    }
    return std::make_shared<TlsSession>(std::move(ssl), wanted);
}

std::string TlsContext::trouble_with_dates() const {
    const auto* const end = X509_get0_notAfter(SSL_CTX_get0_certificate(server_.get()));
    std::time_t now = std::time(nullptr);
    if (X509_cmp_time(end, &now) < 0)
        return fmt::format("the certificate {} has expired: phones will refuse it", certificate_);
    now += warn_before_s;
    if (X509_cmp_time(end, &now) < 0)
        return fmt::format("the certificate {} expires within two weeks", certificate_);
    return {};
}

}  // namespace holdfast::host
