// tools/peers/peer.hpp: a SIP party that is not us, for the simulator and the load generator: a
// user agent with its own deadlines and randomness, and no socket. Phones and callers are made of
// it.
#pragma once
#include "base/deadlines.hpp"
#include "base/random.hpp"
#include "sip/negotiation.hpp"
#include "sip/user_agent.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace holdfast::peers {

class Peer {
public:
    /// Every other one wants its provisional responses to arrive (RFC 3262).
    Peer(const Endpoint& at, std::uint64_t seed);
    virtual ~Peer();
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;

    void take(std::string_view bytes, const Endpoint& from, Instant now);
    /// Runs what is due.
    void run(Instant now);
    std::optional<Instant> next_deadline() const;
    std::vector<sip::Transmit> take_sent();
    const Endpoint& at() const { return at_; }
    sip::UserAgent::Counts counts() const { return sip_->counts(); }
    bool idle() const { return sip_->counts().sessions == 0; }
    /// Where its sound shall be sent to, in every later offer and answer.
    void listen_at(const Endpoint& rtp) { local_.rtp = rtp; }

protected:
    // What a peer makes of each event; by itself it says yes to offers and requests.
    virtual void on(const sip::InviteArrived&) {}
    virtual void on(const sip::SessionRang&) {}
    virtual void on(const sip::SessionAnswered&) {}
    virtual void on(const sip::SessionRefused&) {}
    virtual void on(const sip::SessionAcked&) {}
    virtual void on(const sip::OfferArrived& event);
    virtual void on(const sip::OfferAnswered&) {}
    virtual void on(const sip::OfferRefused&) {}
    virtual void on(const sip::SessionEnded&) {}
    virtual void on(const sip::DigitArrived&) {}
    virtual void on(const sip::RequestArrived& event);
    virtual void on(const sip::RequestAnswered&) {}
    virtual void on(const sip::MessageRefused&) {}
    /// A deadline that is neither SIP's nor of `after`.
    virtual void on_deadline(const DeadlineKey&) {}

    /// Does something later. All of it is forgotten with the peer.
    void after(Micros span, std::function<void()> what);
    /// Drains events; call it after every order given outside `on`.
    void settle();
    sip::Hop hop_to(const Endpoint& to) const;
    std::string uri_here(std::string_view user) const;
    /// Our SDP as offer; a new version whenever the direction changes.
    std::string offer(sip::sdp::Direction direction = sip::sdp::Direction::sendrecv);
    std::string answer(std::string_view offer);

    Endpoint at_;
    Instant now_{};
    Random random_;
    std::unique_ptr<Deadlines> deadlines_ = std::make_unique<Deadlines>();
    std::unique_ptr<sip::UserAgent> sip_;
    sip::LocalMedia local_;

private:
    struct Later {
        Timer timer;
        std::function<void()> what;
    };
    std::unordered_map<std::uint32_t, Later> later_;
    std::uint32_t next_later_ = 1;
};

}  // namespace holdfast::peers
