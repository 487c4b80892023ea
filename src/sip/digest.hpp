// sip/digest.hpp: digest authentication (RFC 3261 22, RFC 7616, RFC 8760), both sides. MD5 and
// SHA-256, qop=auth.
#pragma once
#include "base/address.hpp"
#include "base/random.hpp"
#include "base/time.hpp"
#include "sip/message.hpp"
#include "sip/nonce_windows.hpp"
#include "sip/orders.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::sip {

enum class DigestAlgorithm : std::uint8_t { sha256, md5 };  ///< The better one first.

/// H(user:realm:password) by either algorithm in hexadecimal: a password need not be kept.
struct DigestSecret {
    std::string sha256, md5;
    const std::string& of(DigestAlgorithm algorithm) const {
        return algorithm == DigestAlgorithm::sha256 ? sha256 : md5;
    }
};
DigestSecret digest_secret(std::string_view user,
                           std::string_view realm,
                           std::string_view password);

/// What the response is computed of (RFC 7616 3.4.1), with qop=auth; an empty `nc` means no qop.
struct DigestInput {
    std::string_view secret;  ///< Of the same algorithm.
    std::string_view nonce, nc, cnonce, method, uri;
};
std::string digest_response(DigestAlgorithm algorithm, const DigestInput& input);

// ---- The side that asks. ------------------------------------------------------------------------

enum class Verdict : std::uint8_t {
    ok,
    no_credentials,  ///< None for our realm. Ask.
    malformed,  ///< Not to be read, another algorithm or URI, no qop. Ask; counts as an attack.
    wrong,      ///< Unknown user or wrong password: nothing tells which.
    stale,      ///< Right, but the nonce is old, of an earlier start or of another address. Ask
                ///< with stale=true; no attack.
    replayed    ///< Right, but nonce and count were used before. Ask with stale=true.
};

struct DigestServerSettings {
    std::string realm;
    std::array<std::uint8_t, 32> secret{};  ///< Kept over restarts.
    std::uint32_t start = 0;                ///< Another one at each start of the daemon.
    Micros nonce_life = 300s;
    /// Some phones (baresip 1.0 among them) give up at a challenge with an algorithm they lack,
    /// instead of taking the next (RFC 8760 2.4). What is answered with SHA-256 is always checked.
    bool offers_sha256 = true;
};

/// Gives out nonces that it can recognise without remembering them: instant and start, a random
/// number and a MAC over these and the peer's address. Remembers counts of nonces that were used.
class DigestServer {
public:
    DigestServer(DigestServerSettings settings, Random& random);

    /// Appends one challenge per algorithm (RFC 8760 2.3), as WWW-Authenticate for 401 or
    /// Proxy-Authenticate for 407.
    void challenge(std::vector<ExtraHeader>& out,
                   const IpAddress& peer,
                   Instant now,
                   bool stale = false,
                   Header header = Header::www_authenticate);

    /// The credentials for our realm in Authorization or Proxy-Authorization. Who they claim to be
    /// is looked up by the caller.
    std::optional<Digest> credentials(const Message& request,
                                      Header header = Header::authorization) const;

    /// Judges `request`. `secret` is that of the claimed user, or null: the work is the same.
    Verdict check(const Message& request,
                  const DigestSecret* secret,
                  const IpAddress& peer,
                  Instant now,
                  Header header = Header::authorization);

    const std::string& realm() const { return settings_.realm; }

private:
    std::string mac_of(std::string_view text, const IpAddress& peer) const;
    bool is_fresh(std::string_view nonce, const IpAddress& peer, Instant now) const;

    DigestServerSettings settings_;
    Random& random_;
    DigestSecret nobody_;  // so that an unknown user costs what a known one does
    std::string opaque_;
    NonceWindows windows_;
};

// ---- The side that is asked. --------------------------------------------------------------------

/// How often each of the last nonces given to us was used, over all requests (RFC 7616 3.4, nc).
class NonceCounts {
public:
    std::uint32_t next(std::string_view nonce);

private:
    struct Entry {
        std::string nonce;
        std::uint32_t count = 0;
    };
    std::array<Entry, 64> entries_;
    std::size_t oldest_ = 0;
};

/// The credentials that answer the first challenge of a 401 or 407 that is for `credentials.realm`
/// and that we can compute. Nothing where there is none, and where `request` already bore
/// credentials for it, unless it says that only their nonce was stale (RFC 7616 3.4).
std::optional<ExtraHeader> answer_challenge(const Message& response,
                                            const Message& request,
                                            const Credentials& credentials,
                                            NonceCounts& counts,
                                            Random& random);

}  // namespace holdfast::sip
