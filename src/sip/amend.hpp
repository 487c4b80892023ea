// sip/amend.hpp: requests of ours that are made from one we sent before.
#pragma once
#include "sip/message.hpp"
#include "sip/orders.hpp"

#include <span>
#include <string>
#include <string_view>

namespace holdfast::sip {

/// ACK of a refusal (RFC 3261 17.1.1.3) or CANCEL (9.1) of `request`: hop by hop, with its topmost
/// Via and its CSeq number. `to` is the To value. `reason` is a Reason value or empty.
void print_hop_by_hop(std::string& out,
                      const Message& request,
                      Method method,
                      std::string_view to,
                      std::string_view reason = {});

/// `request` once more with another Via and CSeq; of the header names in `replaced`, only what is
/// given here. For challenges (22.1), the next target (RFC 3263 4.3) and 422 (RFC 4028 7.3).
void print_again(std::string& out,
                 const Message& request,
                 std::string_view via,
                 std::uint32_t cseq,
                 std::span<const ExtraHeader> replaced);

}  // namespace holdfast::sip
