#include "sip/crypto_attribute.hpp"

#include "base/ascii.hpp"
#include "sip/grammar.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

namespace holdfast::sip {
namespace {

using grammar::Cursor;

constexpr std::string_view inline_key = "inline:";
constexpr std::size_t key_letters = srtp_key_bytes / 3 * 4;
constexpr std::uint32_t most_tag = 999'999'999;  // RFC 4568 9.1: up to nine digits

std::string_view next_word(Cursor& at) {
    at.skip_blanks();
    if (const auto word = at.until(' ')) return *word;
    const auto word = at.rest();
    at.skip(word.size());
    return word;
}

std::optional<SrtpSuite> suite_named(std::string_view name) {
    for (const auto suite :
         {SrtpSuite::aes_cm_128_hmac_sha1_80, SrtpSuite::aes_cm_128_hmac_sha1_32})
        if (text_of(suite) == name) return suite;
    return std::nullopt;
}

/// RFC 4568 6.1: one key, perhaps with a lifetime. Ours are used for one call alone, which is far
/// shorter. An MKI, known by its colon, would have to stand in every packet.
std::optional<std::string_view> single_key(std::string_view parameters) {
    if (parameters.find(';') != parameters.npos) return std::nullopt;
    const auto key = parameters.substr(0, parameters.find('|'));
    const auto more = parameters.substr(key.size());
    if (more.find(':') != more.npos || !crypto_key(key)) return std::nullopt;
    return key;
}

/// RFC 4568 6.3: what changes the packets must be understood; a hint about the replay window, a
/// key derivation rate of none, and what a minus makes optional may be passed over.
bool may_pass_over(std::string_view parameter) {
    return parameter.starts_with('-') || parameter.starts_with("WSH=") || parameter == "KDR=0";
}

}  // namespace

std::optional<CryptoAttribute> parse_crypto(std::string_view value) {
    Cursor at{grammar::trimmed(value)};
    CryptoAttribute out;
    const auto tag = grammar::number(next_word(at), most_tag);
    const auto suite = suite_named(next_word(at));
    const auto key = single_key(next_word(at));
    if (!tag || !suite || !key) return std::nullopt;
    while (!at.done())
        if (const auto parameter = next_word(at); !parameter.empty() && !may_pass_over(parameter))
            return std::nullopt;
    out.tag = *tag;
    out.suite = *suite;
    out.key = *key;
    return out;
}

std::string crypto_text(const SrtpKey& key) {
    std::array<unsigned char, key_letters + 1> letters{};
    EVP_EncodeBlock(letters.data(), key.data(), static_cast<int>(key.size()));
    std::string out{inline_key};
    out.append(letters.begin(), letters.end() - 1);
    return out;
}

std::optional<SrtpKey> crypto_key(std::string_view text) {
    if (!text.starts_with(inline_key)) return std::nullopt;
    text.remove_prefix(inline_key.size());
    // 30 octets fill their letters, so that there is no padding.
    const auto is_letter = [](char c) {
        return is_alpha(c) || is_digit(c) || c == '+' || c == '/';
    };
    if (text.size() != key_letters || !std::ranges::all_of(text, is_letter)) return std::nullopt;
    SrtpKey key{};
    const std::string letters{text};
    const auto* const from = reinterpret_cast<const unsigned char*>(letters.data());
    const int size = EVP_DecodeBlock(key.data(), from, static_cast<int>(letters.size()));
    return size == static_cast<int>(key.size()) ? std::optional{key} : std::nullopt;
}

}  // namespace holdfast::sip
