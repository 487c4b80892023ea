// tests/unit/sip/agent.hpp: one user agent in virtual time, with what it sent and what it told.
#pragma once
#include "base/codec.hpp"
#include "sip/sdp_origin.hpp"
#include "sip/token.hpp"
#include "sip/user_agent.hpp"

#include <fmt/format.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace holdfast::sip::test {

/// An event, copied: its views last for one step only.
struct Seen {
    std::string name;
    SessionId session;
    TransactionId transaction;
    RequestId request;
    int status = 0;
    std::string sdp, text;
    EndCause cause{};
    std::uint16_t q850 = 0;
    bool repeated = false;
    std::string message;
    Instant at;
};

struct Copy {
    Seen& s;
    void operator()(const InviteArrived& e) { put("InviteArrived", e.session, e.message); }
    void operator()(const SessionRang& e) {
        put("SessionRang", e.session, nullptr);
        s.status = e.status, s.sdp = e.sdp;
    }
    void operator()(const SessionAnswered& e) {
        put("SessionAnswered", e.session, e.message);
        s.sdp = e.sdp;
    }
    void operator()(const SessionRefused& e) {
        put("SessionRefused", e.session, nullptr);
        s.status = e.status, s.text = e.contact, s.q850 = e.q850;
    }
    void operator()(const SessionAcked& e) {
        put("SessionAcked", e.session, nullptr);
        s.sdp = e.sdp;
    }
    void operator()(const OfferArrived& e) {
        put("OfferArrived", e.session, e.message);
        s.sdp = e.sdp, s.repeated = e.repeated;
    }
    void operator()(const OfferAnswered& e) {
        put("OfferAnswered", e.session, nullptr);
        s.sdp = e.sdp;
    }
    void operator()(const OfferRefused& e) {
        put("OfferRefused", e.session, nullptr);
        s.status = e.status;
    }
    void operator()(const SessionEnded& e) {
        put("SessionEnded", e.session, e.message);
        s.cause = e.cause, s.q850 = e.q850;
    }
    void operator()(const DigitArrived& e) {
        put("DigitArrived", e.session, nullptr);
        s.text = e.digit, s.status = e.duration_ms;
    }
    void operator()(const RequestArrived& e) {
        put("RequestArrived", e.session, e.message);
        s.transaction = e.transaction, s.text = e.local_tag;
    }
    void operator()(const RequestAnswered& e) {
        put("RequestAnswered", {}, e.message);
        s.request = e.request, s.status = e.status;
    }
    void operator()(const MessageRefused& e) {
        put("MessageRefused", {}, nullptr);
        std::visit([this](auto why) { s.text = name_of(why); }, e.why);
    }
    void put(std::string_view name, SessionId session, const Message* message) {
        s.name = name, s.session = session;
        if (message != nullptr) s.message = message->bytes();
    }
};

inline const Endpoint here{IpAddress::v4(192, 0, 2, 10), 5060};
inline const Endpoint there{IpAddress::v4(192, 0, 2, 21), 5060};

inline Hop udp_hop(const Endpoint& remote) {
    return {Transport::udp, ListenerId{1}, {}, remote};
}
inline Hop tcp_hop(const Endpoint& remote, std::uint32_t flow) {
    return {Transport::tcp, ListenerId{2}, FlowId{flow}, remote};
}

inline std::string sdp(int version, std::string_view direction = "sendrecv", int session = 7) {
    return fmt::format(
        "v=0\r\no=- {} {} IN IP4 192.0.2.21\r\ns=-\r\nc=IN IP4 192.0.2.21\r\nt=0 0\r\n"
        "m=audio 4000 RTP/AVP 8\r\na={}\r\n",
        session,
        version,
        direction);
}

