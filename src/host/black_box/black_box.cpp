#include "host/black_box/black_box.hpp"

#include "base/codec.hpp"
#include "base/crc32.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <optional>
#include <span>
#include <sys/mman.h>
#include <system_error>
#include <utility>

namespace holdfast::host {
namespace {

// The version is raised when an input changes: an older file is then not read.
constexpr std::string_view magic = "holdfast black box 2\n";
constexpr std::size_t chunk = std::size_t{1} * 1024 * 1024;
// length, CRC-32 over kind and bytes, kind
constexpr std::size_t header_bytes = 9;

enum Kind : std::uint8_t { end = 0, settings = 1, input = 2, mark = 3 };

std::uint32_t checksum(std::string_view bytes) {
    return crc32({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

std::uint32_t number_at(std::string_view bytes, std::size_t at) {
    std::uint32_t n = 0;
    std::memcpy(&n, bytes.data() + at, sizeof n);
    return n;
}

struct Entry {
    std::uint8_t kind = Kind::end;
    std::string_view content;
};

/// Takes one entry off `left`; nothing at the end, or where the last one is only half there.
std::optional<Entry> next_entry(std::string_view& left) {
    if (left.size() < header_bytes) return std::nullopt;
    const std::size_t size = number_at(left, 0);
    if (size > left.size() - header_bytes) return std::nullopt;
    const auto body = left.substr(8, size + 1);
    if (body.front() == Kind::end || checksum(body) != number_at(left, 4)) return std::nullopt;
    left.remove_prefix(header_bytes + size);
    return Entry{static_cast<std::uint8_t>(body.front()), body.substr(1)};
}

}  // namespace

std::expected<BlackBox, std::string> BlackBox::open(const std::string& path,
                                                    std::size_t most_bytes,
                                                    std::string_view settings) {
    static_cast<void>(std::rename(path.c_str(), (path + ".previous").c_str()));
    BlackBox box;
    const auto fail = [&] {
        return std::unexpected{fmt::format("nothing is recorded for a replay: cannot write {}: {}",
                                           path,
                                           std::generic_category().message(errno))};
    };
    box.file_ = Fd{::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)};
    if (!box.file_) return fail();
    box.most_ = most_bytes;
    void* const map =
        ::mmap(nullptr, most_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, box.file_.get(), 0);
    if (map == MAP_FAILED) return fail();
    box.bytes_ = static_cast<char*>(map);
    if (!box.grow(magic.size() + settings.size() + header_bytes)) return fail();
    std::memcpy(box.bytes_, magic.data(), magic.size());
    box.used_ = magic.size();
    box.append(Kind::settings, settings);
    return box;
}

BlackBox::BlackBox(BlackBox&& other) noexcept
    : file_{std::move(other.file_)},
      bytes_{std::exchange(other.bytes_, nullptr)},
      most_{other.most_},
      allocated_{other.allocated_},
      used_{other.used_},
      entry_{std::move(other.entry_)},
      keys_{std::move(other.keys_)},
      full_{other.full_} {}

BlackBox::~BlackBox() {
    if (bytes_ != nullptr) ::munmap(bytes_, most_);
}

/// Writing into a mapped page that the disk has no room for would kill us: space comes first.
bool BlackBox::grow(std::size_t needed) {
    while (used_ + needed > allocated_) {
        const std::size_t more = std::min(chunk, most_ - allocated_);
        if (more == 0) return false;
        if (::posix_fallocate(
                file_.get(), static_cast<off_t>(allocated_), static_cast<off_t>(more)) != 0)
            return false;
        allocated_ += more;
    }
    return true;
}

void BlackBox::append(std::uint8_t kind, std::string_view bytes) {
    if (full_) return;
    if (!grow(header_bytes + bytes.size() + header_bytes)) {
        full_ = true;
        return;
    }
    char* const at = bytes_ + used_;
    at[8] = static_cast<char>(kind);
    std::memcpy(at + header_bytes, bytes.data(), bytes.size());
    const std::array<std::uint32_t, 2> head{static_cast<std::uint32_t>(bytes.size()),
                                            checksum({at + 8, bytes.size() + 1})};
    std::memcpy(at, head.data(), sizeof head);
    used_ += header_bytes + bytes.size();
}

void BlackBox::record(const RecordedInput& recorded) {
    if (full_) return;
    if (const auto* const flow = std::get_if<engine::FlowBytes>(&recorded.input)) {
        auto bytes = keys_.hidden(flow->flow, flow->bytes);
        return put(
            {recorded.received_at, recorded.now, engine::FlowBytes{flow->flow, std::move(bytes)}});
    }
    if (const auto* const closed = std::get_if<engine::FlowClosed>(&recorded.input))
        keys_.forget(closed->flow);
    if (std::holds_alternative<engine::Started>(recorded.input)) {
        auto without = recorded;
        std::get<engine::Started>(without.input).key_seed = {};
        return put(without);
    }
    put(recorded);
}

void BlackBox::put(const RecordedInput& recorded) {
    entry_.clear();
    encode(recorded, entry_);
    hide_keys(entry_);
    append(Kind::input, entry_);
}

void BlackBox::record(const StateMark& recorded) {
    entry_.clear();
    encode(recorded, entry_);
    append(Kind::mark, entry_);
}

std::expected<void, std::string> BlackBoxReader::read(const std::string& path) const {
    std::ifstream file{path, std::ios::binary};
    if (!file) return std::unexpected{fmt::format("cannot read {}", path)};
    const std::string bytes{std::istreambuf_iterator<char>{file}, {}};
    if (!bytes.starts_with(magic))
        return std::unexpected{fmt::format("{} is no black box of this version", path)};
    std::string_view left{bytes};
    left.remove_prefix(magic.size());
    while (const auto entry = next_entry(left))
        if (!tell(entry->kind, entry->content))
            return std::unexpected{
                fmt::format("{}: an input cannot be read; was it recorded by this version?", path)};
    return {};
}

bool BlackBoxReader::tell(std::uint8_t kind, std::string_view content) const {
    if (kind == Kind::settings) on_settings(content);
    if (kind == Kind::mark)
        if (const auto mark = decode<StateMark>(content)) on_mark(*mark);
    if (kind != Kind::input) return true;
    const auto recorded = decode<RecordedInput>(content);
    if (recorded) on_input(*recorded);
    return recorded.has_value();
}

}  // namespace holdfast::host
