#include "sip/core.hpp"

#include "sip/amend.hpp"
#include "sip/next_hop.hpp"
#include "sip/response_route.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace holdfast::sip {
namespace {

std::uint32_t whole_seconds(Micros span) {
    return static_cast<std::uint32_t>(span / 1s);
}

template <class List, class Text>
std::string joined(const List& list, Text text) {
    std::string out;
    for (const auto& item : list) {
        if (!out.empty()) out += ", ";
        out += text(item);
    }
    return out;
}

/// "host:port", the host in brackets where it is an IPv6 address.
std::string host_port(const Listener& listener) {
    const auto& host = listener.advertised_host;
    const bool v6 = host.find(':') != host.npos && !host.starts_with('[');
    return fmt::format("{}{}{}:{}", v6 ? "[" : "", host, v6 ? "]" : "", listener.advertised_port);
}

}  // namespace

Core::Core(UserAgentSettings given, Deadlines& heap, Random& source)
    : settings{std::move(given)},
      timer_limits{whole_seconds(settings.session_expires), whole_seconds(settings.min_se)},
      deadlines{heap},
      random{source},
      transactions{TimerSpans{settings.t1, settings.t2, settings.t4}, heap, source, outbox},
      tag_key{HashKey::drawn_from(source)} {
    allow_text = joined(settings.allow, [](Method method) { return text_of(method); });
    supported_text = joined(settings.supported, [](const std::string& tag) { return tag; });
    for (const Method method : settings.allow)
        allowed = allowed | MethodSet{method};
}

void Core::begin(Instant at, Instant received) {
    ensure(events.empty(), "the events of a step are drained before the next input");
    now = at;
    received_at = received;
    transactions.set_now(at);
    transactions.sweep();
    for (const SessionId id : std::exchange(over, {})) {
        by_local_tag.erase(sessions.index_of(id));
        sessions.give_back(id);
    }
}

void Core::order(Instant at) {
    now = received_at = at;
    transactions.set_now(at);
}

void Core::send_trying() {
    for (const TransactionId id : std::exchange(untried, {})) {
        const auto* invite = transactions.find(id);
        if (invite != nullptr && invite->status == 0) respond(id, 100);
    }
}

void Core::count(Fault fault) {
    ++faults[static_cast<std::size_t>(fault)];
    tell(MessageRefused{fault, from});
}

void Core::count(Denial denial) {
    ++denied[static_cast<std::size_t>(denial)];
    tell(MessageRefused{denial, from});
}

Session* Core::session_of(std::string_view local_tag, std::string_view call_id) {
    const auto slot = by_local_tag.find(keyed_hash(tag_key, local_tag), [&](std::uint32_t at) {
        const Session& session = sessions.at(at);
        return session.dialog.local_tag == local_tag && session.dialog.call_id == call_id;
    });
    return slot ? &sessions.at(*slot) : nullptr;
}

void Core::index(SessionId id, const Session& session) {
    by_local_tag.insert(keyed_hash(tag_key, session.dialog.local_tag), sessions.index_of(id));
}

void Core::mark_changed(SessionId id, Session& session) {
    if (!std::exchange(session.changed, true)) changed.push_back(id);
}

std::string Core::via(const Hop& hop, std::string_view branch) const {
    const Listener* listener = listener_for(hop, settings.listeners);
    ensure(listener != nullptr, "every hop has a listener of its transport");
    return fmt::format(
        "SIP/2.0/{} {};branch={};rport", text_of(hop.transport), host_port(*listener), branch);
}

std::string Core::contact(std::string_view user, const Hop& hop, bool secure) const {
    const Listener* listener = listener_for(hop, settings.listeners);
    ensure(listener != nullptr, "every hop has a listener of its transport");
    const bool by_tcp = hop.transport == Transport::tcp;
    const bool by_tls = hop.transport == Transport::tls && !secure;
    return fmt::format("<{}:{}{}{}{}>",
                       secure ? "sips" : "sip",
                       user,
                       user.empty() ? "" : "@",
                       host_port(*listener),
                       by_tcp   ? ";transport=tcp"
                       : by_tls ? ";transport=tls"
                                : "");
}

ClientId Core::send_again(const ClientTransaction& sent,
                          Owner owner,
                          const Hop& hop,
                          std::string_view tls_name,
                          std::uint32_t cseq,
                          std::span<const ExtraHeader> replaced) {
    Message request;
    ensure(request.read(sent.request.bytes).has_value(), "a request of ours can be read");
    const auto branch = transactions.new_branch();
    Transmit transmit{hop, {}, std::string{tls_name}};
    print_again(transmit.bytes, request, via(hop, branch), cseq, replaced);
    return transactions.send(request.method(), branch, std::move(transmit), owner);
}

ClientId Core::answer_challenge(const ClientTransaction& sent,
                                const Credentials& credentials,
                                std::uint32_t cseq) {
    constexpr int most_attempts = 4;  // a server that calls every nonce stale
    const Transmit& request = sent.request;
    if (sent.owner.attempt >= most_attempts) return {};
    // The digest is for whom we asked, not for who knows the branch.
    if (from.remote.address != request.hop.remote.address) return {};
    Message asked;
    ensure(asked.read(request.bytes).has_value(), "a request of ours can be read");
    const auto answer = sip::answer_challenge(message, asked, credentials, nonce_counts, random);
    if (!answer) return {};
    Owner owner = sent.owner;
    ++owner.attempt;
    return send_again(sent, owner, request.hop, request.tls_name, cseq, {&*answer, 1});
}

}  // namespace holdfast::sip
