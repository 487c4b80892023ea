#include "media/source_lock.hpp"

namespace holdfast::media {

using namespace source_lock;

void SourceLock::Trial::take(const Endpoint& source, const RtpHeader& header) {
    const bool follows = in_sequence > 0 && source == from && header.ssrc == last.ssrc &&
                         header.payload_type == last.payload_type &&
                         header.sequence == static_cast<std::uint16_t>(last.sequence + 1);
    in_sequence = follows ? in_sequence + 1 : 1;
    from = source;
    last = header;
}

void SourceLock::configure(const Endpoint& remote, const IpAddress& signalling_source) {
    const bool same_terms = remote == remote_ && signalling_source == signalling_source_;
    if (!same_terms) earlier_source_ = {};
    if (same_terms && locked()) earlier_source_ = source_;
    remote_ = remote;
    signalling_source_ = signalling_source;
    step<Machine>(state_, configured, *this);
}

Event SourceLock::kind_of(const Endpoint& from) const {
    if (state_ == unconfigured) return foreign_packet;
    if (state_ == source_lock::locked) return from == source_ ? locked_packet : foreign_packet;
    if (from == remote_ || (earlier_source_.port != 0 && from == earlier_source_))
        return named_packet;
    return signalling_source_ && from.address == signalling_source_ ? nat_packet : foreign_packet;
}

SourceLock::Answer SourceLock::take(const Endpoint& from, const RtpHeader& header) {
    answer_ = {};
    const Event kind = kind_of(from);
    trial_ = kind == nat_packet ? &nat_ : &named_;
    if (kind == named_packet) {
        named_.take(from, header);
        nat_.in_sequence = 0;  // while the party sends from where it said, no other is believed
    }
    if (kind == nat_packet) nat_.take(from, header);
    step<Machine>(state_, kind, *this);
    return answer_;
}

bool SourceLock::holds(Guard guard) const {
    return guard == proven && trial_->in_sequence >= packets_to_lock;
}

void SourceLock::perform(Action action) {
    switch (action) {
        case forget:
            named_.in_sequence = 0;
            nat_.in_sequence = 0;
            return;
        case lock:
            source_ = trial_->from;
            answer_.just_locked = true;
            return;
        case pass:
            answer_.verdict = Verdict::pass;
            return;
        case drop:
            answer_.verdict = Verdict::foreign;
            return;
    }
}

}  // namespace holdfast::media
