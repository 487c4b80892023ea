// The SDP side of a leg: offers, answers, holds, and what follows for the media process.
#include "base/ensure.hpp"
#include "engine/legs.hpp"
#include "sip/crypto_attribute.hpp"
#include "sip/sdp.hpp"

#include <algorithm>

namespace holdfast::engine {

constexpr std::string_view not_acceptable = "SIP;cause=488;text=\"Not Acceptable Here\"";

void append_missing(std::vector<AudioCodec>& codecs, const std::vector<AudioCodec>& others) {
    for (const AudioCodec codec : others)
        if (std::ranges::find(codecs, codec) == codecs.end()) codecs.push_back(codec);
}

void Legs::prefer_codecs_of(const Leg& other, Leg& leg) const {
    if (leg.negotiated) return;
    const auto could = std::exchange(leg.local.codecs, {});
    for (const auto& agreed : other.agreed.codecs)
        leg.local.codecs.push_back(agreed.codec);
    // On a trunk, no more than the settings say of it.
    if (leg.trunk)
        std::erase_if(leg.local.codecs,
                      [&](auto codec) { return std::ranges::find(could, codec) == could.end(); });
    if (context_.settings.media.transcodes) append_missing(leg.local.codecs, could);
}

sip::LocalMedia Legs::local_media(const Leg& leg) const {
    sip::LocalMedia local;
    const auto& media = context_.settings.media;
    local.rtp = {media.advertise ? media.advertise : media.bind, leg.port};
    for (const AudioCodec codec : leg.local.codecs)
        if (!local.codecs.push_back(codec)) break;
    local.session_id = leg.local.session_id;
    local.version = leg.local.version;
    local.srtp = local_srtp(leg);
    return local;
}

void Legs::send_invite(Leg& leg) {
    auto node = invites_.extract(leg.id);
    ensure(!node.empty(), "a leg is called once");
    node.mapped().offer = sip::print_offer(local_media(leg));
    leg.local.sent = true;
    leg.session = context_.sip.invite(node.mapped(), context_.now);
    by_session_.emplace(leg.session, leg.id);
}

/// Our answer to the INVITE's offer, or our offer where it had none. The same text in 183 and 200.
std::optional<std::string> Legs::first_sdp(Leg& leg) {
    if (leg.remote_offer.empty()) {
        leg.local.sent = true;
        return sip::print_offer(local_media(leg));
    }
    const auto offer = sip::sdp::parse(leg.remote_offer);
    if (!offer) return std::nullopt;
    note_wish(leg, *offer);
    auto answer = sip::answer_to(*offer, local_media(leg));
    if (!answer) return std::nullopt;
    leg.agreed = answer->agreed;
    leg.negotiated = true;
    leg.local.sent = true;
    configure(leg);
    return std::move(answer->text);
}

void Legs::send_early(Leg& leg) {
    // An offer of ours in an unreliable 183 could not be answered (RFC 3261 13.2.1): ring instead.
    if (leg.remote_offer.empty()) return context_.sip.progress(leg.session, 180, {}, context_.now);
    if (const auto sdp = first_sdp(leg))
        context_.sip.progress(leg.session, 183, *sdp, context_.now);
    else
        refuse_sdp(leg);
}

void Legs::send_answer(Leg& leg) {
    const auto sdp = first_sdp(leg);
    if (!sdp) return refuse_sdp(leg);
    context_.sip.answer(leg.session, *sdp, {}, context_.now);
    Leg* peer = find(leg.peer);  // joined before it was known what it speaks
    if (peer == nullptr || peer->peer != leg.id) return;
    agree_codecs(*peer, leg);
    agree_codecs(leg, *peer);
}

/// No codec in common, or no audio: 488, and whoever made the leg hears of it.
void Legs::refuse_sdp(Leg& leg) {
    refuse(leg, 488);
    leg.state = static_cast<std::uint8_t>(inbound::over);
    close_media(leg);
    events_.push_back({LegEvent::What::no_media, leg.id, 488});
}

/// What the peer's answer to our offer came to; false where we cannot use it.
bool Legs::take_answer(Leg& leg, std::string_view sdp) {
    const auto answer = sip::sdp::parse(sdp);
    if (!answer) return false;
    const auto agreed = sip::agreed_from(*answer, local_media(leg));
    if (!agreed) return false;
    const bool same = leg.negotiated && leg.agreed == *agreed;
    leg.agreed = *agreed;
    leg.negotiated = true;
    if (!same) configure(leg);
    return true;
}

void Legs::accepted(Leg& leg, std::string_view sdp) {
    if (!take_answer(leg, sdp)) {
        // It answered with what we cannot use: that phone has not taken the call.
        context_.sip.end(leg.session, not_acceptable, context_.now);
        return outbound_step(leg, outbound::refused, 488);
    }
    outbound_step(leg, outbound::accepted);
}

bool Legs::acked(Leg& leg, std::string_view sdp) {
    if (sdp.empty()) return false;
    const bool held = leg.agreed.peer_holds;
    if (!take_answer(leg, sdp)) context_.sip.end(leg.session, not_acceptable, context_.now);
    return held != leg.agreed.peer_holds;
}

/// Codecs as before, where the peer still has one of them; else whatever can be transcoded.
std::expected<sip::Answer, sip::Fault> Legs::answer_again(const sip::sdp::Description& offer,
                                                          Leg& leg,
                                                          std::uint64_t version) const {
    auto local = local_media(leg);
    local.version = version;
    auto answer = sip::answer_to(offer, local);
    if (answer || !context_.settings.media.transcodes || leg.trunk) return answer;
    append_missing(leg.local.codecs, context_.settings.media.codecs);
    local = local_media(leg);
    local.version = version;
    return sip::answer_to(offer, local);
}

bool Legs::reoffered(Leg& leg, std::string_view sdp) {
    touch(leg);
    if (sdp.empty()) {
        // Our full capability and our own state, never the last answer's direction (RFC 3261 14.2).
        ++leg.local.version;
        // The ACK brings the peer's answer, and with it whether it holds.
        context_.sip.accept_offer(leg.session, sip::print_offer(local_media(leg)), context_.now);
        return false;
    }
    const bool held = leg.negotiated && leg.agreed.peer_holds;
    const auto offer = sip::sdp::parse(sdp);
    const auto answer =
        offer ? answer_again(*offer, leg, leg.local.version + 1) : std::unexpected{offer.error()};
    if (!answer) {
        context_.sip.refuse_offer(leg.session, 488, context_.now);
        return false;
    }
    if (!leg.negotiated || !(answer->agreed == leg.agreed)) {
        ++leg.local.version;
        leg.agreed = answer->agreed;
        leg.negotiated = true;
        configure(leg);
        context_.sip.accept_offer(leg.session, answer->text, context_.now);
    } else {
        // The same session again: the answer repeats itself, version and all (RFC 3264 8).
        const auto same = sip::answer_to(*offer, local_media(leg));
        context_.sip.accept_offer(leg.session, same->text, context_.now);
    }
    return held != leg.agreed.peer_holds;
}

bool Legs::reoffer_answered(Leg& leg, std::string_view sdp) {
    const bool held = leg.agreed.peer_holds;
    if (!take_answer(leg, sdp))
        context_.log(
            LogLevel::warning, "leg {}: an answer to our offer that we cannot use", leg.id.value);
    return held != leg.agreed.peer_holds;
}

void Legs::offer_again(Leg& leg, std::span<const sip::ExtraHeader> extra) {
    ++leg.local.version;
    context_.sip.offer(leg.session, sip::print_offer(local_media(leg)), context_.now, extra);
    touch(leg);
}

void Legs::keep_digits(Leg& leg, bool keep) {
    if (std::exchange(leg.local.keeps_digits, keep) != keep && leg.negotiated) configure(leg);
}

void Legs::configure(Leg& leg) {
    using sip::sdp::Direction;
    const auto& a = leg.agreed;
    media::Configure c;
    c.media = media_of(leg.id);
    c.remote_rtp = a.remote_rtp;
    c.remote_rtcp = a.remote_rtcp;
    c.signalling_source = leg.signalling_source;
    for (const auto& codec : a.codecs)
        c.codecs.push_back({codec.payload, codec.codec});
    c.telephone_event = a.telephone_event;
    c.detect_inband_digits =
        leg.trunk && context_.settings.trunks[leg.trunk.value - 1].digits == DigitMode::inband;
    c.sends =
        a.remote_direction == Direction::sendrecv || a.remote_direction == Direction::recvonly;
    if (a.remote_rtp.address.unspecified()) c.sends = false;
    c.receives = a.remote_direction != Direction::inactive;
    c.ptime_ms = a.ptime_ms;
    if (a.srtp) {
        const auto send = sip::crypto_key(leg.local.keys[static_cast<std::size_t>(a.srtp->suite)]);
        const auto receive = sip::crypto_key(a.srtp->key);
        ensure(send && receive, "SRTP was agreed on without keys");
        // NOLINTNEXTLINE(bugprone-unchecked-optional-access): both are there
        c.srtp = media::SrtpKeys{a.srtp->suite, *send, *receive};
    }
    c.keeps_digits = leg.local.keeps_digits;
    c.reports_voice = leg.role != Role::feature;
    c.reports_mute = c.reports_voice && leg.device;
    const auto& s = context_.settings.media;
    const bool must_sound = !a.peer_holds;
    if (must_sound) c.silence_limit = leg.device ? s.phone_silent_after : s.ghost_after;
    context_.media(std::move(c));
    if (leg.local.masks_digits) context_.media(media::MaskDigits{media_of(leg.id), true});
    leg.silent_since = never;
    touch(leg);
}

void Legs::hear(Leg& leg, decltype(Leg::hears) what) {
    leg.hears = what;
    context_.media(media::Hear{media_of(leg.id), what});
    touch(leg);
}

void Legs::join(Leg& a, Leg& b) {
    if (a.peer != b.id) separate(a);  // nobody is heard by two
    if (b.peer != a.id) separate(b);
    a.peer = b.id;
    b.peer = a.id;
    hear(a, media::HearEndpoint{media_of(b.id)});
    hear(b, media::HearEndpoint{media_of(a.id)});
    agree_codecs(a, b);
    agree_codecs(b, a);
}

/// Where the codec that `leg` sends first is none of the other's, `leg` is asked to use the
/// other's.
void Legs::agree_codecs(Leg& leg, const Leg& other) {
    if (!leg.negotiated || !other.negotiated) return;
    const auto has = [&](AudioCodec codec) {
        return std::ranges::any_of(other.agreed.codecs,
                                   [&](const auto& c) { return c.codec == codec; });
    };
    if (has(leg.agreed.codecs[0].codec)) return;
    std::vector<AudioCodec> common;
    for (const auto& c : leg.agreed.codecs)
        if (has(c.codec)) common.push_back(c.codec);
    if (common.empty()) return;
    leg.local.codecs = std::move(common);
    ++leg.local.version;
    context_.sip.offer(leg.session, sip::print_offer(local_media(leg)), context_.now);
    touch(leg);
}

void Legs::separate(Leg& leg) {
    if (Leg* peer = find(leg.peer); peer != nullptr && peer->peer == leg.id) {
        peer->peer = {};
        if (peer->port != 0) hear(*peer, media::HearNothing{});
    }
    leg.peer = {};
    touch(leg);
}

}  // namespace holdfast::engine