inline UserAgentSettings settings_at(const Endpoint& at) {
    UserAgentSettings settings;
    const std::string host{text_of(at.address).view()};
    settings.listeners = {{ListenerId{1}, Transport::udp, at, host, at.port},
                          {ListenerId{2}, Transport::tcp, at, host, at.port}};
    settings.allow.insert(
        settings.allow.end(),
        {Method::refer, Method::notify, Method::subscribe, Method::message, Method::register_});
    return settings;
}

class Agent {
public:
    explicit Agent(const Endpoint& at = here, std::uint64_t seed = 1)
        : Agent{settings_at(at), seed} {}
    Agent(UserAgentSettings settings, std::uint64_t seed)
        : settings_{std::move(settings)}, random_{Random::from(seed)} {
        make();
    }

    Instant now{10s};
    std::vector<Seen> seen;
    std::vector<Transmit> sent;
    /// Called for each event at once, as the engine would, before the step ends.
    std::function<void(Agent&, const Seen&)> on_event;

    UserAgent& ua() { return *ua_; }
    void take(std::string_view bytes, const Hop& from = udp_hop(there)) {
        const std::string kept{bytes};
        ua_->take(kept, from, now, now);
        finish();
    }
    /// Drains what an order or an input led to.
    void finish() {
        while (const auto event = ua_->next_event()) {
            Seen copy;
            copy.at = event->at;
            std::visit(Copy{copy}, event->what);
            seen.push_back(copy);
            if (on_event) on_event(*this, copy);
        }
        for (auto& transmit : ua_->transmissions())
            sent.push_back(std::move(transmit));
        for (const SessionId id : ua_->changed_records())
            changed.push_back(id);
    }
    std::optional<Instant> next_deadline() const {
        const auto next = deadlines_->next();
        if (!next) return std::nullopt;
        return next->at;
    }
    /// Runs the deadlines that are due until then.
    void run_until(Instant then) {
        while (const auto due = deadlines_->pop(then)) {
            now = std::max(now, due->at);
            ua_->deadline(due->key, now);
            finish();
        }
        now = std::max(now, then);
    }
    void advance(Micros span) { run_until(now + span); }
    /// As `kill -9`: only what the records hold survives, over the codec.
    void restart(const std::vector<SessionId>& sessions, const Credentials& credentials = {}) {
        std::vector<std::string> journal;
        for (const SessionId id : sessions)
            if (const auto record = ua_->record(id)) encode(*record, journal.emplace_back());
        ua_.reset();
        make();
        for (const auto& bytes : journal) {
            const auto record = decode<SessionRecord>(bytes);
            if (!record || !ua_->restore(*record, now, credentials)) std::abort();
        }
        finish();
    }

    // ---- What tests ask. ------------------------------------------------------------------------

    std::vector<SessionId> changed;

    /// The messages sent since the last call.
    std::vector<Transmit> taken() { return std::exchange(sent, {}); }
    std::vector<Seen> told() { return std::exchange(seen, {}); }
    /// The names of the events since the last call: "InviteArrived SessionEnded".
    std::string names() {
        std::string out;
        for (const auto& event : told())
            out += (out.empty() ? "" : " ") + event.name;
        return out;
    }
    /// The start lines sent since the last call: "SIP/2.0 100 Trying|BYE sip:...".
    std::string lines() {
        std::string out;
        for (const auto& transmit : taken()) {
            if (!out.empty()) out += '|';
            out += transmit.bytes.substr(0, transmit.bytes.find("\r\n"));
        }
        return out;
    }
    /// Statuses and methods sent since the last call: "100 180 BYE".
    std::string brief() {
        std::string out;
        for (const auto& transmit : taken()) {
            if (!out.empty()) out += ' ';
            const auto& bytes = transmit.bytes;
            out += bytes.starts_with("SIP/2.0") ? bytes.substr(8, 3)
                                                : bytes.substr(0, bytes.find(' '));
        }
        return out;
    }
    bool is_idle() const {
        const auto counts = ua_->counts();
        return counts.sessions == 0 && counts.client_transactions == 0 &&
               counts.server_transactions == 0;
    }
    /// Runs until no deadline is left, and one input more, which sweeps.
    void run_out() {
        while (const auto next = next_deadline())
            run_until(*next);
        take("\r\n\r\n");
    }

private:
    void make() {
        while (deadlines_->pop(never)) {}
        ua_ = std::make_unique<UserAgent>(settings_, *deadlines_, random_);
    }
    UserAgentSettings settings_;
    std::unique_ptr<Deadlines> deadlines_{new Deadlines};
    Random random_;
    std::unique_ptr<UserAgent> ua_;
};

