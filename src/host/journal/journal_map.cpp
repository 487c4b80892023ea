#include "host/journal/journal_map.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <string_view>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace holdfast::host::journal {
namespace {

using Trouble = JournalMap::Trouble;
using Fault = JournalMap::Fault;

std::unexpected<Trouble> trouble(Fault fault, std::string text) {
    return std::unexpected{Trouble{fault, std::move(text)}};
}

std::unexpected<Trouble> refused(std::string_view what, const std::string& path, int error) {
    std::string text = "the journal " + path + " cannot be ";
    text += what;
    text += ": ";
    text += std::strerror(error);  // NOLINT(concurrency-mt-unsafe): glibc's is thread-safe
    if (error == ENOSPC) text += "; give its file system more room, or the journal less";
    if (error == ENOENT) text += "; make the directory, for the user holdfastd runs as";
    if (error == EACCES || error == EPERM) text += "; let the user holdfastd runs as write there";
    return trouble(error == ENOENT ? Fault::missing : Fault::other, std::move(text));
}

BootId this_boot() {
    BootId id{};
    const Fd file{::open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC)};
    if (!file || ::read(file.get(), id.data(), id.size()) < 0) id = {};
    return id;
}

std::uint32_t identity_crc(Identity identity) {
    identity.crc = 0;
    return crc_of(identity);
}

/// Whether the file under this name is the one that was opened and locked.
bool is_at(int file, const std::string& path) {
    struct stat opened{};
    struct stat found{};
    return ::fstat(file, &opened) == 0 && ::stat(path.c_str(), &found) == 0 &&
           opened.st_ino == found.st_ino && opened.st_dev == found.st_dev;
}

/// What is wrong with the file, if anything.
std::optional<Trouble> check(int file, const std::string& path) {
    const auto damaged = [&](const char* how) {
        return Trouble{Fault::damaged, "the journal " + path + " is " + how};
    };
    struct stat found{};
    std::array<std::uint8_t, sizeof(Identity)> bytes{};
    if (::fstat(file, &found) != 0 || !S_ISREG(found.st_mode)) return damaged("not a file");
    if (::pread(file, bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
        return damaged("too short");
    const auto identity = load<Identity>(bytes.data());
    if (identity.magic != magic) return damaged("no journal of Holdfast");
    if (identity.version != version) return damaged("of another version of Holdfast");
    if (identity.crc != identity_crc(identity)) return damaged("damaged at its beginning");
    const auto expected = control_bytes + 2 * identity.arena_bytes;
    if (static_cast<std::uint64_t>(found.st_size) != expected ||
        identity.arena_bytes < least_arena_bytes)
        return damaged("not as long as it says");
    if (identity.boot != this_boot())
        return Trouble{Fault::other_boot,
                       "the journal " + path +
                           " is from before the machine started: no call "
                           "of then can go on"};
    return std::nullopt;
}

std::string new_name(const std::string& path) {
    return path + ".new";
}

}  // namespace

std::expected<JournalMap, Trouble> JournalMap::open(const std::string& path) {
    Fd file{::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW)};
    if (!file) return refused("opened", path, errno);
    if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0 || !is_at(file.get(), path))
        return trouble(Fault::in_use,
                       "the journal " + path + " is in use: another holdfastd runs; stop it first");
    if (auto wrong = check(file.get(), path)) return std::unexpected{*std::move(wrong)};
    struct stat found{};
    if (::fstat(file.get(), &found) != 0) return refused("read", path, errno);
    JournalMap map{path, std::move(file)};
    if (auto mapped = map.map(static_cast<std::size_t>(found.st_size)); !mapped)
        return std::unexpected{std::move(mapped.error())};
    return map;
}

std::expected<JournalMap, Trouble> JournalMap::create(const std::string& path,
                                                      std::size_t arena_bytes) {
    const std::string name = new_name(path);
    static_cast<void>(::unlink(name.c_str()));  // half made in a life that ended there
    JournalMap map{path, Fd{::open(name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600)}};
    if (!map.file_) return refused("made", path, errno);
    auto mapped = map.map(control_bytes + 2 * arena_bytes);
    if (mapped && ::flock(map.file_.get(), LOCK_EX | LOCK_NB) != 0)
        mapped = refused("locked", path, errno);
    if (!mapped) {
        static_cast<void>(::unlink(name.c_str()));
        return std::unexpected{std::move(mapped.error())};
    }
    Control& control = map.control();
    control.identity = {magic, version, 0, arena_bytes, this_boot()};
    control.identity.crc = identity_crc(control.identity);
    control.active = active_word(0);
    return map;
}

std::expected<void, Trouble> JournalMap::map(std::size_t bytes) {
    const int error = ::posix_fallocate(file_.get(), 0, static_cast<off_t>(bytes));
    if (error != 0)
        return refused("given its " + std::to_string(bytes / 1024) + " KiB", path_, error);
    void* const at =
        ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, file_.get(), 0);
    if (at == MAP_FAILED) return refused("mapped", path_, errno);
    bytes_ = {static_cast<std::uint8_t*>(at), bytes};
    return {};
}

JournalMap& JournalMap::operator=(JournalMap&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(bytes_, other.bytes_);
    file_ = std::move(other.file_);
    return *this;
}

JournalMap::~JournalMap() {
    if (!bytes_.empty()) ::munmap(bytes_.data(), bytes_.size());
}

std::expected<void, Trouble> JournalMap::publish() const {
    if (::rename(new_name(path_).c_str(), path_.c_str()) != 0)
        return refused("put in its place", path_, errno);
    return {};
}

std::span<std::uint8_t> JournalMap::arena(std::uint32_t generation) {
    return bytes_.subspan(control_bytes + generation % 2 * arena_bytes(), arena_bytes());
}

std::string keep_aside(const std::string& path) {
    std::string aside = path + ".damaged";
    static_cast<void>(::unlink(aside.c_str()));
    if (::link(path.c_str(), aside.c_str()) != 0) return {};
    return aside;
}

}  // namespace holdfast::host::journal
