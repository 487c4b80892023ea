#include "host/net/dns_message.hpp"

#include "base/ascii.hpp"

#include <ares.h>

#include <algorithm>
#include <arpa/nameser.h>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace holdfast::host {
namespace {

using sip::DnsAnswer;
using sip::DnsType;

// A message of 64 KiB could hold 5,000 records; no name of a carrier has more than some dozens.
constexpr std::size_t most_records = 256;
constexpr int most_aliases = 8;
// RFC 2181 8: above this a TTL counts as zero.
constexpr std::uint32_t largest_ttl_s = std::numeric_limits<std::int32_t>::max();

/// Reads on as long as nothing was wrong; then everything is zero or empty.
class Cursor {
public:
    Cursor(std::span<const std::uint8_t> message, std::size_t at, std::size_t end)
        : message_{message}, at_{at}, end_{end} {}

    bool good() const { return good_; }
    std::size_t at() const { return at_; }

    std::uint8_t byte() { return take(1) ? message_[at_ - 1] : std::uint8_t{0}; }
    std::uint16_t half() {
        const unsigned high = byte();
        return static_cast<std::uint16_t>(high << 8 | byte());
    }
    std::uint32_t word() {
        const std::uint32_t high = half();
        return high << 16 | half();
    }
    std::span<const std::uint8_t> bytes(std::size_t count) {
        return take(count) ? message_.subspan(at_ - count, count) : std::span<const std::uint8_t>{};
    }
    /// RFC 1035 3.3: a length and so many characters.
    std::string characters() {
        const auto text = bytes(byte());
        return {text.begin(), text.end()};
    }
    /// Lower case, without the last dot; the root is empty. It may point back into the message.
    std::string name() {
        char* text = nullptr;
        long size = 0;
        if (!good_ || ares_expand_name(message_.data() + at_,
                                       message_.data(),
                                       static_cast<int>(message_.size()),
                                       &text,
                                       &size) != ARES_SUCCESS) {
            good_ = false;
            return {};
        }
        std::string out{text};
        ares_free_string(text);
        std::ranges::transform(out, out.begin(), to_lower);
        take(static_cast<std::size_t>(size));
        return out;
    }
    void skip(std::size_t count) { take(count); }

private:
    bool take(std::size_t count) {
        good_ = good_ && count <= end_ - at_;
        if (good_) at_ += count;
        return good_;
    }

