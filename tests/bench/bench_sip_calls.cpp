// Whole calls through the user agent, as UAS and as UAC, without a network: what a call costs the
// signalling thread apart from the engine.
#include "bench/bench.hpp"
#include "sip/user_agent.hpp"

#include <fmt/format.h>

#include <memory>
#include <string>

using namespace holdfast;
using namespace holdfast::sip;

namespace {

constexpr std::string_view sdp =
    "v=0\r\no=- 1 1 IN IP4 192.0.2.21\r\ns=-\r\nc=IN IP4 192.0.2.21\r\nt=0 0\r\n"
    "m=audio 4000 RTP/AVP 8 0 101\r\na=rtpmap:101 telephone-event/8000\r\na=sendrecv\r\n";

struct Exchange {
    std::unique_ptr<Deadlines> deadlines{new Deadlines};
    Random random = Random::from(1);
    Endpoint peer{IpAddress::v4(192, 0, 2, 21), 5060};
    Hop hop{Transport::udp, ListenerId{1}, {}, peer};
    UserAgent agent{settings(), *deadlines, random};
    Instant now{};
    std::uint64_t calls = 0;
    SessionId session;

    static UserAgentSettings settings() {
        UserAgentSettings out;
        const Endpoint here{IpAddress::v4(192, 0, 2, 10), 5060};
        out.listeners = {{ListenerId{1}, Transport::udp, here, "192.0.2.10", 5060}};
        return out;
    }
    std::string request(std::string_view method,
                        int cseq,
                        std::string_view to_tag,
                        std::string_view body = {}) const {
        return fmt::format(
            "{0} sip:support@192.0.2.10 SIP/2.0\r\n"
            "Via: SIP/2.0/UDP 192.0.2.21:5060;branch=z9hG4bK{1}{0};rport\r\n"
            "Max-Forwards: 70\r\nFrom: \"Ann\" <sip:ann@example.net>;tag=a{1}\r\n"
            "To: <sip:support@example.net>{2}{3}\r\nCall-ID: {1}@192.0.2.21\r\nCSeq: {4} {0}\r\n"
            "Contact: <sip:ann@192.0.2.21:5060>\r\nAllow: INVITE, ACK, BYE, CANCEL, UPDATE\r\n"
            "Supported: timer, replaces\r\nUser-Agent: Desk\r\n{5}Content-Length: {6}\r\n\r\n{7}",
            method,
            calls,
            to_tag.empty() ? "" : ";tag=",
            to_tag,
            cseq,
            body.empty() ? "" : "Content-Type: application/sdp\r\n",
            body.size(),
            body);
    }
    std::vector<Transmit> take(std::string_view bytes) {
        agent.take(bytes, hop, now, now);
        while (const auto event = agent.next_event())
            if (const auto* arrived = std::get_if<InviteArrived>(&event->what))
                session = arrived->session;
        return agent.transmissions();
    }
    void let_time_pass() {
        now += 20ms;
        while (const auto due = deadlines->pop(now)) {
            agent.deadline(due->key, now);
            while (agent.next_event()) {}
            agent.transmissions();
        }
        agent.changed_records();
    }

    /// INVITE, 100, 180, 200, ACK, BYE, 200 as UAS. The peer's messages are printed as well.
    void call_in() {
        ++calls;
        take(request("INVITE", 1, {}, sdp));
        agent.progress(session, 180, {}, now);
        agent.answer(session, sdp, {}, now);
        const auto sent = agent.transmissions();
        Message ok;
        bench::keep(ok.read(sent.back().bytes));
        const std::string tag{ok.to_tag()};
        take(request("ACK", 1, tag));
        take(request("BYE", 2, tag));
        let_time_pass();
    }
};

}  // namespace

int main() {
    bench::print_head();
    auto in = std::make_unique<Exchange>();
    bench::print("a whole call as UAS, with 1,600 calls' transactions",
                 bench::time([&] { in->call_in(); }, 400, 20));
    auto printing = std::make_unique<Exchange>();
    bench::print("of that, printing the peer's three requests", bench::time([&] {
                     ++printing->calls;
                     bench::keep(printing->request("INVITE", 1, {}, sdp));
                     bench::keep(printing->request("ACK", 1, "0123456789abcdef01234567"));
                     bench::keep(printing->request("BYE", 2, "0123456789abcdef01234567"));
                 }));
    auto flood = std::make_unique<Exchange>();
    const auto refused = flood->request("BYE", 1, "nobody");
    bench::print("a BYE out of the blue: 481", bench::time([&] { flood->take(refused); }));
    const auto invite = flood->request("INVITE", 1, {}, sdp);
    flood->take(invite);
    bench::print("a repeated INVITE: 100 again", bench::time([&] { flood->take(invite); }));
}
