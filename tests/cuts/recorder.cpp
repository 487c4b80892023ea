#include "cuts/recorder.hpp"

#include "support/need.hpp"

#include <sqlite3.h>

#include <cerrno>
#include <cstdarg>
#include <dlfcn.h>
#include <fcntl.h>
#include <optional>
#include <string_view>
#include <sys/syscall.h>
#include <unistd.h>
#include <unordered_map>
#include <utility>

namespace holdfast::cuts {
namespace {

using Kind = Step::Kind;
constexpr int the_folder = -1;

struct Recording {
    std::string folder;
    Planted planted{};
    std::map<std::string, int> names;
    std::unordered_map<int, int> open;  // descriptor to file
    int last_file = 0;
    std::vector<Step> steps;
};
std::optional<Recording> recording;  // NOLINT(*-avoid-non-const-global-variables)

/// The name of a file that is recorded; none for all others.
std::optional<std::string> name_of(std::string_view path) {
    if (!recording || !path.starts_with(recording->folder + "/")) return std::nullopt;
    const auto name = path.substr(recording->folder.size() + 1);
    if (name.ends_with("-shm")) return std::nullopt;
    return std::string{name};
}

int file_of(int descriptor) {
    if (!recording) return 0;
    const auto found = recording->open.find(descriptor);
    return found == recording->open.end() ? 0 : found->second;
}

void opened(const char* path, int flags, int descriptor) {
    if (!recording || descriptor < 0) return;
    if (recording->folder == path) {
        recording->open[descriptor] = the_folder;
        return;
    }
    const auto name = name_of(path);
    if (!name) return;
    auto& file = recording->names[*name];
    if (file == 0) {
        file = ++recording->last_file;
        recording->steps.push_back({.kind = Kind::name, .file = file, .name = *name});
    } else if ((flags & O_TRUNC) != 0) {
        recording->steps.push_back({.kind = Kind::resize, .file = file, .at = 0});
    }
    recording->open[descriptor] = file;
}

int open_it(const char* path, int flags, int mode) {
    const auto descriptor = static_cast<int>(::syscall(SYS_openat, AT_FDCWD, path, flags, mode));
    opened(path, flags, descriptor);
    return descriptor;
}

ssize_t write_at(int descriptor, const void* bytes, std::size_t size, off_t at) {
    const auto put = ::syscall(SYS_pwrite64, descriptor, bytes, size, at);
    if (const int file = file_of(descriptor); file > 0 && put > 0)
        recording->steps.push_back(
            {.kind = Kind::write,
             .file = file,
             .at = static_cast<std::uint64_t>(at),
             .bytes = {static_cast<const char*>(bytes), static_cast<std::size_t>(put)}});
    return put;
}

int resize(int descriptor, off_t size) {
    const auto done = static_cast<int>(::syscall(SYS_ftruncate, descriptor, size));
    if (const int file = file_of(descriptor); file > 0 && done == 0)
        recording->steps.push_back(
            {.kind = Kind::resize, .file = file, .at = static_cast<std::uint64_t>(size)});
    return done;
}

int allocate(int descriptor, off_t at, off_t size) {
    const off_t before = ::lseek(descriptor, 0, SEEK_END);
    if (::syscall(SYS_fallocate, descriptor, 0, at, size) != 0) return errno;
    if (const int file = file_of(descriptor); file > 0 && at + size > before)
        recording->steps.push_back(
            {.kind = Kind::resize, .file = file, .at = static_cast<std::uint64_t>(at + size)});
    return 0;
}

/// Nothing reaches a real disk: it would cost the time of one.
int sync(int descriptor) {
    const int file = file_of(descriptor);
    if (file == 0) return static_cast<int>(::syscall(SYS_fdatasync, descriptor));
    const auto planted = recording->planted;
    if (file == the_folder) {
        if (planted != Planted::folder) recording->steps.push_back({.kind = Kind::sync_folder});
        return 0;
    }
    if (planted != Planted::spill || recording->names["spill"] != file)
        recording->steps.push_back({.kind = Kind::sync, .file = file});
    return 0;
}

int remove_it(const char* path) {
    const auto done = static_cast<int>(::syscall(SYS_unlink, path));
    if (const auto name = name_of(path); name && done == 0 && recording->names.erase(*name) > 0)
        recording->steps.push_back({.kind = Kind::name, .file = 0, .name = *name});
    return done;
}

int rename_it(const char* from, const char* to) {
    const auto done = static_cast<int>(::syscall(SYS_rename, from, to));
    const auto old_name = name_of(from), name = name_of(to);
    if (!name || !old_name || done != 0) return done;
    const int file = std::exchange(recording->names[*old_name], 0);
    recording->names.erase(*old_name);
    recording->names[*name] = file;
    recording->steps.push_back(
        {.kind = Kind::rename, .file = file, .name = *name, .old_name = *old_name});
    return done;
}

int link_it(const char* from, const char* to) {
    const auto done = static_cast<int>(::syscall(SYS_link, from, to));
    const auto old_name = name_of(from), name = name_of(to);
    if (!name || !old_name || done != 0) return done;
    const int file = recording->names[*name] = recording->names[*old_name];
    recording->steps.push_back({.kind = Kind::name, .file = file, .name = *name});
    return done;
}

}  // namespace

void start_recording(const std::string& folder, const Image& image, Planted planted) {
    recording.emplace();
    recording->folder = folder;
    recording->planted = planted;
    for (const auto& [name, content] : image)
        recording->names[name] = ++recording->last_file;
}

void note_told(std::uint64_t number) {
    recording->steps.push_back({.kind = Kind::told, .at = number});
}

std::vector<Step> stop_recording() {
    test::need(recording.has_value(), "a recording");
    auto steps = std::move(recording->steps);
    recording.reset();
    return steps;
}

}  // namespace holdfast::cuts