    std::span<const std::uint8_t> message_;
    std::size_t at_, end_;
    bool good_ = true;
};

struct Record {
    std::string owner;
    int type = 0;
    std::uint32_t ttl_s = 0;
    std::size_t begin = 0, end = 0;  // its data in the message
};

struct Message {
    std::span<const std::uint8_t> bytes;
    int response = 0;
    std::vector<Record> answers;
    std::vector<Record> authorities;
};

std::optional<Record> read_record(Cursor& cursor) {
    Record out;
    out.owner = cursor.name();
    out.type = cursor.half();
    const int kind = cursor.half();
    const std::uint32_t ttl_s = cursor.word();
    out.ttl_s = ttl_s > largest_ttl_s ? 0 : ttl_s;
    const std::size_t size = cursor.half();
    out.begin = cursor.at();
    cursor.skip(size);
    out.end = cursor.at();
    if (!cursor.good()) return std::nullopt;
    if (kind != ns_c_in) out.type = ns_t_invalid;
    return out;
}

bool read_records(Cursor& cursor, std::size_t count, std::vector<Record>& out) {
    if (count > most_records) return false;
    for (std::size_t i = 0; i < count; ++i) {
        auto record = read_record(cursor);
        if (!record) return false;
        out.push_back(*std::move(record));
    }
    return true;
}

std::optional<Message> read_message(std::span<const std::uint8_t> bytes) {
    Cursor cursor{bytes, 0, bytes.size()};
    Message out{bytes, 0, {}, {}};
    cursor.skip(2);  // the id, which was looked at
    out.response = cursor.half() & 0x0f;
    const std::size_t questions = cursor.half();
    const std::size_t answers = cursor.half();
    const std::size_t authorities = cursor.half();
    cursor.skip(2);
    if (questions > most_records) return std::nullopt;
    for (std::size_t i = 0; i < questions; ++i) {
        cursor.name();
        cursor.skip(4);
    }
    if (!cursor.good() || !read_records(cursor, answers, out.answers) ||
        !read_records(cursor, authorities, out.authorities))
        return std::nullopt;
    return out;
}

bool read_address(Cursor& data, const Record& record, IpAddress::Family family, DnsAnswer& out) {
    const std::size_t size = family == IpAddress::Family::v4 ? 4 : 16;
    const auto bytes = data.bytes(size);
    if (!data.good() || record.end - record.begin != size) return false;
    IpAddress address{family, {}};
    std::ranges::copy(bytes, address.bytes.begin());
    out.addresses.push_back(address);
    return true;
}

bool read_srv(Cursor& data, DnsAnswer& out) {
    sip::SrvRecord srv;
    srv.priority = data.half();
    srv.weight = data.half();
    srv.port = data.half();
    srv.target = data.name();
    if (data.good()) out.srv.push_back(std::move(srv));
    return data.good();
}

bool read_naptr(Cursor& data, DnsAnswer& out) {
    sip::NaptrRecord naptr;
    naptr.order = data.half();
    naptr.preference = data.half();
    naptr.flags = data.characters();
    naptr.service = data.characters();
    naptr.regexp = data.characters();
    naptr.replacement = data.name();
    if (data.good()) out.naptr.push_back(std::move(naptr));
    return data.good();
}

bool read_data(const Message& message, const Record& record, DnsType type, DnsAnswer& out) {
    Cursor data{message.bytes, record.begin, record.end};
    switch (type) {
        case DnsType::a:
            return read_address(data, record, IpAddress::Family::v4, out);
        case DnsType::aaaa:
            return read_address(data, record, IpAddress::Family::v6, out);
        case DnsType::srv:
            return read_srv(data, out);
        case DnsType::naptr:
            return read_naptr(data, out);
    }
    return false;
}

/// The last name of the chain that begins with `name`; none where a link cannot be read or there
/// are too many. TTLs of the links go into `ttl_s`.
std::optional<std::string> follow(const Message& message, std::string name, std::uint32_t& ttl_s) {
    for (int i = 0; i <= most_aliases; ++i) {
        const auto link = std::ranges::find_if(message.answers, [&](const Record& record) {
            return record.type == ns_t_cname && record.owner == name;
        });
        if (link == message.answers.end()) return name;
        Cursor data{message.bytes, link->begin, link->end};
        name = data.name();
        if (!data.good()) return std::nullopt;
        ttl_s = std::min(ttl_s, link->ttl_s);
    }
    return std::nullopt;
}

/// RFC 2308 5: how long "there is nothing" holds. None where the zone does not say.
std::optional<std::uint32_t> nothing_ttl_s(const Message& message) {
    for (const Record& record : message.authorities) {
        if (record.type != ns_t_soa) continue;
        Cursor data{message.bytes, record.begin, record.end};
        data.name();
        data.name();
        data.skip(16);  // serial, refresh, retry, expire
        const std::uint32_t minimum_s = data.word();
        if (data.good()) return std::min(record.ttl_s, minimum_s);
    }
    return std::nullopt;
}

}  // namespace

int type_number(DnsType type) {
    switch (type) {
        case DnsType::a:
            return ns_t_a;
        case DnsType::aaaa:
            return ns_t_aaaa;
        case DnsType::srv:
            return ns_t_srv;
        case DnsType::naptr:
            return ns_t_naptr;
    }
    return ns_t_invalid;
}

DnsAnswer read_dns_answer(std::span<const std::uint8_t> message, const sip::DnsName& asked) {
    const auto read = read_message(message);
    if (!read || (read->response != ns_r_noerror && read->response != ns_r_nxdomain)) return {};
    std::uint32_t ttl_s = std::numeric_limits<std::uint32_t>::max();
    const auto last = follow(*read, asked.name, ttl_s);
    if (!last) return {};
    DnsAnswer out;
    if (*last != asked.name) out.alias = *last;
    for (const Record& record : read->answers) {
        if (record.type != type_number(asked.type) || record.owner != *last) continue;
        if (!read_data(*read, record, asked.type, out)) return {};
        out.status = DnsAnswer::Status::found;
        ttl_s = std::min(ttl_s, record.ttl_s);
    }
    if (out.status == DnsAnswer::Status::found) {
        out.ttl_s = ttl_s;
        return out;
    }
    out.status = DnsAnswer::Status::nothing;
    // An alias alone holds as long as it says; nothing at all, without a word, may not be kept.
    const auto nothing_s = nothing_ttl_s(*read);
    out.ttl_s = nothing_s || out.alias.empty() ? std::min(ttl_s, nothing_s.value_or(0)) : ttl_s;
    return out;
}

}  // namespace holdfast::host
