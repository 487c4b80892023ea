// SRTP with keys in SDP (RFC 4568): whose sound is encrypted, and with what.
#include "base/ensure.hpp"
#include "engine/legs.hpp"
#include "sip/crypto_attribute.hpp"

#include <algorithm>

namespace holdfast::engine {

bool may_have_srtp(const Settings& settings, DeviceId device, bool over_tls) {
    return device && settings.devices[device.value - 1].srtp != SrtpUse::off &&
           (over_tls || settings.media.srtp_without_tls);
}

void Legs::make_keys(Leg& leg) {
    if (!leg.local.secure && !context_.settings.media.srtp_without_tls) return;
    for (auto& text : leg.local.keys) {
        SrtpKey key{};
        for (auto& octet : key)
            octet = static_cast<std::uint8_t>(key_random_.u32());
        text = sip::crypto_text(key);
    }
}

sip::LocalSrtp Legs::local_srtp(const Leg& leg) const {
    sip::LocalSrtp srtp;
    if (!leg.device || leg.trunk) return srtp;
    const bool required = context_.settings.devices[leg.device.value - 1].srtp == SrtpUse::required;
    srtp.insists = required;
    srtp.answers = may_have_srtp(context_.settings, leg.device, leg.local.secure);
    // Within a dialog the profile stays what it is.
    const bool wanted =
        leg.negotiated ? leg.agreed.srtp.has_value() : ask_for_srtp_.contains(leg.device);
    srtp.offers = srtp.answers && (required || wanted);
    srtp.keys = leg.local.keys;
    return srtp;
}

/// A phone whose own offer is for SRTP is offered it in turn.
void Legs::note_wish(const Leg& leg, const sip::sdp::Description& offer) {
    if (!leg.device) return;
    const bool asks = std::any_of(offer.media.begin(), offer.media.end(), [](const auto& media) {
        return media.port != 0 && !media.cryptos.empty() && media.protocol == "RTP/SAVP";
    });
    if (asks)
        ask_for_srtp_.insert(leg.device);
    else
        ask_for_srtp_.erase(leg.device);
}

/// The media process that counted its packets is dead: no key may protect two packets of one
/// number (RFC 3711 9.1), so that a new one begins with a new key.
void Legs::rekey(Leg& leg) {
    if (!leg.negotiated || !leg.agreed.srtp || !was_answered(leg)) return;
    make_keys(leg);
    offer_again(leg, {});
}

}  // namespace holdfast::engine
