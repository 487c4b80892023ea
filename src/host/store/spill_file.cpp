#include "host/store/spill_file.hpp"

#include "base/codec.hpp"
#include "base/crc32.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

namespace holdfast::host {

struct SpillFile::Frame {
    std::uint64_t generation = 0;
    std::uint64_t first_row = 0, last_row = 0;
    std::uint32_t bytes = 0;  ///< Of the rows behind this header.
    std::uint32_t crc = 0;    ///< Of the rows, then of this header with zero here.
};

namespace {

/// Raised when acd::LedgerRow changes.
constexpr std::uint32_t format = 2;
constexpr std::array<char, 8> magic{'H', 'F', 'S', 'P', 'I', 'L', 'L', '\0'};

struct Head {
    std::array<char, 8> magic{};
    std::uint32_t format = 0;
    std::uint32_t crc = 0;  ///< Of this struct with zero here.
    std::uint64_t generation = 0;
};

std::uint32_t crc_of(std::string_view bytes, std::uint32_t before = 0) {
    return crc32({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, before);
}

/// Of a header whose `crc` is left out.
template <class Header>
std::uint32_t header_crc(Header header, std::uint32_t before = 0) {
    static_assert(std::has_unique_object_representations_v<Header>);
    header.crc = 0;
    return crc32(std::bit_cast<std::array<std::uint8_t, sizeof(Header)>>(header), before);
}

template <class Header>
std::string_view bytes_of(const Header& header) {
    return {reinterpret_cast<const char*>(&header), sizeof header};
}

std::size_t up_to(std::size_t bytes, std::size_t step) {
    return (bytes + step - 1) / step * step;
}

bool read_all(int file, std::size_t at, char* to, std::size_t bytes) {
    while (bytes > 0) {
        const auto got = ::pread(file, to, bytes, static_cast<off_t>(at));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        to += got;
        at += static_cast<std::size_t>(got);
        bytes -= static_cast<std::size_t>(got);
    }
    return true;
}

}  // namespace

SpillFault SpillFile::failed(const char* what) const {
    const int error = errno;
    std::string text = "the spill file " + path_ + " cannot be " + what + ": ";
    text += std::strerror(error);  // NOLINT(concurrency-mt-unsafe): glibc's is thread-safe
    if (error == ENOSPC) text += "; free some space, or set a smaller spill file";
    if (error == ENOENT) text += "; make its directory";
    if (error == EACCES || error == EROFS) text += "; let the user holdfastd runs as write there";
    return {SpillFault::Kind::failed, std::move(text)};
}

std::expected<SpillFile, SpillFault> SpillFile::open(const std::string& path, std::size_t bytes) {
    SpillFile spill{path, Fd{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)}};
    if (!spill.file_) return std::unexpected{spill.failed("opened")};
    struct stat found{};
    if (::fstat(spill.file_.get(), &found) != 0) return std::unexpected{spill.failed("read")};
    const auto size = static_cast<std::size_t>(found.st_size);
    spill.bytes_ = std::max(up_to(std::max(bytes, first_frame + page), page), size);
    // What was allocated before costs nothing; holes of a copied file are filled.
    errno = ::posix_fallocate(spill.file_.get(), 0, static_cast<off_t>(spill.bytes_));
    if (errno != 0) {
        if (size <= first_frame) return std::unexpected{spill.failed("given its length")};
        spill.bytes_ = size;
    }
    auto ready = spill.read_heads();
    if (!ready) return std::unexpected{std::move(ready.error())};
    spill.find_tail();
    return spill;
}

std::expected<void, SpillFault> SpillFile::read_heads() {
    for (const std::size_t at : {std::size_t{0}, page}) {
        Head head;
        std::array<char, sizeof head> bytes{};
        if (!read_all(file_.get(), at, bytes.data(), bytes.size()))
            return std::unexpected{failed("read")};
        std::memcpy(&head, bytes.data(), bytes.size());
        if (head.magic != magic || head.format != format || head.crc != header_crc(head)) continue;
        generation_ = std::max(generation_, head.generation);
    }
    if (generation_ > 0) return {};
    if (has_no_frame()) return make_new();
    return std::unexpected{
        SpillFault{SpillFault::Kind::damaged,
                   "the spill file " + path_ + " is damaged, or of another version"}};
}

/// It is new, or a power cut tore the first head: there was nothing in it.
bool SpillFile::has_no_frame() const {
    std::array<char, sizeof(Frame)> bytes{};
    return read_all(file_.get(), first_frame, bytes.data(), bytes.size()) &&
           std::ranges::all_of(bytes, [](char byte) { return byte == 0; });
}

/// A power cut must not take its name away.
std::expected<void, SpillFault> SpillFile::make_new() {
    if (auto written = write_head(1); !written) return written;
    const auto folder = std::filesystem::absolute(path_).parent_path();
    const Fd opened{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!opened || ::fsync(opened.get()) != 0) return std::unexpected{failed("brought to disk")};
    return {};
}

std::expected<void, SpillFault> SpillFile::write_head(std::uint64_t generation) {
    Head head{magic, format, 0, generation};
    head.crc = header_crc(head);
    auto written = write(generation % 2 * page, bytes_of(head));
    if (written) generation_ = generation;
    return written;
}

std::expected<void, SpillFault> SpillFile::write(std::size_t at, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto put = ::pwrite(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(at));
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) return std::unexpected{failed("written")};
        at += static_cast<std::size_t>(put);
        bytes.remove_prefix(static_cast<std::size_t>(put));
    }
    // After a failure the kernel thinks it clean: whoever tries again writes all of it again.
    if (::fdatasync(file_.get()) != 0) return std::unexpected{failed("brought to disk")};
    return {};
}

