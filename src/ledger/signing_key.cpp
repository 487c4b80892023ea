#include "ledger/signing_key.hpp"

#include "base/ensure.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace holdfast::ledger {
namespace {

/// A PEM file of an Ed25519 key has 119 bytes; comments may stand in front.
constexpr std::size_t most_bytes = 4096;

struct FreeContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;
struct FreeBio {
    void operator()(BIO* bio) const { BIO_free(bio); }
};
using Bio = std::unique_ptr<BIO, FreeBio>;

/// Closes the descriptor at the end of the block.
struct File {
    int number;
    explicit File(int n) : number{n} {}
    ~File() {
        if (number >= 0) ::close(number);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
};

EVP_PKEY* pkey(void* pointer) {
    return static_cast<EVP_PKEY*>(pointer);
}
const unsigned char* bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string why(const std::string& path, const char* what) {
    return fmt::format("the key {} cannot be {}: {}; the ledger is written, but not sealed",
                       path,
                       what,
                       std::generic_category().message(errno));
}

/// In its own file first, so that a power cut leaves a whole key or none; never over another one.
bool put(const std::string& path, std::string_view pem) {
    const std::string new_path = path + ".new";
    ::unlink(new_path.c_str());
    const File file{::open(new_path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
    if (file.number < 0) return false;
    const auto put = ::write(file.number, pem.data(), pem.size());
    if (put != static_cast<ssize_t>(pem.size()) || ::fsync(file.number) != 0) return false;
    const bool named = ::link(new_path.c_str(), path.c_str()) == 0 || errno == EEXIST;
    ::unlink(new_path.c_str());
    if (!named) return false;
    const auto folder = std::filesystem::absolute(path).parent_path();
    const File opened{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    return opened.number >= 0 && ::fsync(opened.number) == 0;
}

}  // namespace

void SigningKey::Free::operator()(void* key) const {
    EVP_PKEY_free(pkey(key));
}

std::expected<SigningKey, std::string> SigningKey::load_or_make(const std::string& path) {
    for (int attempt = 0;; ++attempt) {
        const File file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
        if (file.number >= 0) return read(path, file.number);
        if (errno != ENOENT || attempt > 0) return std::unexpected{why(path, "read")};
        if (auto made = make(path); !made) return std::unexpected{std::move(made.error())};
    }
}

std::expected<SigningKey, std::string> SigningKey::read(const std::string& path, int file) {
    struct stat found{};
    if (::fstat(file, &found) != 0) return std::unexpected{why(path, "read")};
    if ((found.st_mode & 077) != 0)
        return std::unexpected{fmt::format(
            "the key {} may be read by others: chmod 600 it; until then the ledger is not sealed",
            path)};
    std::string pem(most_bytes, '\0');
    const auto got = ::read(file, pem.data(), pem.size());
    if (got < 0) return std::unexpected{why(path, "read")};
    const Bio bio{BIO_new_mem_buf(pem.data(), static_cast<int>(got))};
    SigningKey key{Key{PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr)}};
    std::size_t size = key.public_key_.size();
    const bool good =
        key.key_ != nullptr && EVP_PKEY_get_id(pkey(key.key_.get())) == EVP_PKEY_ED25519 &&
        EVP_PKEY_get_raw_public_key(pkey(key.key_.get()), key.public_key_.data(), &size) == 1;
    if (!good)
        return std::unexpected{fmt::format(
            "the key {} is no Ed25519 key in PEM: put the old one back, or move it away so that a "
            "new one is made; until then the ledger is not sealed",
            path)};
    return key;
}

std::expected<void, std::string> SigningKey::make(const std::string& path) {
    const Key key{EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")};
    const Bio bio{BIO_new(BIO_s_mem())};
    const bool good = key && bio &&
                      PEM_write_bio_PrivateKey(
                          bio.get(), pkey(key.get()), nullptr, nullptr, 0, nullptr, nullptr) == 1;
    ensure(good, "OpenSSL cannot make a key");
    char* pem = nullptr;
    const auto size = BIO_get_mem_data(bio.get(), &pem);
    if (put(path, {pem, static_cast<std::size_t>(size)})) return {};
    return std::unexpected{why(path, "made")};
}

Signature SigningKey::sign(std::string_view message) const {
    const Context context{EVP_MD_CTX_new()};
    Signature signature{};
    std::size_t size = signature.size();
    const bool good =
        context &&
        EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, pkey(key_.get())) == 1 &&
        EVP_DigestSign(context.get(), signature.data(), &size, bytes(message), message.size()) == 1;
    ensure(good && size == signature.size(), "OpenSSL cannot sign");
    return signature;
}

bool holds(std::string_view public_key, std::string_view message, std::string_view signature) {
    EVP_PKEY* const key = EVP_PKEY_new_raw_public_key(
        EVP_PKEY_ED25519, nullptr, bytes(public_key), public_key.size());
    const Context context{EVP_MD_CTX_new()};
    const bool good =
        key != nullptr && context &&
        EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key) == 1 &&
        EVP_DigestVerify(
            context.get(), bytes(signature), signature.size(), bytes(message), message.size()) == 1;
    EVP_PKEY_free(key);
    return good;
}

std::string key_path_of(const std::string& path) {
    return (std::filesystem::path{path}.parent_path() / "ledger-key.pem").string();
}

}  // namespace holdfast::ledger
