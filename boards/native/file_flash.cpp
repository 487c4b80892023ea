#include "boards/native/file_flash.hpp"

#include "boards/native/board.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace holdfast::native {
namespace {

constexpr std::size_t whole = 2 * slot_size + 2 * notes_size;

std::size_t begin_of(firmware::Area area) {
    const auto index = static_cast<std::size_t>(area);
    return index < 2 ? index * slot_size : 2 * slot_size + (index - 2) * notes_size;
}

}  // namespace

std::expected<FileFlash, std::string> FileFlash::open(const std::string& path) {
    const auto failed = [&] {
        return std::unexpected(path + ": " + std::generic_category().message(errno));
    };
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0) return failed();
    struct stat found{};
    if (::fstat(fd, &found) != 0 || ::ftruncate(fd, whole) != 0) {
        ::close(fd);
        return failed();
    }
    void* const mapped = ::mmap(nullptr, whole, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    ::close(fd);
    if (mapped == MAP_FAILED) return failed();
    const std::span all{static_cast<std::uint8_t*>(mapped), whole};
    const auto kept = std::min<std::size_t>(static_cast<std::size_t>(found.st_size), whole);
    std::ranges::fill(all.subspan(kept), std::uint8_t{0xff});
    return FileFlash{all};
}

FileFlash::FileFlash(FileFlash&& other) noexcept : all_{std::exchange(other.all_, {})} {}

FileFlash::~FileFlash() {
    if (!all_.empty()) ::munmap(all_.data(), all_.size());
}

std::span<std::uint8_t> FileFlash::part(firmware::Area area) const {
    const bool slot = area == firmware::Area::slot_a || area == firmware::Area::slot_b;
    return all_.subspan(begin_of(area), slot ? slot_size : notes_size);
}

std::uint32_t FileFlash::address(firmware::Area area) const {
    return flash_begin + static_cast<std::uint32_t>(begin_of(area));
}

bool FileFlash::erase(firmware::Area area) {
    std::ranges::fill(part(area), std::uint8_t{0xff});
    return true;
}

bool FileFlash::program(firmware::Area area, std::size_t offset, link::Bytes octets) {
    const auto into = part(area);
    if (offset > into.size() || octets.size() > into.size() - offset) return false;
    for (std::size_t i = 0; i < octets.size(); ++i)
        into[offset + i] &= octets[i];
    return std::ranges::equal(into.subspan(offset, octets.size()), octets);
}

}  // namespace holdfast::native
