// How sessions end: RFC 3261 15, 12.2.1.2.
#include "sip/reason.hpp"
#include "sip/session_room.hpp"

#include <utility>

namespace holdfast::sip {

void SessionRoom::end(std::string_view reason) {
    s_.reason = reason;
    if (!s_.announced) s_.cause = EndCause::ended_by_us;
    live(life::end_asked);
}

void SessionRoom::send_bye() {
    s_.bye_owed = s_.unbound;
    if (s_.unbound) return;
    const auto branch = core_.transactions.new_branch();
    std::string bytes;
    Writer writer = begin(bytes, Method::bye, branch);
    writer.field(Header::user_agent, core_.settings.product);
    if (!s_.reason.empty()) writer.field(Header::reason, s_.reason);
    writer.finish();
    // Where there is no room for it, the limit on `ending` ends the session.
    send(Method::bye, branch, std::move(bytes), owner(Purpose::bye));
}

void SessionRoom::bye_response(ClientId client) {
    const int status = core_.message.status();
    const auto* sent = core_.transactions.find(client);
    if (status < 200) return;
    if (sent != nullptr && (status == 401 || status == 407) &&
        core_.answer_challenge(*sent, s_.credentials, s_.dialog.local_cseq + 1)) {
        ++s_.dialog.local_cseq;
        return;
    }
    live(life::bye_finished);  // 15.1.1: whatever the answer, it is over
}

void SessionRoom::take_bye() {
    if (s_.exchange == exchange::offered && !s_.is_early_callee())
        core_.respond(s_.server, 487);  // 15.1.2: what is pending is answered all the same
    core_.respond(request_, 200);
    if (!s_.announced && s_.life != life::ending) {
        s_.cause = EndCause::peer_bye;
        s_.last = &core_.message;
        s_.q850 = q850_of(core_.message);
    }
    live(life::bye_arrived);
}

void SessionRoom::lose(EndCause cause) {
    if (s_.life == life::confirmed) s_.cause = cause;
    s_.first_unacked = false;
    live(life::dialog_lost);
}

void SessionRoom::tell_ended() {
    if (std::exchange(s_.announced, true)) return;
    if (s_.timed_out)
        core_.tell(SessionRefused{id_, 408, "Request Timeout", 0, {}});
    else
        core_.tell(SessionEnded{id_, s_.cause, s_.q850, s_.last});
}

void SessionRoom::flow_closed() {
    s_.unbound = true;
    core_.mark_changed(id_, s_);
}

void SessionRoom::rebind(const Hop& hop, std::string_view tls_name) {
    if (s_.is_over()) return;
    s_.hop = hop;
    s_.tls_name = tls_name;
    s_.peer = hop.remote.address;
    s_.fixed_hop = true;
    s_.unbound = false;
    if (const auto contact = parse_name_addr(s_.dialog.contact)) {
        const bool secure = contact->uri.scheme == Uri::Scheme::sips;
        s_.dialog.contact = core_.contact(std::string{contact->uri.user}, hop, secure);
    }
    core_.mark_changed(id_, s_);
    if (s_.exchange == exchange::accepted) {
        if (auto* invite = core_.transactions.find(s_.server)) invite->reply = hop;
        core_.transactions.resend(s_.server);
    }
    live(life::rebound);
    if (s_.life == life::confirmed && s_.refresh.by_us && s_.refresh.due == never) {
        s_.refresh.due = core_.now;  // it could not be sent while nobody was there
        arm_refresh();
    }
    settle();
}

}  // namespace holdfast::sip
