#include "base/ascii.hpp"
#include "sip/digest.hpp"
#include "sip/token.hpp"

#include <fmt/format.h>

#include <iterator>

namespace holdfast::sip {
namespace {

struct Algorithm {
    std::string_view name;
    DigestAlgorithm value;
};
constexpr std::array<Algorithm, 2> algorithms{
    {{"SHA-256", DigestAlgorithm::sha256}, {"MD5", DigestAlgorithm::md5}}};

const Algorithm* algorithm_of(std::string_view name) {
    for (const auto& algorithm : algorithms)
        if (equal_nocase(name.empty() ? "MD5" : name, algorithm.name)) return &algorithm;
    return nullptr;
}

bool offers_auth(std::string_view qop) {
    while (!qop.empty()) {
        const auto comma = qop.find(',');
        if (equal_nocase(trim(qop.substr(0, comma)), "auth")) return true;
        qop = comma == qop.npos ? std::string_view{} : qop.substr(comma + 1);
    }
    return false;
}

/// RFC 8760 2.4: the topmost challenge that we can answer.
std::optional<Digest> usable_challenge(const Message& response,
                                       Header header,
                                       std::string_view realm) {
    for (const std::string_view value : response.values(header)) {
        const auto digest = parse_digest(value);
        if (digest && digest->realm == realm && algorithm_of(digest->algorithm) != nullptr &&
            (digest->qop.empty() || offers_auth(digest->qop)))
            return *digest;
    }
    return std::nullopt;
}

/// The nonce that the request already answered, in this realm.
std::optional<std::string_view> answered_nonce(const Message& request,
                                               Header header,
                                               std::string_view realm) {
    for (const std::string_view value : request.values(header)) {
        const auto digest = parse_digest(value);
        if (digest && digest->realm == realm) return digest->nonce;
    }
    return std::nullopt;
}

std::string print_credentials(const Digest& challenge,
                              const Algorithm& algorithm,
                              const Credentials& own,
                              std::string_view uri,
                              std::string_view response) {
    auto out = fmt::format(
        "Digest username=\"{}\", realm=\"{}\", nonce=\"{}\", uri=\"{}\", response=\"{}\"",
        own.user,
        challenge.realm,
        challenge.nonce,
        uri,
        response);
    if (!challenge.algorithm.empty())
        fmt::format_to(std::back_inserter(out), ", algorithm={}", algorithm.name);
    if (!challenge.opaque.empty())
        fmt::format_to(std::back_inserter(out), ", opaque=\"{}\"", challenge.opaque);
    return out;
}

}  // namespace

std::uint32_t NonceCounts::next(std::string_view nonce) {
    for (Entry& entry : entries_)
        if (entry.count != 0 && entry.nonce == nonce) return ++entry.count;
    Entry& entry = entries_[oldest_];
    oldest_ = (oldest_ + 1) % entries_.size();
    entry.nonce = nonce;
    return entry.count = 1;
}

std::optional<ExtraHeader> answer_challenge(const Message& response,
                                            const Message& request,
                                            const Credentials& credentials,
                                            NonceCounts& counts,
                                            Random& random) {
    if (credentials.realm.empty()) return std::nullopt;
    const bool by_proxy = response.status() == 407;
    const auto asked = by_proxy ? Header::proxy_authenticate : Header::www_authenticate;
    const auto answer = by_proxy ? Header::proxy_authorization : Header::authorization;
    const auto challenge = usable_challenge(response, asked, credentials.realm);
    if (!challenge) return std::nullopt;
    const auto before = answered_nonce(request, answer, credentials.realm);
    if (before && (!challenge->stale || *before == challenge->nonce)) return std::nullopt;

    const Algorithm& algorithm = *algorithm_of(challenge->algorithm);
    const auto secret = digest_secret(credentials.user, credentials.realm, credentials.password);
    const bool counted = !challenge->qop.empty();
    const auto nc = counted ? fmt::format("{:08x}", counts.next(challenge->nonce)) : std::string{};
    const auto cnonce = counted ? random_token(random, 2) : std::string{};
    const auto digest = digest_response(algorithm.value,
                                        {secret.of(algorithm.value),
                                         challenge->nonce,
                                         nc,
                                         cnonce,
                                         request.method_text(),
                                         request.request_uri_text()});
    auto value =
        print_credentials(*challenge, algorithm, credentials, request.request_uri_text(), digest);
    if (counted)
        fmt::format_to(std::back_inserter(value), ", qop=auth, nc={}, cnonce=\"{}\"", nc, cnonce);
    return ExtraHeader{answer, std::move(value)};
}

}  // namespace holdfast::sip
