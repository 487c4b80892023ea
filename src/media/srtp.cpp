#include "media/srtp.hpp"

#include "base/ensure.hpp"

#include <srtp2/srtp.h>

#include <algorithm>

namespace holdfast::media {
namespace {

constexpr unsigned long replay_window = 1024;  // packets; more than any jitter buffer holds

void start_library() {
    static const bool started = srtp_init() == srtp_err_status_ok;
    ensure(started, "libsrtp does not start");
}

}  // namespace

void Srtp::Release::operator()(srtp_ctx_t_* session) const {
    static_cast<void>(srtp_dealloc(session));
}

Srtp::Session Srtp::make(SrtpSuite suite, SrtpKey key, bool outbound) {
    start_library();
    srtp_policy_t policy{};
    if (suite == SrtpSuite::aes_cm_128_hmac_sha1_32)
        srtp_crypto_policy_set_aes_cm_128_hmac_sha1_32(&policy.rtp);
    else
        srtp_crypto_policy_set_rtp_default(&policy.rtp);
    // RFC 4568 6.2.2: the short tag is for RTP alone.
    srtp_crypto_policy_set_rtcp_default(&policy.rtcp);
    policy.ssrc.type = outbound ? ssrc_any_outbound : ssrc_any_inbound;
    policy.key = key.data();
    policy.window_size = replay_window;
    policy.allow_repeat_tx = 0;
    srtp_t session = nullptr;
    ensure(srtp_create(&session, &policy) == srtp_err_status_ok, "no SRTP session");
    return Session{session};
}

Srtp::Srtp(const SrtpKeys& keys)
    : keys_{keys},
      send_{make(keys.suite, keys.send, true)},
      receive_{make(keys.suite, keys.receive, false)} {}

void Srtp::change(const SrtpKeys& keys) {
    const bool same_suite = keys.suite == keys_.suite;
    if (!same_suite || keys.send != keys_.send) send_ = make(keys.suite, keys.send, true);
    if (!same_suite || keys.receive != keys_.receive)
        receive_ = make(keys.suite, keys.receive, false);
    keys_ = keys;
}

std::size_t Srtp::protect(Channel channel, ByteRoom packet, std::size_t size) {
    if (size + srtp_trailer_bytes > packet.size()) return 0;
    int length = static_cast<int>(size);
    const auto status = channel == Channel::rtp
                            ? srtp_protect(send_.get(), packet.data(), &length)
                            : srtp_protect_rtcp(send_.get(), packet.data(), &length);
    return status == srtp_err_status_ok ? static_cast<std::size_t>(length) : 0;
}

std::optional<Bytes> Srtp::open(Channel channel, Bytes packet) {
    if (packet.size() > opened_.size()) return std::nullopt;
    std::copy(packet.begin(), packet.end(), opened_.begin());
    int length = static_cast<int>(packet.size());
    const auto status = channel == Channel::rtp
                            ? srtp_unprotect(receive_.get(), opened_.data(), &length)
                            : srtp_unprotect_rtcp(receive_.get(), opened_.data(), &length);
    if (status != srtp_err_status_ok) return std::nullopt;
    return Bytes{opened_}.first(static_cast<std::size_t>(length));
}

}  // namespace holdfast::media
