#include "media/orders.hpp"

#include "base/enum_text.hpp"
#include "base/fields.hpp"
#include "base/limits.hpp"

#include <algorithm>
#include <type_traits>

namespace holdfast::media {
namespace {

// What a value must keep beyond having the right number of bytes. Enumerators are checked wherever
// they stand, by walking the fields, so that no new message can forget one.
template <class T>
bool valid(const T& value);

bool keeps_its_rules(const PayloadType& type) {
    return type.number <= 127;
}
bool keeps_its_rules(const Configure& order) {
    return order.codecs.size() <= limits::media_codecs && order.telephone_event <= 127 &&
           order.telephone_event_hertz >= 1000 && order.telephone_event_hertz <= 192'000;
}
bool keeps_its_rules(const SendDigit& order) {
    return std::string_view{"0123456789*#ABCD"}.find(order.digit) != std::string_view::npos;
}
bool keeps_its_rules(const LoadSource& order) {
    return !order.path.empty() && order.path.size() <= most_path_bytes;
}
template <class T>
bool keeps_its_rules(const T&) {
    return true;
}

template <class T>
bool valid(const T& value) {
    using namespace codec_detail;
    if constexpr (std::is_enum_v<T>) {
        return static_cast<std::size_t>(value) < enum_count<T>;
    } else if constexpr (std::is_same_v<T, MediaId> || std::is_same_v<T, SourceId> ||
                         std::is_same_v<T, ConferenceId>) {
        return static_cast<bool>(value);  // zero is nobody
    } else if constexpr (is_optional<T>) {
        return !value || valid(*value);
    } else if constexpr (is_variant<T>) {
        return std::visit([](const auto& v) { return valid(v); }, value);
    } else if constexpr (std::is_arithmetic_v<T> || Duration<T> || TimePoint<T> || Text<T> ||
                         is_array<T>) {
        return true;
    } else if constexpr (Sequence<T>) {
        return std::all_of(value.begin(), value.end(), [](const auto& v) { return valid(v); });
    } else {
        return keeps_its_rules(value) &&
               with_fields(value, [](const auto&... field) { return (valid(field) && ...); });
    }
}

template <class Message>
std::expected<Message, OrderFault> read(std::string_view bytes) {
    if (bytes.empty() || bytes.size() > most_message_bytes)
        return std::unexpected{OrderFault::unreadable};
    if (static_cast<std::uint8_t>(bytes.front()) != protocol_version)
        return std::unexpected{OrderFault::other_version};
    auto message = decode<Message>(bytes.substr(1));
    if (!message || !valid(*message)) return std::unexpected{OrderFault::unreadable};
    return *std::move(message);
}

}  // namespace

std::expected<Order, OrderFault> read_order(std::string_view bytes) {
    return read<Order>(bytes);
}

std::expected<Report, OrderFault> read_report(std::string_view bytes) {
    return read<Report>(bytes);
}

}  // namespace holdfast::media
