#include "sip/user_agent.hpp"

#include "sip/intake.hpp"
#include "sip/next_hop.hpp"
#include "sip/session_room.hpp"

#include <utility>

namespace holdfast::sip {
namespace {

/// Does something with a session that is not over; forgets it otherwise.
template <class Do>
void with_session(Core& core, SessionId id, Instant now, Do&& what) {
    core.order(now);
    auto* session = core.sessions.find(id);
    if (session == nullptr || session->is_over()) return;
    SessionRoom room{core, id, *session};
    what(room);
}

}  // namespace

UserAgent::UserAgent(UserAgentSettings settings, Deadlines& deadlines, Random& random)
    : core_{std::make_unique<Core>(std::move(settings), deadlines, random)} {}

UserAgent::~UserAgent() = default;

// ---- Inputs. ------------------------------------------------------------------------------------

void UserAgent::take(std::string_view bytes, const Hop& from, Instant received_at, Instant now) {
    core_->begin(now, received_at);
    core_->from = from;
    take_message(*core_, bytes);
}

void UserAgent::deadline(const DeadlineKey& key, Instant now) {
    core_->begin(now, now);
    if (key.owner == DeadlineOwner::transaction)
        return take_news(*core_, core_->transactions.deadline(key));
    const SessionId id{key.id};
    auto* session = core_->sessions.find(id);
    if (session == nullptr || session->is_over()) return;
    SessionRoom{*core_, id, *session}.deadline(SessionTimer::from(key.what));
}

void UserAgent::transmission_failed(const Hop& hop, Instant now) {
    core_->begin(now, now);
    for (const ClientNews& news : core_->transactions.transport_failed(hop))
        take_news(*core_, news);
}

void UserAgent::flow_closed(FlowId flow, Instant now) {
    core_->begin(now, now);
    core_->sessions.for_each([&](SessionId id, Session& session) {
        if (session.hop.flow == flow && !session.is_over())
            SessionRoom{*core_, id, session}.flow_closed();
    });
    for (const ClientNews& news : core_->transactions.flow_closed(flow))
        take_news(*core_, news);
}

// ---- Outputs. -----------------------------------------------------------------------------------

std::optional<Event> UserAgent::next_event() {
    if (core_->events.empty()) return std::nullopt;
    const Event event = core_->events.front();
    core_->events.pop_front();
    return event;
}

std::vector<Transmit> UserAgent::transmissions() {
    core_->send_trying();
    return core_->outbox.take();
}

std::vector<SessionId> UserAgent::changed_records() {
    for (const SessionId id : core_->changed)
        if (auto* session = core_->sessions.find(id)) session->changed = false;
    return std::exchange(core_->changed, {});
}

// ---- Orders. ------------------------------------------------------------------------------------

SessionId UserAgent::invite(const InviteOrder& order, Instant now) {
    core_->order(now);
    if (core_->sessions.full()) return {};
    const SessionId id = core_->sessions.take();
    Session& session = *core_->sessions.find(id);
    session.id = id;
    SessionRoom{*core_, id, session}.invite(order);
    return id;
}

void UserAgent::progress(SessionId session,
                         int status,
                         std::string_view sdp,
                         Instant now,
                         std::span<const ExtraHeader> extra) {
    with_session(
        *core_, session, now, [&](SessionRoom& room) { room.progress(status, sdp, extra); });
}

void UserAgent::answer(SessionId session,
                       std::string_view sdp,
                       std::span<const ExtraHeader> extra,
                       Instant now) {
    with_session(*core_, session, now, [&](SessionRoom& room) { room.answer(sdp, extra); });
}

void UserAgent::refuse(SessionId session,
                       int status,
                       std::span<const ExtraHeader> extra,
                       Instant now) {
    with_session(*core_, session, now, [&](SessionRoom& room) { room.refuse(status, extra); });
}

void UserAgent::end(SessionId session, std::string_view reason, Instant now) {
    with_session(*core_, session, now, [&](SessionRoom& room) { room.end(reason); });
}

void UserAgent::offer(SessionId session,
                      std::string_view sdp,
                      Instant now,
                      std::span<const ExtraHeader> extra) {
    with_session(*core_, session, now, [&](SessionRoom& room) { room.offer(sdp, extra); });
}

void UserAgent::accept_offer(SessionId session,
                             std::string_view sdp,
                             Instant now,
                             std::span<const ExtraHeader> extra) {
    with_session(*core_, session, now, [&](SessionRoom& room) { room.accept_offer(sdp, extra); });
}

void UserAgent::refuse_offer(SessionId session, int status, Instant now) {
    with_session(*core_, session, now, [&](SessionRoom& room) { room.refuse_offer(status); });
}

RequestId UserAgent::request_in_dialog(SessionId session,
                                       Method method,
                                       std::span<const ExtraHeader> extra,
                                       std::string_view content_type,
                                       std::string_view body,
                                       Instant now) {
    RequestId id;
    with_session(*core_, session, now, [&](SessionRoom& room) {
        id = room.request(method, extra, content_type, body);
    });
    return id;
}

SessionId UserAgent::session_with(std::string_view call_id,
                                  std::string_view tag,
                                  std::string_view other_tag) const {
    for (const auto& [local, remote] : {std::pair{tag, other_tag}, std::pair{other_tag, tag}}) {
        const auto* session = core_->session_of(local, call_id);
        if (session == nullptr || session->is_over()) continue;
        // A phone that rings may not have told its tag yet.
        if (session->dialog.remote_tag == remote || session->is_early_caller()) return session->id;
    }
    return {};
}

bool UserAgent::peer_allows(SessionId session, Method method) const {
    const auto* kept = core_->sessions.find(session);
    return kept != nullptr && kept->peer_allows.has(method);
}

void UserAgent::rebind(SessionId session, const Hop& hop, Instant now, std::string_view tls_name) {
    with_session(*core_, session, now, [&](SessionRoom& room) { room.rebind(hop, tls_name); });
}

std::vector<UserAgent::Unbound> UserAgent::unbound() const {
    std::vector<Unbound> all;
    core_->sessions.for_each([&](SessionId id, const Session& session) {
        if (session.unbound && !session.is_over())
            all.push_back({id, session.hop, session.dialog.remote_target});
    });
    return all;
}

void UserAgent::trust(std::span<const IpAddress> sources) {
    core_->trusted.assign(sources.begin(), sources.end());
}

RequestId UserAgent::request(const RequestOrder& order, Instant now) {
    core_->order(now);
    return send_request(*core_, order);
}

void UserAgent::respond(TransactionId transaction,
                        int status,
                        std::span<const ExtraHeader> extra,
                        std::string_view content_type,
                        std::string_view body,
                        Instant now) {
    core_->order(now);
    core_->respond_with_body(transaction, status, extra, content_type, body);
}

// ---- Live state. --------------------------------------------------------------------------------

std::optional<SessionRecord> UserAgent::record(SessionId session) const {
    auto* kept = core_->sessions.find(session);
    if (kept == nullptr || kept->is_over()) return std::nullopt;
    return SessionRoom{*core_, session, *kept}.record();
}

bool UserAgent::restore(const SessionRecord& record, Instant now, const Credentials& credentials) {
    core_->order(now);
    // A transport that the settings no longer have leads nowhere.
    const bool reachable = listener_for(record.hop, core_->settings.listeners) != nullptr;
    if (!is_sound(record) || !reachable || core_->sessions.full() ||
        !core_->sessions.take(record.session))
        return false;
    Session& session = *core_->sessions.find(record.session);
    session.id = record.session;
    session.credentials = credentials;
    SessionRoom{*core_, record.session, session}.restore(record);
    return true;
}

UserAgent::Counts UserAgent::counts() const {
    return {core_->sessions.size(), core_->transactions.clients(), core_->transactions.servers()};
}

std::span<const std::uint64_t> UserAgent::faults() const {
    return core_->faults;
}

std::span<const std::uint64_t> UserAgent::denied() const {
    return core_->denied;
}

const UserAgentSettings& UserAgent::settings() const {
    return core_->settings;
}

}  // namespace holdfast::sip
