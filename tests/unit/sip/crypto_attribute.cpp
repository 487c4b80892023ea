#include "sip/crypto_attribute.hpp"

#include "sip/negotiation.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace holdfast;
using namespace holdfast::sip;

namespace {

// Key and salt of 30 octets as 40 letters, as RFC 4568 6.1 writes them.
const std::string key = "inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz";
const std::string other_key = "inline:PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR";

std::string line_of(const std::string& parameters, const std::string& more = {}) {
    return "1 AES_CM_128_HMAC_SHA1_80 " + parameters + more;
}

LocalMedia secure_phone(bool insists = false) {
    LocalMedia local;
    local.rtp = {IpAddress::v4(192, 0, 2, 1), 30'000};
    static_cast<void>(local.codecs.push_back(Codec::pcma));
    local.srtp = {.offers = true, .answers = true, .insists = insists, .keys = {key, other_key}};
    return local;
}

std::string offer_of(const std::string& profile, const std::string& attributes) {
    return "v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\n"
           "m=audio 4000 " +
           profile + " 8\r\n" + attributes;
}

}  // namespace

TEST_CASE("a=crypto: what is served, and what is not", "[sip][srtp]") {
    struct Row {
        std::string value;
        bool served;
    };
    const Row row = GENERATE(values<Row>({
        {line_of(key), true},
        {"12 AES_CM_128_HMAC_SHA1_32 " + key, true},
        {line_of(key, "|2^20"), true},           // RFC 4568 6.1: a lifetime
        {line_of(key, "|1048576"), true},        //
        {line_of(key, "|2^20|1:4"), false},      // an MKI
        {line_of(key, ";" + other_key), false},  // several keys need an MKI
        {line_of(key, " WSH=128 KDR=0 -XYZ"), true},
        {line_of(key, " UNENCRYPTED_SRTP"), false},  // RFC 4568 6.3.2
        {line_of(key, " KDR=24"), false},
        {"1 F8_128_HMAC_SHA1_80 " + key, false},
        {"x AES_CM_128_HMAC_SHA1_80 " + key, false},
        {line_of("inline:" + std::string(39, 'A')), false},
        {line_of("inline:" + std::string(38, 'A') + "=="), false},
        {line_of("uri:" + std::string(40, 'A')), false},
        {"1", false},
        {"", false},
    }));
    CAPTURE(row.value);
    CHECK(parse_crypto(row.value).has_value() == row.served);
}

TEST_CASE("a=crypto: a key and its text", "[sip][srtp]") {
    const auto octets = crypto_key(key);
    REQUIRE(octets);
    CHECK((*octets)[0] == 'Y');
    CHECK(crypto_text(*octets) == key);
    CHECK_FALSE(crypto_key("WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz"));
    const auto line = "7 AES_CM_128_HMAC_SHA1_32 " + other_key + "|2^31";
    const auto parsed = parse_crypto(line);
    REQUIRE(parsed);
    CHECK(parsed->tag == 7);
    CHECK(parsed->suite == SrtpSuite::aes_cm_128_hmac_sha1_32);
    CHECK(parsed->key == other_key);
}

// RFC 4568 5.1: the offer lists suites, each with a key of its own; the answer takes one line and
// repeats its tag.
TEST_CASE("srtp: offer and answer", "[sip][srtp]") {
    const auto offer = print_offer(secure_phone());
    CHECK(offer.find("m=audio 30000 RTP/SAVP 8") != offer.npos);
    CHECK(offer.find("a=crypto:1 AES_CM_128_HMAC_SHA1_80 " + key) != offer.npos);
    CHECK(offer.find("a=crypto:2 AES_CM_128_HMAC_SHA1_32 " + other_key) != offer.npos);

    const auto read = sdp::parse(offer);
    REQUIRE(read);
    auto phone = secure_phone();
    std::swap(phone.srtp.keys[0], phone.srtp.keys[1]);
    const auto answer = answer_to(*read, phone);
    REQUIRE(answer);
    CHECK(answer->text.find("RTP/SAVP 8") != answer->text.npos);
    CHECK(answer->text.find("a=crypto:1 AES_CM_128_HMAC_SHA1_80 " + other_key) !=
          answer->text.npos);
    CHECK(answer->text.find("a=crypto:2") == answer->text.npos);
    CHECK(answer->agreed.srtp == AgreedSrtp{SrtpSuite::aes_cm_128_hmac_sha1_80, key});

    const auto agreed = agreed_from(sdp::parse(answer->text).value(), secure_phone());
    REQUIRE(agreed);
    CHECK(agreed->srtp == AgreedSrtp{SrtpSuite::aes_cm_128_hmac_sha1_80, other_key});
}

TEST_CASE("srtp: which offers are answered", "[sip][srtp]") {
    const std::string crypto = "a=crypto:3 AES_CM_128_HMAC_SHA1_32 " + key + "\r\n";
    struct Row {
        const char* what;
        std::string offer;
        bool answers, insists, answered, secure;
    };
    const Row row = GENERATE_COPY(values<Row>({
        {"plain to plain", offer_of("RTP/AVP", ""), false, false, true, false},
        {"plain to one who may", offer_of("RTP/AVP", ""), true, false, true, false},
        {"plain to one who insists", offer_of("RTP/AVP", ""), true, true, false, false},
        {"keys without SAVP say nothing", offer_of("RTP/AVP", crypto), true, false, true, false},
        {"secure to plain", offer_of("RTP/SAVP", crypto), false, false, false, false},
        {"secure", offer_of("RTP/SAVP", crypto), true, true, true, true},
        {"secure without a key", offer_of("RTP/SAVP", ""), true, false, false, false},
        {"feedback", offer_of("RTP/SAVPF", crypto), true, false, false, false},
    }));
    CAPTURE(row.what);
    auto local = secure_phone(row.insists);
    local.srtp.answers = row.answers;
    const auto answer = answer_to(sdp::parse(row.offer).value(), local);
    REQUIRE(answer.has_value() == row.answered);
    if (!answer) {
        CHECK(answer.error() == Fault::no_audio);
        return;
    }
    CHECK(answer->agreed.srtp.has_value() == row.secure);
    CHECK((answer->text.find("a=crypto:3 AES_CM_128_HMAC_SHA1_32 " + other_key) !=
           answer->text.npos) == row.secure);
}

TEST_CASE("srtp: which answers to an offer of ours can be used", "[sip][srtp]") {
    const auto usable = [](const std::string& profile, const std::string& crypto) {
        const auto text = offer_of(profile, crypto);
        return agreed_from(sdp::parse(text).value(), secure_phone()).has_value();
    };
    CHECK(usable("RTP/SAVP", "a=crypto:2 AES_CM_128_HMAC_SHA1_32 " + key + "\r\n"));
    CHECK_FALSE(usable("RTP/SAVP", "a=crypto:2 AES_CM_128_HMAC_SHA1_80 " + key + "\r\n"));
    CHECK_FALSE(usable("RTP/SAVP", "a=crypto:3 AES_CM_128_HMAC_SHA1_80 " + key + "\r\n"));
    CHECK_FALSE(usable("RTP/SAVP", ""));
    CHECK_FALSE(usable("RTP/AVP", ""));
}