/// A header's value in a message; empty where it has none.
inline std::string header(std::string_view bytes, Header name) {
    Message message;
    static_cast<void>(message.read(bytes));
    return std::string{message.first(name).value_or("")};
}
inline std::string body(std::string_view bytes) {
    Message message;
    static_cast<void>(message.read(bytes));
    return std::string{message.body()};
}

/// A peer written by hand: requests with a dialog's tags, and responses to what we sent.
struct Peer {
    Endpoint at = there;
    std::string call_id = "call-1@192.0.2.21", tag = "ph42", to_tag;
    int cseq = 1;
    int branch = 0;

    std::string sent_by() const {
        return fmt::format("{}:{}", text_of(at.address).view(), at.port);
    }
    std::string request(std::string_view method,
                        std::string_view extra = {},
                        std::string_view body = {},
                        std::string_view branch_text = {}) {
        const auto own =
            branch_text.empty() ? fmt::format("z9hG4bK-p{}", ++branch) : std::string{branch_text};
        return fmt::format(
            "{0} sip:q-support@192.0.2.10 SIP/2.0\r\n"
            "Via: SIP/2.0/UDP {1};branch={2};rport\r\n"
            "Max-Forwards: 70\r\n"
            "From: \"Ann\" <sip:2101@acd.example.net>;tag={3}\r\n"
            "To: <sip:q-support@acd.example.net>{4}\r\n"
            "Call-ID: {5}\r\nCSeq: {6} {0}\r\n"
            "Contact: <sip:2101@{1}>\r\n{7}{8}Content-Length: {9}\r\n\r\n{10}",
            method,
            sent_by(),
            own,
            tag,
            to_tag.empty() ? "" : ";tag=" + to_tag,
            call_id,
            cseq,
            extra,
            body.empty() ? "" : "Content-Type: application/sdp\r\n",
            body.size(),
            body);
    }
    /// A response to a request of ours. `tag` of the peer is added where To has none.
    std::string response(std::string_view request,
                         int status,
                         std::string_view extra = {},
                         std::string_view body = {},
                         std::string_view own_tag = {}) const {
        Message asked;
        static_cast<void>(asked.read(request));
        std::string out = fmt::format("SIP/2.0 {} {}\r\n", status, reason_phrase(status));
        Writer writer{out};
        writer.copy_all(asked, Header::via).copy_all(asked, Header::from);
        std::string to{*asked.first(Header::to)};
        if (asked.to_tag().empty() && status > 100)
            to += ";tag=" + std::string{own_tag.empty() ? tag : own_tag};
        writer.field(Header::to, to);
        writer.copy_all(asked, Header::call_id).copy_all(asked, Header::cseq);
        out += fmt::format("Contact: <sip:2101@{}>\r\n{}", sent_by(), extra);
        writer.finish("application/sdp", body);
        return out;
    }
};

/// An order to call `there` by UDP.
inline InviteOrder order_to(const Endpoint& at = there) {
    InviteOrder order;
    order.request_uri = fmt::format("sip:2101@{}:{}", text_of(at.address).view(), at.port);
    order.targets = {udp_hop(at)};
    order.from_display = "Support";
    order.from_uri = "sip:q-support@acd.example.net";
    order.to_uri = "sip:2101@acd.example.net";
    order.contact_user = "acd";
    order.offer = sdp(1);
    return order;
}

}  // namespace holdfast::sip::test
