// sip/refusal.hpp: the response to a message that could not be read, made without any state.
#pragma once
#include "sip/fault.hpp"
#include "sip/message.hpp"

#include <string>
#include <string_view>

namespace holdfast::sip {

/// What a fault in this message leads to. Silence for responses, for ACK (RFC 3261 17.1.1.3), and
/// where nothing tells where an answer should go.
Refusal refusal_for(const Message& message, Fault fault);

/// Appends the refusal of a request: its Vias, From, To, Call-ID and CSeq as they came, where they
/// came, `to_tag` added where To has none (RFC 3261 8.2.6.2), no body. Silence appends nothing.
void print_refusal(std::string& out,
                   const Message& request,
                   const Refusal& refusal,
                   std::string_view to_tag,
                   std::string_view server = {});

}  // namespace holdfast::sip
