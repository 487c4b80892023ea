// Any sequence of datagrams to a user agent whose engine does what the input says. Each message
// ends with NUL; before it stand two bytes: what the engine does, and the time that passes. In a
// message, @b @c @t stand for branch, Call-ID and From tag of our last request, @T for the To tag
// of our last response. At the end nothing may be left.
#include "fuzz/fuzz.hpp"
#include "sip/user_agent.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

using namespace holdfast;
using namespace holdfast::sip;

namespace {

constexpr std::string_view sdp =
    "v=0\r\no=- 1 1 IN IP4 h\r\ns=-\r\nt=0 0\r\nm=audio 4 RTP/AVP 8\r\n";

class Fuzzed {
public:
    Fuzzed() : agent_{settings(), *deadlines_, random_} { call(); }

    void take(std::uint8_t choice, std::uint8_t time, std::string_view text) {
        choice_ = choice;
        run_until(now_ + Micros{4ms} * time * time);
        const std::string bytes = filled_in(text);
        Hop from = hop_;
        if ((choice & 0x40) != 0) from.remote.address = IpAddress::v4(203, 0, 113, 1);
        agent_.take(bytes, from, now_, now_);
        finish();
        act();
        finish();
    }
    void finish_all() {
        for (const SessionId session : std::vector{sessions_})
            agent_.end(session, {}, now_);
        finish();
        for (auto next = deadlines_->next(); next; next = deadlines_->next())
            run_until(next->at);
        agent_.take("\r\n", hop_, now_, now_);
        const auto counts = agent_.counts();
        ensure(counts.sessions + counts.client_transactions + counts.server_transactions == 0,
               "nothing is left when no deadline is");
    }

private:
    static UserAgentSettings settings() {
        UserAgentSettings out;
        const Endpoint here{IpAddress::v4(192, 0, 2, 10), 5060};
        out.listeners = {{ListenerId{1}, Transport::udp, here, "192.0.2.10", 5060}};
        for (const auto method : {Method::refer, Method::notify, Method::message})
            out.allow.push_back(method);
        return out;
    }
    void call() {
        InviteOrder order;
        order.request_uri = "sip:a@192.0.2.21";
        order.targets = {hop_, hop_};
        order.from_uri = order.to_uri = "sip:b@example.net";
        order.offer = sdp;
        order.credentials = {"u", "p", "r"};
        agent_.invite(order, now_);
        finish();
    }
    void act() {
        if (sessions_.empty()) return;
        const SessionId session = sessions_[choice_ % sessions_.size()];
        switch (choice_ & 7) {
            case 1:
                return agent_.end(session, "SIP;cause=200", now_);
            case 2:
                return agent_.offer(session, sdp, now_);
            case 3:
                agent_.request_in_dialog(session, Method::info, {}, {}, {}, now_);
                return;
            case 4:
                return agent_.rebind(session, hop_, now_);
            case 5:
                if (const auto record = agent_.record(session))
                    ensure(!agent_.restore(*record, now_), "a session that lives is not restored");
                return;
            default:
                return;
        }
    }
    void hear(const InviteArrived& e) {
        sessions_.push_back(e.session);
        if ((choice_ & 8) != 0) agent_.progress(e.session, 183, sdp, now_);
        if ((choice_ & 16) != 0) return agent_.answer(e.session, sdp, {}, now_);
        if ((choice_ & 32) != 0) agent_.refuse(e.session, 486, {}, now_), sessions_.pop_back();
    }
    void hear(const OfferArrived& e) {
        if ((choice_ & 16) != 0)
            agent_.accept_offer(e.session, sdp, now_);
        else
            agent_.refuse_offer(e.session, 488, now_);
    }
    void hear(const RequestArrived& e) { agent_.respond(e.transaction, 200, {}, {}, {}, now_); }
    void hear(const SessionRefused& e) { std::erase(sessions_, e.session); }
    void hear(const SessionEnded& e) { std::erase(sessions_, e.session); }
    void hear(const SessionAnswered& e) { sessions_.push_back(e.session); }
    template <class Other>
    void hear(const Other&) {}

    void finish() {
        while (const auto event = agent_.next_event())
            std::visit([this](const auto& what) { hear(what); }, event->what);
        for (auto& transmit : agent_.transmissions())
            learn(transmit.bytes);
        agent_.changed_records();
    }
    void learn(const std::string& bytes) {
        Message message;
        static_cast<void>(message.read(bytes));
        if (!message.is_request()) {
            to_tag_ = message.to_tag();
            return;
        }
        branch_ = message.via().branch;
        call_id_ = message.call_id();
        from_tag_ = message.from_tag();
    }
    std::string filled_in(std::string_view text) const {
        std::string out;
        for (std::size_t i = 0; i < text.size(); ++i) {
            const char next = text[i] == '@' && i + 1 < text.size() ? text[i + 1] : '\0';
            const std::string* known = next == 'b'   ? &branch_
                                       : next == 'c' ? &call_id_
                                       : next == 't' ? &from_tag_
                                       : next == 'T' ? &to_tag_
                                                     : nullptr;
            if (known == nullptr)
                out += text[i];
            else
                out += *known, ++i;
        }
        return out;
    }
    void run_until(Instant then) {
        while (const auto due = deadlines_->pop(then)) {
            now_ = std::max(now_, due->at);
            agent_.deadline(due->key, now_);
            finish();
        }
        now_ = std::max(now_, then);
    }

    static inline const std::unique_ptr<Deadlines> deadlines_{new Deadlines};
    Random random_ = Random::from(1);
    Hop hop_{Transport::udp, ListenerId{1}, {}, {IpAddress::v4(192, 0, 2, 21), 5060}};
    UserAgent agent_;
    Instant now_{10s};
    std::uint8_t choice_ = 0;
    std::vector<SessionId> sessions_;
    std::string branch_, call_id_, from_tag_, to_tag_;
};

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Fuzzed fuzzed;
    auto rest = fuzz::text_of(data, size);
    for (int messages = 0; rest.size() > 2 && messages < 64; ++messages) {
        const auto choice = static_cast<std::uint8_t>(rest[0]);
        const auto time = static_cast<std::uint8_t>(rest[1]);
        rest.remove_prefix(2);
        const auto end = rest.find('\0');
        fuzzed.take(choice, time, rest.substr(0, end));
        rest = end == rest.npos ? std::string_view{} : rest.substr(end + 1);
    }
    fuzzed.finish_all();
    return 0;
}
