// engine/legs.hpp: brings legs up and down. Each leg's table says what happens; here it is done:
// ports, media orders, SDP, the SIP session's answers.
#pragma once
#include "base/random.hpp"
#include "engine/context.hpp"
#include "engine/leg.hpp"
#include "engine/ports.hpp"
#include "engine/refusals.hpp"

#include <expected>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace holdfast::engine {

/// Adds behind `codecs` what it lacks of `others`.
void append_missing(std::vector<AudioCodec>& codecs, const std::vector<AudioCodec>& others);

/// Whether keys may be said to that phone as the settings have it.
bool may_have_srtp(const Settings& settings, DeviceId device, bool over_tls);

/// What a leg has to say to whoever pairs legs.
struct LegEvent {
    enum class What : std::uint8_t { opened, rang, answered, refused, no_media } what{};
    LegId leg;
    int sip_status = 0;
    std::string contact{};  ///< Where a 3xx sends the call; a Contact header's value.
};

class Legs {
public:
    /// `key_seed`: for the keys of SRTP.
    Legs(Context& context, Refusals& refusals, const Seed& key_seed);

    // ---- Making and ending ---------------------------------------------------------------------
    /// A leg for an INVITE that arrived; asks for its media. `offer` may be empty.
    Leg& arrived(Role role,
                 SessionId session,
                 std::string_view offer,
                 const sip::Hop& from,
                 const std::vector<AudioCodec>& codecs);
    /// A leg we call; `invite` is sent once its media is open, with our offer put in.
    Leg& call(Role role, sip::InviteOrder invite, const std::vector<AudioCodec>& codecs);
    void answer(Leg& leg);
    void early(Leg& leg);
    /// We end it: CANCEL, BYE or a refusal with `status`, whatever fits. The leg is gone
    /// afterwards.
    void end(Leg& leg, std::string_view reason = {}, int status = 0);
    /// Its SIP session is over already.
    void ended_by_peer(Leg& leg);

    // ---- What happened -------------------------------------------------------------------------
    void rang(Leg& leg, int status, std::string_view sdp);
    void accepted(Leg& leg, std::string_view sdp);
    void refused(Leg& leg, int status, std::string_view contact);
    // Offers and answers within the dialog; true where the peer now holds and did not, or the
    // reverse. An answer to an offer of ours may say so too (RFC 3264 8.4).
    bool acked(Leg& leg, std::string_view sdp);
    bool reoffered(Leg& leg, std::string_view sdp);
    bool reoffer_answered(Leg& leg, std::string_view sdp);
    void media_opened(const media::Opened& opened);
    void media_failed(const media::OpenFailed& failed);
    /// Whether digits come to us, with codes among them, or go to the other side.
    void keep_digits(Leg& leg, bool keep);
    /// Our SDP once more, with `extra` headers: the peer is told something by re-INVITE.
    void offer_again(Leg& leg, std::span<const sip::ExtraHeader> extra);
    /// The media process has died and lives again: everything is ordered anew, on the same ports.
    void recreate_all();
    /// After our own restart: opens what the media process did not list, and tells it again what
    /// each endpoint is for.
    void recreate_missing(const std::set<MediaId>& listed);

    // ---- Hearing -------------------------------------------------------------------------------
    void hear(Leg& leg, decltype(Leg::hears) what);
    /// Both hear each other from now on; brings their codecs together where they differ.
    void join(Leg& a, Leg& b);
    void separate(Leg& leg);
    /// `leg`, if nothing is negotiated with it yet, is to use what `other` has agreed on.
    void prefer_codecs_of(const Leg& other, Leg& leg) const;

    // ---- Finding -------------------------------------------------------------------------------
    Leg* find(LegId id);
    const Leg* find(LegId id) const;
    Leg* of_session(SessionId session);
    Leg* of_media(MediaId media) { return find(LegId{media.value}); }
    std::vector<LegId> ids() const;
    std::size_t size() const { return legs_.size(); }
    std::vector<LegEvent> take_events() { return std::exchange(events_, {}); }
    std::vector<LegId> take_changed() { return std::exchange(changed_, {}); }
    void touch(const Leg& leg);
    /// The leg is a call of that trunk, until it is gone.
    void assign(Leg& leg, TrunkId trunk);
    std::uint32_t calls_of(TrunkId trunk) const;
    static bool was_answered(const Leg& leg) {
        return leg.outbound ? leg.state == static_cast<std::uint8_t>(outbound::answered)
                            : leg.state == static_cast<std::uint8_t>(inbound::answered);
    }
    static bool is_over(const Leg& leg) {
        return leg.outbound ? leg.state == static_cast<std::uint8_t>(outbound::over)
                            : leg.state == static_cast<std::uint8_t>(inbound::over);
    }

    // ---- After a restart -----------------------------------------------------------------------
    void restore(const Leg& leg);
    std::uint32_t next_id() const { return next_; }
    void set_next_id(std::uint32_t next) { next_ = next; }
    const PortPool& ports() const { return ports_; }

private:
    struct InboundRoom;
    struct OutboundRoom;

    Leg& add(Role role, bool outbound, const std::vector<AudioCodec>& codecs);
    void open_media(Leg& leg, bool recreated);
    void fail_media(Leg& leg);
    void close_media(Leg& leg);
    void remove(Leg& leg);
    void inbound_step(Leg& leg, inbound::Event event, int status = 0);
    void outbound_step(Leg& leg, outbound::Event event, int status = 0);
    sip::LocalMedia local_media(const Leg& leg) const;
    // legs_srtp.cpp
    void make_keys(Leg& leg);
    sip::LocalSrtp local_srtp(const Leg& leg) const;
    void note_wish(const Leg& leg, const sip::sdp::Description& offer);
    void rekey(Leg& leg);
    bool take_answer(Leg& leg, std::string_view sdp);
    std::optional<std::string> first_sdp(Leg& leg);
    void send_invite(Leg& leg);
    void send_early(Leg& leg);
    void send_answer(Leg& leg);
    void refuse_sdp(Leg& leg);
    void refuse(const Leg& leg, int status, std::span<const sip::ExtraHeader> extra = {});
    std::expected<sip::Answer, sip::Fault> answer_again(const sip::sdp::Description& offer,
                                                        Leg& leg,
                                                        std::uint64_t version) const;
    void configure(Leg& leg);
    void agree_codecs(Leg& leg, const Leg& other);

    Context& context_;
    Refusals& refusals_;
    PortPool ports_;
    std::unordered_map<LegId, Leg> legs_;
    std::unordered_map<SessionId, LegId> by_session_;
    std::unordered_map<LegId, sip::InviteOrder> invites_;  // until their media is open
    std::unordered_map<TrunkId, std::uint32_t> trunk_calls_;
    Random key_random_;
    std::set<DeviceId> ask_for_srtp_;  // their last offer was for it
    std::vector<LegEvent> events_;
    std::vector<LegId> changed_;
    std::uint32_t next_ = 1;
};

}  // namespace holdfast::engine