bool SpillFile::read_frame(std::size_t at, Frame& frame, std::string& bytes) const {
    std::array<char, sizeof frame> header{};
    if (at + header.size() > bytes_) return false;
    if (!read_all(file_.get(), at, header.data(), header.size())) return false;
    std::memcpy(&frame, header.data(), header.size());
    if (frame.generation != generation_) return false;
    if (frame.bytes > bytes_ - at - header.size()) return false;
    bytes.resize(frame.bytes);
    if (!read_all(file_.get(), at + header.size(), bytes.data(), bytes.size())) return false;
    return frame.crc == header_crc(frame, crc_of(bytes));
}

void SpillFile::find_tail() {
    Frame frame;
    std::string bytes;
    while (read_frame(tail_, frame, bytes)) {
        tail_ += up_to(sizeof frame + bytes.size(), sector);
        last_row_ = frame.last_row;
    }
}

std::expected<void, SpillFault> SpillFile::append(std::span<const acd::LedgerRow> rows) {
    if (rows.empty()) return {};
    if (must_clear_)
        if (auto cleared = clear(); !cleared) return cleared;
    std::string bytes(sizeof(Frame), '\0');
    for (const auto& row : rows)
        encode(row, bytes);
    const auto end = tail_ + up_to(bytes.size(), sector);
    if (end > bytes_)
        return std::unexpected{SpillFault{SpillFault::Kind::full,
                                          "the spill file " + path_ +
                                              " is full: " + std::to_string(bytes_ / 1024) +
                                              " KiB of rows wait for the ledger"}};
    Frame frame{.generation = generation_,
                .first_row = rows.front().row,
                .last_row = rows.back().row,
                .bytes = static_cast<std::uint32_t>(bytes.size() - sizeof(Frame))};
    frame.crc = header_crc(frame, crc_of(std::string_view{bytes}.substr(sizeof frame)));
    std::memcpy(bytes.data(), &frame, sizeof frame);
    if (auto written = write(tail_, bytes); !written) return written;
    tail_ = end;
    last_row_ = rows.back().row;
    return {};
}

std::expected<std::vector<acd::LedgerRow>, SpillFault> SpillFile::read_on(std::size_t enough) {
    std::vector<acd::LedgerRow> rows;
    Frame frame;
    std::string bytes;
    while (cursor_ < tail_ && rows.size() < enough) {
        bool sound = read_frame(cursor_, frame, bytes);
        Reader reader{bytes};
        while (sound && !reader.left().empty()) {
            reader.read(rows.emplace_back());
            sound = reader.ok();
        }
        if (!sound)
            return std::unexpected{
                SpillFault{SpillFault::Kind::damaged,
                           "the spill file " + path_ + " holds rows that cannot be read"}};
        cursor_ += up_to(sizeof frame + bytes.size(), sector);
    }
    return rows;
}

std::expected<void, SpillFault> SpillFile::clear() {
    must_clear_ = true;
    if (auto written = write_head(generation_ + 1); !written) return written;
    must_clear_ = false;
    tail_ = cursor_ = first_frame;
    last_row_ = 0;
    return {};
}

}  // namespace holdfast::host
