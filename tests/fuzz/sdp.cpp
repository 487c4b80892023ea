// Any bytes as a session description: as an offer it is answered by the rules of RFC 3264 or
// refused, as an answer to our offer it is taken or refused.
#include "sip/sdp.hpp"

#include "fuzz/fuzz.hpp"
#include "sip/negotiation.hpp"

using namespace holdfast;
using namespace holdfast::sip;

namespace {

LocalMedia local_media(sdp::Direction direction) {
    LocalMedia local;
    local.rtp = {IpAddress::v4(192, 0, 2, 10), 20000};
    for (const auto codec : {Codec::opus, Codec::g722, Codec::pcma, Codec::pcmu})
        static_cast<void>(local.codecs.push_back(codec));
    local.direction = direction;
    local.session_id = 7;
    return local;
}

bool sends(sdp::Direction d) {
    return d == sdp::Direction::sendrecv || d == sdp::Direction::sendonly;
}
bool receives(sdp::Direction d) {
    return d == sdp::Direction::sendrecv || d == sdp::Direction::recvonly;
}

bool offers(const sdp::Media& media, std::uint8_t payload) {
    for (const auto& format : media.formats)
        if (format.payload == payload) return true;
    return false;
}

void check_answer(const sdp::Description& offer, const LocalMedia& local, const Answer& answer) {
    const auto text = sdp::parse(answer.text);
    ensure(text.has_value(), "our answer can be read");
    ensure(text->media.size() == offer.media.size(), "as many streams as were offered");
    std::size_t used = 0;
    for (std::size_t i = 0; i < text->media.size(); ++i) {
        const auto& ours = text->media[i];
        const auto& theirs = offer.media[i];
        ensure(ours.kind == theirs.kind && ours.protocol == theirs.protocol, "stream for stream");
        if (ours.port == 0) continue;
        ++used;
        const auto direction = text->direction_of(ours);
        ensure(!sends(direction) || receives(offer.direction_of(theirs)), "no more is sent");
        ensure(!receives(direction) || sends(offer.direction_of(theirs)), "no more is taken");
        ensure(!sends(direction) || sends(local.direction), "no more than wanted");
        for (const auto& format : ours.formats)
            ensure(offers(theirs, format.payload), "a format of the offer");
        for (const auto& codec : answer.agreed.codecs)
            ensure(offers(theirs, codec.payload), "a codec of the offer");
    }
    ensure(used == 1 && !answer.agreed.codecs.empty(), "one stream is used");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto description = sdp::parse(fuzz::text_of(data, size));
    if (!description) return 0;
    for (const auto direction : {sdp::Direction::sendrecv,
                                 sdp::Direction::sendonly,
                                 sdp::Direction::recvonly,
                                 sdp::Direction::inactive}) {
        const auto local = local_media(direction);
        if (const auto answer = answer_to(*description, local))
            check_answer(*description, local, *answer);
        if (const auto agreed = agreed_from(*description, local))
            ensure(!agreed->codecs.empty() && agreed->ptime_ms >= 10 && agreed->ptime_ms <= 60,
                   "what is agreed can be packed");
    }
    return 0;
}
