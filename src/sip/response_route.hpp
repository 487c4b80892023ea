// sip/response_route.hpp: where responses go and what each of them repeats of its request.
#pragma once
#include "sip/hop.hpp"
#include "sip/message.hpp"

#include <string>

namespace holdfast::sip {

/// Where the responses to `request`, which came from `from`, must go: RFC 3261 18.2.2 and RFC 3581
/// 4. On TCP and TLS the hop names the flow it came by; its `remote` is where to connect to should
/// that flow be gone.
Hop response_hop(const Message& request, const Hop& from);

/// Appends the header fields that every response repeats (RFC 3261 8.2.6.2): all Vias, the topmost
/// with `received` and `rport` filled in, From, Call-ID, CSeq and, as the last and without its line
/// end, To: so that a tag can be added. Leaves out what `request` lacks.
void append_response_head(std::string& out, const Message& request, const Hop& from);

}  // namespace holdfast::sip
