// sip/orders.hpp: what the engine asks of the user agent, as plain structs.
#pragma once
#include "base/time.hpp"
#include "sip/header.hpp"
#include "sip/hop.hpp"
#include "sip/method.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace holdfast::sip {

struct UserAgentSettings {
    std::vector<Listener> listeners;
    std::string product = "Holdfast";  ///< Server and User-Agent.
    /// Methods the engine answers or the user agent does; others get 405.
    std::vector<Method> allow{Method::invite,
                              Method::ack,
                              Method::bye,
                              Method::cancel,
                              Method::options,
                              Method::update,
                              Method::prack,
                              Method::info};
    /// Option tags; others in Require get 420.
    std::vector<std::string> supported{"timer", "100rel"};
    /// Provisional responses are repeated until a PRACK comes (RFC 3262) wherever the peer can
    /// send one; else only where it requires that.
    bool assures = false;
    /// Refuse requests within a dialog that come from another address than the dialog learned; see
    /// UserAgent::trust.
    bool check_source = true;
    Micros t1 = 500ms, t2 = 4s, t4 = 5s;
    Micros session_expires = 1800s;  ///< RFC 4028; what we ask for and at most accept.
    Micros min_se = 90s;
    Micros invite_without_final = 180s;  ///< RFC 3261 16.6 timer C, for our own INVITEs.
};

/// Who we are towards a peer that challenges us. Answered only for `realm` (empty: never).
struct Credentials {
    std::string user, password, realm;
};

/// A header of ours that is none of those the user agent makes itself.
struct ExtraHeader {
    Header name = Header::unknown;
    std::string value;
};

struct InviteOrder {
    std::string request_uri;
    std::vector<Hop>
        targets;  ///< Tried in order on silence, transport failure or 503 (RFC 3263 4.3).
    std::vector<std::string> tls_names;  ///< One per target, or none.
    std::vector<std::string> route;      ///< Preloaded Route values.
    std::string from_display, from_uri;
    std::string to_display, to_uri;
    std::string contact_user;        ///< The user part of our Contact.
    std::vector<ExtraHeader> extra;  ///< P-Asserted-Identity, Alert-Info, Call-Info...
    std::string offer;               ///< SDP; never empty: we always offer.
    Credentials credentials;
    std::uint32_t max_forwards = 70;  ///< One less than on the leg it continues (RFC 7332 3).
    /// Requests of this dialog go where the INVITE went, whatever the Contact says: phones behind a
    /// NAT.
    bool fixed_hop = false;
};

/// An out-of-dialog request that is no INVITE: OPTIONS, REGISTER, NOTIFY, MESSAGE.
struct RequestOrder {
    Method method = Method::options;
    std::string request_uri;
    Hop target;
    std::string tls_name;
    std::string from_display, from_uri, from_tag;  ///< An empty tag: a new one.
    std::string to_uri, to_tag;
    std::string call_id;     ///< Empty: a new one.
    std::uint32_t cseq = 0;  ///< 0: a new series.
    std::string contact;     ///< A whole Contact value; empty: none.
    std::vector<ExtraHeader> extra;
    std::string content_type, body;
    std::vector<std::string> route;  ///< Route values.
    Credentials credentials;
};

}  // namespace holdfast::sip
