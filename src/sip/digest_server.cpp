#include "base/ascii.hpp"
#include "base/ensure.hpp"
#include "sip/digest.hpp"
#include "sip/hex.hpp"
#include "sip/token.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <utility>

namespace holdfast::sip {
namespace {

// A nonce is instant, start and random number in hexadecimal, and half of their HMAC-SHA256.
constexpr std::size_t instant_digits = 16, start_digits = 8, random_digits = 16;
constexpr std::size_t open_digits = instant_digits + start_digits + random_digits;
constexpr std::size_t mac_digits = 32;

bool same_secret_text(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

/// RFC 7616 3.3: no algorithm means MD5.
std::optional<DigestAlgorithm> named_algorithm(std::string_view name) {
    if (name.empty() || equal_nocase(name, "MD5")) return DigestAlgorithm::md5;
    if (equal_nocase(name, "SHA-256")) return DigestAlgorithm::sha256;
    return std::nullopt;
}

/// RFC 3261 22.4: the URI of the credentials is the Request-URI. Parameters may differ: phones
/// leave them out.
bool is_for(const Message& request, std::string_view uri) {
    if (uri == request.request_uri_text()) return true;
    const auto parsed = parse_uri(uri);
    const Uri& wanted = request.request_uri();
    return parsed && parsed->user == wanted.user && equal_nocase(parsed->host, wanted.host);
}

struct Read {
    DigestAlgorithm algorithm{};
    std::uint32_t nc = 0;
};
std::optional<Read> read(const Digest& digest, const Message& request) {
    const auto algorithm = named_algorithm(digest.algorithm);
    const auto nc = hex_number(digest.nc);
    const bool good = algorithm && nc && *nc != 0 && digest.nc.size() == 8 &&
                      equal_nocase(digest.qop, "auth") && !digest.cnonce.empty() &&
                      !digest.username.empty() && is_for(request, digest.uri);
    if (!good) return std::nullopt;
    return Read{*algorithm, static_cast<std::uint32_t>(*nc)};
}

Instant issued_at(std::string_view nonce) {
    const auto count = hex_number(nonce.substr(0, instant_digits)).value_or(0);
    return Instant{Micros{static_cast<std::int64_t>(count)}};
}

std::string lower(std::string_view text) {
    std::string out{text};
    std::ranges::transform(out, out.begin(), to_lower);
    return out;
}

}  // namespace

DigestServer::DigestServer(DigestServerSettings settings, Random& random)
    : settings_{std::move(settings)},
      random_{random},
      nobody_{digest_secret("nobody", settings_.realm, random_token(random))},
      windows_{HashKey::drawn_from(random)} {
    opaque_ = mac_of("opaque", {}).substr(0, 16);
}

std::string DigestServer::mac_of(std::string_view text, const IpAddress& peer) const {
    std::string input = fmt::format("{}\n{}\n{}", text, settings_.realm, text_of(peer).view());
    std::array<std::uint8_t, EVP_MAX_MD_SIZE> bytes{};
    unsigned size = 0;
    const auto* made = HMAC(EVP_sha256(),
                            settings_.secret.data(),
                            static_cast<int>(settings_.secret.size()),
                            reinterpret_cast<const std::uint8_t*>(input.data()),
                            input.size(),
                            bytes.data(),
                            &size);
    ensure(made != nullptr, "OpenSSL makes a MAC");
    return hex_text({bytes.data(), mac_digits / 2});
}

bool DigestServer::is_fresh(std::string_view nonce, const IpAddress& peer, Instant now) const {
    if (nonce.size() != open_digits + mac_digits) return false;
    const auto open = nonce.substr(0, open_digits);
    if (!same_secret_text(mac_of(open, peer), nonce.substr(open_digits))) return false;
    const auto start = hex_number(open.substr(instant_digits, start_digits));
    const Instant issued = issued_at(nonce);
    return start == settings_.start && issued <= now && now - issued <= settings_.nonce_life;
}

void DigestServer::challenge(
    std::vector<ExtraHeader>& out, const IpAddress& peer, Instant now, bool stale, Header header) {
    const auto open = fmt::format("{:016x}{:08x}{:016x}",
                                  static_cast<std::uint64_t>(now.time_since_epoch().count()),
                                  settings_.start,
                                  random_.u64());
    const std::string nonce = open + mac_of(open, peer);
    for (const std::string_view algorithm : {"SHA-256", "MD5"}) {
        if (algorithm != "MD5" && !settings_.offers_sha256) continue;
        out.push_back({header,
                       fmt::format("Digest realm=\"{}\", nonce=\"{}\", opaque=\"{}\", "
                                   "algorithm={}, qop=\"auth\"{}",
                                   settings_.realm,
                                   nonce,
                                   opaque_,
                                   algorithm,
                                   stale ? ", stale=true" : "")});
    }
}

std::optional<Digest> DigestServer::credentials(const Message& request, Header header) const {
    for (const std::string_view value : request.values(header)) {
        const auto digest = parse_digest(value);
        if (digest && digest->realm == settings_.realm) return *digest;
    }
    return std::nullopt;
}

Verdict DigestServer::check(const Message& request,
                            const DigestSecret* secret,
                            const IpAddress& peer,
                            Instant now,
                            Header header) {
    const auto digest = credentials(request, header);
    if (!digest) {
        const auto value = request.first(header);
        return value && !parse_digest(*value) ? Verdict::malformed : Verdict::no_credentials;
    }
    const auto given = read(*digest, request);
    if (!given) return Verdict::malformed;
    const DigestSecret& known = secret != nullptr ? *secret : nobody_;
    const std::string right = digest_response(given->algorithm,
                                              {known.of(given->algorithm),
                                               digest->nonce,
                                               digest->nc,
                                               digest->cnonce,
                                               request.method_text(),
                                               digest->uri});
    const bool fresh = is_fresh(digest->nonce, peer, now);
    const bool same = same_secret_text(right, lower(digest->response));
    if (!same || secret == nullptr) return Verdict::wrong;
    if (!fresh || (!digest->opaque.empty() && digest->opaque != opaque_)) return Verdict::stale;
    switch (windows_.use(digest->nonce, digest->username, issued_at(digest->nonce), given->nc)) {
        case NonceWindows::Use::first:
            return Verdict::ok;
        case NonceWindows::Use::repeated:
            return Verdict::replayed;
        case NonceWindows::Use::unknown:
            return Verdict::stale;
    }
    return Verdict::wrong;
}

}  // namespace holdfast::sip
