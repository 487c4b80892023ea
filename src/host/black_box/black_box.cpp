#include "host/black_box/black_box.hpp"

#include "base/codec.hpp"
#include "base/crc32.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <optional>
#include <span>
#include <system_error>
#include <utility>

namespace holdfast::host {
namespace {

// The version is raised when an input changes: an older file is then not read.
constexpr std::string_view magic = "holdfast black box 3\n";
// length, CRC-32 over kind and bytes, kind
constexpr std::size_t header_bytes = 9;

enum Kind : std::uint8_t { end = 0, settings = 1, input = 2, mark = 3 };

std::span<const std::uint8_t> bytes_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
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
    if (body.front() == Kind::end || crc32(bytes_of(body)) != number_at(left, 4))
        return std::nullopt;
    left.remove_prefix(header_bytes + size);
    return Entry{static_cast<std::uint8_t>(body.front()), body.substr(1)};
}

}  // namespace

std::expected<BlackBox, std::string> BlackBox::open(const std::string& path,
                                                    const std::string& ring,
                                                    std::size_t most_bytes,
                                                    std::string_view settings) {
    const auto nothing = [](const std::string& why) {
        return std::unexpected{"nothing is recorded for a replay: " + why};
    };
    Spool::finish(ring, path);
    static_cast<void>(std::rename(path.c_str(), (path + ".previous").c_str()));
    Fd file{::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)};
    if (!file)
        return nothing(
            fmt::format("cannot write {}: {}", path, std::generic_category().message(errno)));
    auto spool = Spool::open(ring, std::move(file));
    if (!spool) return nothing(spool.error());
    BlackBox box{*std::move(spool), most_bytes};
    box.used_ = magic.size();
    if (!box.spool_.append({magic})) return nothing(path + " takes nothing");
    box.append(Kind::settings, settings);
    return box;
}

void BlackBox::append(std::uint8_t kind, std::string_view bytes) {
    if (!ended_by_.empty()) return;
    const auto needed = header_bytes + bytes.size();
    if (used_ + needed > most_) {
        ended_by_ = "it is full; [site] black_box_megabytes sets its size";
        return;
    }
    std::array<char, header_bytes> head{};
    head[8] = static_cast<char>(kind);
    const auto size = static_cast<std::uint32_t>(bytes.size());
    const std::uint32_t crc = crc32(bytes_of(bytes), crc32(bytes_of({&head[8], 1})));
    std::memcpy(head.data(), &size, sizeof size);
    std::memcpy(head.data() + sizeof size, &crc, sizeof crc);
    if (!spool_.append({{head.data(), head.size()}, bytes})) {
        const auto why = spool_.trouble();
        ended_by_ = why.empty() ? "its disk stands still" : "its file cannot be written: " + why;
        return;
    }
    used_ += needed;
}

void BlackBox::record(const RecordedInput& recorded) {
    if (!ended_by_.empty()) return;
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