// The calls themselves: the linker takes these before those of the C library, and so does
// libsqlite3.so.
// NOLINTBEGIN
using namespace holdfast::cuts;
extern "C" {
int open(const char* path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    const int mode = va_arg(more, int);
    va_end(more);
    return open_it(path, flags, mode);
}
int open64(const char* path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    const int mode = va_arg(more, int);
    va_end(more);
    return open_it(path, flags, mode);
}
int close(int descriptor) {
    if (recording) recording->open.erase(descriptor);
    return static_cast<int>(::syscall(SYS_close, descriptor));
}
ssize_t pwrite(int descriptor, const void* bytes, std::size_t size, off_t at) {
    return write_at(descriptor, bytes, size, at);
}
ssize_t pwrite64(int descriptor, const void* bytes, std::size_t size, off_t at) {
    return write_at(descriptor, bytes, size, at);
}
ssize_t write(int descriptor, const void* bytes, std::size_t size) {
    if (file_of(descriptor) <= 0) return ::syscall(SYS_write, descriptor, bytes, size);
    const off_t at = ::lseek(descriptor, 0, SEEK_CUR);
    const auto put = write_at(descriptor, bytes, size, at);
    if (put > 0) ::lseek(descriptor, at + put, SEEK_SET);
    return put;
}
int ftruncate(int descriptor, off_t size) noexcept {
    return resize(descriptor, size);
}
int ftruncate64(int descriptor, off_t size) noexcept {
    return resize(descriptor, size);
}
int posix_fallocate(int descriptor, off_t at, off_t size) {
    return allocate(descriptor, at, size);
}
int posix_fallocate64(int descriptor, off_t at, off_t size) {
    return allocate(descriptor, at, size);
}
int fsync(int descriptor) {
    return sync(descriptor);
}
int fdatasync(int descriptor) {
    return sync(descriptor);
}
int unlink(const char* path) noexcept {
    return remove_it(path);
}
int rename(const char* from, const char* to) noexcept {
    return rename_it(from, to);
}
int link(const char* from, const char* to) noexcept {
    return link_it(from, to);
}
/// The one statement that a planted fault changes.
int sqlite3_exec(sqlite3* db,
                 const char* sql,
                 int (*callback)(void*, int, char**, char**),
                 void* argument,
                 char** message) {
    using Exec = decltype(&sqlite3_exec);
    static const Exec real = reinterpret_cast<Exec>(::dlsym(RTLD_NEXT, "sqlite3_exec"));
    const bool weakened = recording && recording->planted == Planted::normal &&
                          std::string_view{sql} == "PRAGMA synchronous = FULL";
    return real(db, weakened ? "PRAGMA synchronous = NORMAL" : sql, callback, argument, message);
}
}
// NOLINTEND
