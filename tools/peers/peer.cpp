#include "peers/peer.hpp"

#include "sip/sdp.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace holdfast::peers {
namespace {

sip::UserAgentSettings settings_at(const Endpoint& at, bool assures) {
    sip::UserAgentSettings s;
    s.listeners = {
        {ListenerId{1}, sip::Transport::udp, at, std::string{text_of(at.address).view()}, at.port}};
    s.product = "peer";
    s.assures = assures;
    s.allow.push_back(sip::Method::notify);
    s.allow.push_back(sip::Method::refer);
    return s;
}

}  // namespace

Peer::Peer(const Endpoint& at, std::uint64_t seed)
    : at_{at},
      random_{Random::from(seed)},
      sip_{std::make_unique<sip::UserAgent>(settings_at(at, seed % 2 == 1), *deadlines_, random_)} {
    local_.rtp = {at.address, static_cast<std::uint16_t>(at.port + 10'000)};
    static_cast<void>(local_.codecs.push_back(AudioCodec::pcma));
    static_cast<void>(local_.codecs.push_back(AudioCodec::pcmu));
    local_.session_id = random_.u32();
}

Peer::~Peer() = default;

void Peer::take(std::string_view bytes, const Endpoint& from, Instant now) {
    now_ = std::max(now_, now);
    sip_->take(bytes, hop_to(from), now_, now_);
    settle();
}

void Peer::run(Instant now) {
    now_ = std::max(now_, now);
    while (const auto due = deadlines_->pop(now_)) {
        if (due->key.owner == DeadlineOwner::engine) {
            auto node = later_.extract(due->key.id);
            if (!node.empty()) node.mapped().what();
        } else if (due->key.owner == DeadlineOwner::transaction ||
                   due->key.owner == DeadlineOwner::session) {
            sip_->deadline(due->key, now_);
        } else {
            on_deadline(due->key);
        }
        settle();
    }
}

void Peer::settle() {
    while (const auto event = sip_->next_event())
        std::visit([this](const auto& e) { on(e); }, event->what);
    static_cast<void>(sip_->changed_records());
}

void Peer::on(const sip::OfferArrived& event) {
    sip_->accept_offer(event.session, event.sdp.empty() ? offer() : answer(event.sdp), now_);
}

void Peer::on(const sip::RequestArrived& event) {
    sip_->respond(event.transaction, 200, {}, {}, {}, now_);
}

std::optional<Instant> Peer::next_deadline() const {
    const auto next = deadlines_->next();
    if (!next) return std::nullopt;
    return next->at;
}

std::vector<sip::Transmit> Peer::take_sent() {
    return sip_->transmissions();
}

void Peer::after(Micros span, std::function<void()> what) {
    const auto id = next_later_++;
    auto& later = later_[id];
    later.what = std::move(what);
    deadlines_->arm(later.timer, now_ + span, {DeadlineOwner::engine, 0, id});
}

sip::Hop Peer::hop_to(const Endpoint& to) const {
    return {sip::Transport::udp, ListenerId{1}, {}, to};
}

std::string Peer::uri_here(std::string_view user) const {
    return fmt::format("sip:{}@{}:{}", user, text_of(at_.address).view(), at_.port);
}

std::string Peer::offer(sip::sdp::Direction direction) {
    ++local_.version;
    local_.direction = direction;
    return sip::print_offer(local_);
}

std::string Peer::answer(std::string_view offer) {
    const auto parsed = sip::sdp::parse(offer);
    if (!parsed) return {};
    ++local_.version;
    local_.direction = sip::sdp::Direction::sendrecv;
    auto made = sip::answer_to(*parsed, local_);
    return made ? std::move(made->text) : std::string{};
}

}  // namespace holdfast::peers
