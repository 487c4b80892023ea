// The asking side of digest authentication: RFC 7616 3.4 to 3.6, RFC 8760, RFC 3261 22.4.
#include "sip/digest.hpp"
#include "unit/sip/agent.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::sip;
using namespace holdfast::sip::test;

namespace {

const IpAddress phone = IpAddress::v4(192, 0, 2, 21);
const Instant then{1000s};

DigestServerSettings realm_settings(std::uint32_t start = 1) {
    DigestServerSettings settings;
    settings.realm = "acd.example.net";
    settings.secret.fill(7);
    settings.start = start;
    return settings;
}

/// A phone that registers at a server.
struct Login {
    Random random = Random::from(5);
    DigestServer server{realm_settings(), random};
    DigestSecret secret = digest_secret("2101", "acd.example.net", "kitten");
    Credentials own{"2101", "kitten", "acd.example.net"};
    NonceCounts counts;
    Peer peer;
    std::string bytes;  // what the last message is read from

    /// The request with the answer to a fresh challenge.
    std::string answered(Instant at = then, bool md5_only = false) {
        std::vector<ExtraHeader> asked;
        server.challenge(asked, phone, at);
        if (md5_only) asked.erase(asked.begin());
        const auto plain = peer.request("REGISTER");
        std::string fields;
        for (const auto& header : asked)
            fields += "WWW-Authenticate: " + header.value + "\r\n";
        const auto response = peer.response(plain, 401, fields);
        Message request, challenge;
        REQUIRE(request.read(plain));
        REQUIRE(challenge.read(response));
        const auto answer = answer_challenge(challenge, request, own, counts, random);
        REQUIRE(answer);
        ++peer.cseq;
        return peer.request("REGISTER", "Authorization: " + answer->value + "\r\n");
    }
    Verdict judge(const std::string& request,
                  bool known = true,
                  const IpAddress& from = phone,
                  Instant at = then) {
        bytes = request;
        Message message;
        REQUIRE(message.read(bytes));
        return server.check(message, known ? &secret : nullptr, from, at);
    }
};

std::string replaced(std::string text, std::string_view what, std::string_view by) {
    const auto at = text.find(what);
    REQUIRE(at != text.npos);
    return text.replace(at, what.size(), by);
}

}  // namespace

TEST_CASE("the better algorithm is offered first, both with one nonce (RFC 8760 2.3)", "[sip]") {
    Login login;
    std::vector<ExtraHeader> asked;
    login.server.challenge(asked, phone, then);
    REQUIRE(asked.size() == 2);
    const auto first = parse_digest(asked[0].value), second = parse_digest(asked[1].value);
    REQUIRE((first && second));
    CHECK(first->algorithm == "SHA-256");
    CHECK(second->algorithm == "MD5");
    CHECK(first->nonce == second->nonce);
    CHECK(first->qop == "auth");
    CHECK_FALSE(first->stale);
    CHECK(!first->opaque.empty());
    asked.clear();
    login.server.challenge(asked, phone, then, true, Header::proxy_authenticate);
    CHECK(parse_digest(asked[0].value)->stale);
    CHECK(asked[0].name == Header::proxy_authenticate);
}

TEST_CASE("right credentials are accepted by either algorithm", "[sip]") {
    Login login;
    const bool md5 = GENERATE(true, false);
    const auto request = login.answered(then, md5);
    CHECK((header(request, Header::authorization).find("algorithm=MD5") != std::string::npos) ==
          md5);
    CHECK(login.judge(request) == Verdict::ok);
}

TEST_CASE("unknown user and wrong password are the same", "[sip]") {
    Login login;
    CHECK(login.judge(login.answered(), false) == Verdict::wrong);
    login.own.password = "puppy";
    CHECK(login.judge(login.answered()) == Verdict::wrong);
}

TEST_CASE("no credentials, or for another realm", "[sip]") {
    Login login;
    CHECK(login.judge(login.peer.request("REGISTER")) == Verdict::no_credentials);
    const auto other = replaced(login.answered(), "realm=\"acd.example.net\"", "realm=\"x\"");
    CHECK(login.judge(other) == Verdict::no_credentials);
}

TEST_CASE("what cannot be judged is malformed", "[sip]") {
    Login login;
    const auto good = login.answered();
    CHECK(login.judge(replaced(good, "qop=auth", "qop=auth-int")) == Verdict::malformed);
    CHECK(login.judge(replaced(good, "qop=auth, ", "")) == Verdict::malformed);
    CHECK(login.judge(replaced(good, "algorithm=SHA-256", "algorithm=SHA-512")) ==
          Verdict::malformed);
    CHECK(login.judge(replaced(good, "nc=00000001", "nc=00000000")) == Verdict::malformed);
    CHECK(login.judge(replaced(good, "nc=00000001", "nc=1")) == Verdict::malformed);
    CHECK(login.judge(replaced(good, "uri=\"sip:q", "uri=\"sip:x")) == Verdict::malformed);
    CHECK(login.judge(replaced(good, "Digest username", "Basic username")) == Verdict::malformed);
    CHECK(login.judge(good) == Verdict::ok);
}

TEST_CASE("a changed method or response is wrong", "[sip]") {
    Login login;
    auto good = login.answered();
    const auto at = good.find("response=\"") + 10;
    good[at] = good[at] == '0' ? '1' : '0';
    CHECK(login.judge(good) == Verdict::wrong);
    good = login.answered();
    good = replaced(replaced(good, "REGISTER sip", "OPTIONS sip"), " REGISTER\r\n", " OPTIONS\r\n");
    CHECK(login.judge(good) == Verdict::wrong);
}

TEST_CASE("a count is used once; a few may come out of order (RFC 7616 3.4)", "[sip]") {
    Login login;
    const auto good = login.answered();
    CHECK(login.judge(good) == Verdict::ok);
    CHECK(login.judge(good) == Verdict::replayed);
}

TEST_CASE("old nonces, and those of an earlier start or another address, are stale", "[sip]") {
    Login login;
    const auto good = login.answered();
    CHECK(login.judge(good, true, phone, then + 301s) == Verdict::stale);
    CHECK(login.judge(good, true, IpAddress::v4(192, 0, 2, 99)) == Verdict::stale);
    CHECK(login.judge(good, true, phone, then - 1s) == Verdict::stale);  // from the future
    DigestServer later{realm_settings(2), login.random};
    Message message;
    REQUIRE(message.read(good));
    CHECK(later.check(message, &login.secret, phone, then) == Verdict::stale);
    // A wrong password is no better for an old nonce.
    login.own.password = "puppy";
    CHECK(login.judge(login.answered(), true, phone, then + 301s) == Verdict::wrong);
}

TEST_CASE("a nonce that we never gave out is not believed", "[sip]") {
    Login login;
    // The digest over a made-up nonce is right, so the password is known: ask again.
    const auto plain = login.peer.request("REGISTER");
    const auto response = login.peer.response(
        plain,
        401,
        "WWW-Authenticate: Digest realm=\"acd.example.net\", nonce=\"00\", qop=\"auth\"\r\n");
    Message request, challenge;
    REQUIRE(request.read(plain));
    REQUIRE(challenge.read(response));
    const auto answer = answer_challenge(challenge, request, login.own, login.counts, login.random);
    REQUIRE(answer);
    CHECK(login.judge(login.peer.request("REGISTER", "Authorization: " + answer->value + "\r\n")) ==
          Verdict::stale);
}
