#include "host/daemon/places.hpp"

#include "host/io/service.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <optional>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>

namespace holdfast::host {
namespace {

constexpr std::size_t secret_bytes = 32;
constexpr std::size_t most_file_bytes = 256;
/// So many lives after one write to the disk.
constexpr std::uint64_t boots_ahead = 1000;

std::string reason() {
    return std::generic_category().message(errno);
}

std::optional<std::string> read_small_file(const std::string& path) {
    const Fd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!file) return std::nullopt;
    std::string bytes(most_file_bytes, '\0');
    const auto got = ::read(file.get(), bytes.data(), bytes.size());
    if (got < 0) return std::nullopt;
    bytes.resize(static_cast<std::size_t>(got));
    return bytes;
}

/// Whole or not at all, where `synced` also when the power goes: written beside, synced, renamed.
bool write_small_file(const std::string& path, std::string_view bytes, bool synced = true) {
    const std::string beside = path + ".new";
    {
        const Fd file{::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)};
        if (!file) return false;
        if (::write(file.get(), bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()))
            return false;
        if (synced && ::fsync(file.get()) != 0) return false;
    }
    return ::rename(beside.c_str(), path.c_str()) == 0;
}

std::expected<void, std::string> make_directory(const std::string& path, const char* key) {
    std::error_code fault;
    std::filesystem::create_directories(path, fault);
    if (fault || ::access(path.c_str(), W_OK | X_OK) != 0)
        return std::unexpected{fmt::format(
            "cannot write into {} ({}): make the directory, give it to the user of holdfastd, or "
            "set another one in [site] {}",
            path,
            fault ? fault.message() : reason(),
            key)};
    return {};
}

std::expected<Fd, std::string> lock_directory(const std::string& path) {
    const std::string file = path + "/lock";
    Fd lock{::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
    if (!lock) return std::unexpected{fmt::format("cannot make {}: {}", file, reason())};
    if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0)
        return std::unexpected{fmt::format(
            "another holdfastd works in {}: stop it, or set another directory in [site] state",
            path)};
    return lock;
}

std::expected<std::string, std::string> secret_at(const std::string& path) {
    if (auto secret = read_small_file(path); secret && secret->size() == secret_bytes)
        return *std::move(secret);
    const Seed seed = kernel_seed();
    static_assert(sizeof(seed) == secret_bytes);
    std::string secret(secret_bytes, '\0');
    std::memcpy(secret.data(), seed.data(), secret_bytes);
    if (!write_small_file(path, secret))
        return std::unexpected{fmt::format("cannot write {}: {}", path, reason())};
    return secret;
}

std::uint64_t number_in(const std::string& path) {
    std::uint64_t number = 0;
    for (const char c : read_small_file(path).value_or(""))
        if (c >= '0' && c <= '9') number = number * 10 + static_cast<std::uint64_t>(c - '0');
    return number;
}

/// A life after a crash must not wait for a disk that is slow just then. So the number on disk is
/// one up to which all may have been used, and the last one used lies in memory.
std::expected<std::uint64_t, std::string> next_boot(const std::string& state,
                                                    const std::string& runtime) {
    const auto used_up = number_in(state + "/boots"), last = number_in(runtime + "/boots");
    const bool reserved = last > 0 && last < used_up;
    const auto boot = (reserved ? last : std::max(used_up, last)) + 1;
    const auto write = [](const std::string& folder, std::uint64_t number, bool synced) {
        return write_small_file(folder + "/boots", fmt::format("{}\n", number), synced);
    };
    if (!reserved && !write(state, boot + boots_ahead, true))
        return std::unexpected{fmt::format("cannot write {}/boots: {}", state, reason())};
    if (!write(runtime, boot, false))
        return std::unexpected{fmt::format("cannot write {}/boots: {}", runtime, reason())};
    return boot;
}

}  // namespace

Places places_of(const settings::HostSettings& s) {
    return {s.state + "/ledger.db",
            s.state + "/spill",
            s.state + "/black-box",
            s.runtime + "/journal",
            s.runtime + "/control",
            s.runtime + "/media",
            s.runtime + "/black-box-ring"};
}

std::expected<Identity, std::string> enter(const settings::HostSettings& settings) {
    if (auto made = make_directory(settings.state, "state"); !made)
        return std::unexpected{made.error()};
    if (auto made = make_directory(settings.runtime, "runtime"); !made)
        return std::unexpected{made.error()};
    auto lock = lock_directory(settings.state);
    if (!lock) return std::unexpected{lock.error()};
    auto secret = secret_at(settings.state + "/nonce-secret");
    if (!secret) return std::unexpected{secret.error()};
    auto boot = next_boot(settings.state, settings.runtime);
    if (!boot) return std::unexpected{boot.error()};
    return Identity{*std::move(secret), *boot, *std::move(lock)};
}

}  // namespace holdfast::host
