#include "sip/fork.hpp"

#include "sip/dialog.hpp"
#include "sip/next_hop.hpp"

namespace holdfast::sip {

void end_fork(Core& core, ClientId invite, bool fixed_hop) {
    const Message& answer = core.message;
    const auto* sent = core.transactions.find(invite);
    if (sent == nullptr) return;
    const std::string tls_name = sent->request.tls_name;
    Dialog fork;
    fork.call_id = answer.call_id();
    fork.local_party = answer.first(Header::from).value_or("");
    fork.remote_target = answer.to().uri.text;  // should it have no Contact
    open_as_caller(fork, answer);
    const Hop hop = fixed_hop
                        ? sent->request.hop
                        : next_hop(next_hop_uri(fork), sent->request.hop, core.settings.listeners);
    const std::uint32_t cseq = answer.cseq().number;

    Transmit ack{hop, {}, tls_name};
    begin_request(ack.bytes, fork, Method::ack, core.via(hop, core.transactions.new_branch()), cseq)
        .finish();
    core.transactions.acknowledge(invite, answer.to_tag(), std::move(ack));

    const auto branch = core.transactions.new_branch();
    Transmit bye{hop, {}, tls_name};
    begin_request(bye.bytes, fork, Method::bye, core.via(hop, branch), cseq + 1)
        .field(Header::user_agent, core.settings.product)
        .finish();
    core.transactions.send(Method::bye, branch, std::move(bye), Owner{});
}

}  // namespace holdfast::sip
