#include "sip/session.hpp"

#include <utility>

namespace holdfast::sip {

void Session::reset() {
    Session fresh;
    const auto keep = [](std::string& into, std::string& buffer) {
        buffer.clear();
        into = std::move(buffer);
    };
    keep(fresh.dialog.call_id, dialog.call_id);
    keep(fresh.dialog.local_tag, dialog.local_tag);
    keep(fresh.dialog.remote_tag, dialog.remote_tag);
    keep(fresh.dialog.local_party, dialog.local_party);
    keep(fresh.dialog.remote_party, dialog.remote_party);
    keep(fresh.dialog.remote_target, dialog.remote_target);
    keep(fresh.dialog.contact, dialog.contact);
    keep(fresh.local_sdp, local_sdp);
    keep(fresh.remote_sdp, remote_sdp);
    keep(fresh.open_offer, open_offer);
    *this = std::move(fresh);
}

}  // namespace holdfast::sip
