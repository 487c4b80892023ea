// tests/unit/host/net/certificates.hpp: an authority of our own and what it certifies, as PEM files
// in a folder that goes with the test.
#pragma once
#include "support/folder.hpp"

#include <catch2/catch.hpp>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

namespace holdfast::test {

using Key = std::shared_ptr<EVP_PKEY>;
using Certificate = std::shared_ptr<X509>;

inline Key new_key() {
    return {EVP_EC_gen("P-256"), EVP_PKEY_free};
}

struct Wish {
    std::string names;  // as subjectAltName: "DNS:sip.example.net,IP:127.0.0.1"
    long days = 30;
    bool authority = false;
};

inline void extend(X509* certificate, int what, const std::string& value) {
    X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, what, value.c_str());
    REQUIRE(extension != nullptr);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

/// Signed by `issuer`, or by itself where there is none.
inline Certificate certify(const Key& key, const Wish& wish, X509* issuer, const Key& issuer_key) {
    static long serial = 0;
    Certificate out{X509_new(), X509_free};
    X509_set_version(out.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(out.get()), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(out.get()), -60L * 24 * 3600);
    X509_gmtime_adj(X509_getm_notAfter(out.get()), wish.days * 24 * 3600);
    X509_set_pubkey(out.get(), key.get());
    const std::string name = wish.authority ? "Test authority" : "Test " + std::to_string(serial);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(out.get()),
                               "O",
                               MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name.c_str()),
                               -1,
                               -1,
                               0);
    X509_set_issuer_name(out.get(), X509_get_subject_name(issuer == nullptr ? out.get() : issuer));
    if (wish.authority) extend(out.get(), NID_basic_constraints, "critical,CA:TRUE");
    if (!wish.names.empty()) extend(out.get(), NID_subject_alt_name, wish.names);
    REQUIRE(X509_sign(out.get(), issuer_key.get(), EVP_sha256()) > 0);
    return out;
}

template <class Write>
void write_pem(const std::string& path, Write write) {
    std::FILE* const file = std::fopen(path.c_str(), "w");
    REQUIRE(file != nullptr);
    CHECK(write(file) == 1);
    std::fclose(file);
}

/// The authority is the one the system trusts, as long as this lives.
struct Authority {
    Folder folder;
    Key key = new_key();
    Certificate certificate = certify(key, {{}, 30, true}, nullptr, key);

    Authority() {
        const std::string path = folder / "authorities.pem";
        write_pem(path, [&](auto* file) { return PEM_write_X509(file, certificate.get()); });
        ::setenv("SSL_CERT_FILE", path.c_str(), 1);
    }
    ~Authority() { ::unsetenv("SSL_CERT_FILE"); }
    Authority(const Authority&) = delete;
    Authority& operator=(const Authority&) = delete;

    struct Files {
        std::string certificate, key;
    };
    Files issue(const std::string& file, const Wish& wish) const {
        const Key own = new_key();
        const auto issued = certify(own, wish, certificate.get(), key);
        Files out{folder / (file + ".crt"), folder / (file + ".key")};
        write_pem(out.certificate, [&](auto* f) { return PEM_write_X509(f, issued.get()); });
        write_pem(out.key, [&](auto* f) {
            return PEM_write_PrivateKey(f, own.get(), nullptr, nullptr, 0, nullptr, nullptr);
        });
        return out;
    }
};

}  // namespace holdfast::test
