// sip/denial.hpp: why a message that could be read is refused or dropped all the same.
#pragma once
#include <array>
#include <cstdint>
#include <string_view>

namespace holdfast::sip {

enum class Denial : std::uint8_t {
    unknown_dialog,         ///< RFC 3261 12.2.2
    unknown_transaction,    ///< 9.2: CANCEL of nothing
    foreign_source,         ///< The tags are right, the address is not the dialog's.
    out_of_order,           ///< 12.2.2: CSeq below the last one
    request_pending,        ///< 14.2, RFC 3311 5.2: offers that cross
    busy_with_offer,        ///< 14.2: a second INVITE before our final response
    merged,                 ///< 8.2.2.2
    loop,                   ///< 16.3: an INVITE of ours came back unchanged
    too_many_hops,          ///< 16.3
    unknown_method,         ///< 21.5.2
    method_not_allowed,     ///< 8.2.1
    unsupported_extension,  ///< 8.2.2.3
    unsupported_media,      ///< 8.2.3
    interval_too_small,     ///< RFC 4028 6
    overload,               ///< A limit was reached.
    stray_response,         ///< No request of ours, or not one Via (8.1.3.3, 18.1.2).
    stray_ack,
    count
};

inline constexpr std::size_t denials = static_cast<std::size_t>(Denial::count);

struct DenialRow {
    std::uint16_t status;  ///< 0: silence.
    std::string_view name;
};

inline constexpr std::array<DenialRow, denials> denial_table{{
    {481, "unknown_dialog"},
    {481, "unknown_transaction"},
    {403, "foreign_source"},
    {500, "out_of_order"},
    {491, "request_pending"},
    {500, "busy_with_offer"},
    {482, "merged"},
    {482, "loop"},
    {483, "too_many_hops"},
    {501, "unknown_method"},
    {405, "method_not_allowed"},
    {420, "unsupported_extension"},
    {415, "unsupported_media"},
    {422, "interval_too_small"},
    {503, "overload"},
    {0, "stray_response"},
    {0, "stray_ack"},
}};

constexpr const DenialRow& row_of(Denial denial) {
    return denial_table[static_cast<std::size_t>(denial)];
}
constexpr std::string_view name_of(Denial denial) {
    return row_of(denial).name;
}

}  // namespace holdfast::sip
