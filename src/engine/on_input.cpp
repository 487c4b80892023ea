// What each input means. SIP's own events are in on_sip.cpp.
#include "engine/engine_impl.hpp"

#include <algorithm>
#include <utility>

namespace holdfast::engine {

namespace {

std::int64_t local_day(const WallAnchor& anchor, Instant now) {
    const auto utc = wall_of(anchor, now);
    const auto local = utc.time_since_epoch() + std::chrono::seconds{utc_offset_at(anchor, utc)};
    return std::chrono::floor<std::chrono::days>(local).count();
}

}  // namespace

void Engine::Impl::on(const Started& input) {
    figures_.started = context_.now;
    context_.anchor = input.anchor;
    phones_.start(input.secret, input.boot);
    restore(input);
    floor_.rows_begin_after(input.ledger_row);
    const bool same_day =
        !input.records.empty() && floor_.state().local_day == local_day(input.anchor, context_.now);
    on(ClockAnchored{input.anchor});
    if (!same_day)
        recount_day();
    else if (recount_ && recount_->local_day == floor_.state().local_day)
        context_.out.push_back(*recount_);
    else
        forget(RecordKind::recount, 0);
    recount_.reset();
    wallboards_.start();
    phones_.resume();
    trunks_.start();
    drop_suspects(input.suspects);
    if (input.after_crash) context_.log(LogLevel::warning, "taken up again after a crash");
}

void Engine::Impl::on(const ClockAnchored& input) {
    const auto before = std::exchange(context_.anchor, input.anchor);
    const auto day = floor_.state().local_day;
    floor_.anchor(input.anchor, context_.now);
    const auto now = floor_.state().local_day;
    if (before.at != Instant{} && now != day) dials_.new_day();
    // Midnight has come by itself where the clock that we had says so too.
    if (now != day && now != local_day(before, context_.now)) recount_day();
    // The next local midnight, or a little after the zone's offset changes, whichever is first.
    const auto utc = wall_of(context_.anchor, context_.now);
    const std::chrono::seconds offset{utc_offset_at(context_.anchor, utc)};
    const auto local = utc.time_since_epoch() + offset;
    const auto next_day = std::chrono::floor<std::chrono::days>(local) + std::chrono::days{1};
    const Micros until = std::min<Micros>(next_day - local, 1h);
    deadlines_->arm(midnight_,
                    context_.now + until,
                    {DeadlineOwner::engine, static_cast<std::uint8_t>(EngineTimer::calendar), 0});
}

/// Where there is no journal of the day, because it is lost, or somebody has set the clock to
/// another day, nothing is known of it but what is in the ledger. It is counted beside us and added
/// to what we count from now on; a life that ends before leaves it to the next.
void Engine::Impl::recount_day() {
    const auto last_row = floor_.state().next_row - 1;
    if (last_row == 0) return forget(RecordKind::recount, 0);
    const auto day = floor_.state().local_day;
    const WallInstant by_utc{std::chrono::days{day}};
    const auto midnight = [&](WallInstant near) {
        return by_utc - std::chrono::seconds{utc_offset_at(context_.anchor, near)};
    };
    const auto now = wall_of(context_.anchor, context_.now);
    const RecountToday recount{day, midnight(midnight(now)), now, last_row};
    put(RecordKind::recount, 0, write_record(recount));
    context_.out.push_back(recount);
}

void Engine::Impl::on(const TodayRecounted& input) {
    forget(RecordKind::recount, 0);
    if (input.local_day != floor_.state().local_day) return;  // that day is over
    for (const auto& q : input.queues) {
        wallboards_.counted_before(q.queue, q.today);
        floor_.add(q.queue, q.today);
    }
    for (const auto& a : input.agents)
        floor_.add(a.agent, a.today);
    context_.log(LogLevel::info, "today's figures are those of the ledger and what came since");
}

void Engine::Impl::on(const DatagramReceived& input) {
    const sip::Hop from{sip::Transport::udp, input.listener, {}, input.from};
    // Keep-alives of phones behind NAT (RFC 5626 4.4, and bare CRLF of some): nothing to do.
    if (input.bytes.find_first_not_of("\r\n") == std::string::npos) return;
    take_message(input.bytes, from);
}

void Engine::Impl::on(const DatagramFailed& input) {
    sip_.transmission_failed({sip::Transport::udp, input.listener, {}, input.to}, context_.now);
}

void Engine::Impl::on(const FlowAccepted& input) {
    flows_.accepted(input.flow, input.listener, input.from);
}

void Engine::Impl::on(const FlowBytes& input) {
    flows_.bytes(input.flow, input.bytes);
    while (const auto message = flows_.next_message(input.flow)) {
        take_message(*message, flows_.hop_of(input.flow));
    }
    if (!flows_.open(input.flow)) on(FlowClosed{input.flow, "not SIP"});
}

void Engine::Impl::on(const FlowClosed& input) {
    if (const auto hop = flows_.closed(input.flow, input.why))
        sip_.transmission_failed(*hop, context_.now);
    sip_.flow_closed(input.flow, context_.now);
    phones_.flow_closed(input.flow);
}

void Engine::Impl::on(const MediaConnected&) {
    media_up_ = true;
    figures_.media = "starting";
    listed_.clear();
    context_.media(
        media::Greet{figures_.started.time_since_epoch().count() > 0
                         ? static_cast<std::uint64_t>(figures_.started.time_since_epoch().count())
                         : 1});
}

void Engine::Impl::on(const MediaLost&) {
    media_up_ = false;
    note_soundless();
    figures_.media = "down";
    voices_.lose_sight();
    alarms_.raise(
        "media", "the media process is gone; it is started again, callers hear nothing until then");
}

void Engine::Impl::on(const MediaReported& input) {
    std::visit(
        [this](const auto& r) {
            if constexpr (requires { r.media; }) name(legs_.of_media(r.media));
            report(r);
        },
        input.report);
}

void Engine::Impl::on(const StoreCommitted& input) {
    for (const auto& [row, content] : floor_.uncommitted()) {
        if (row > input.row) break;
        forget(RecordKind::row, row);
        ++figures_.rows_written;
    }
    floor_.committed(input.row);
}

void Engine::Impl::on(const StoreTroubled& input) {
    refuse_calls_ = input.refuse_calls;
    if (input.what.empty())
        alarms_.clear("store");
    else
        alarms_.raise("store", input.what);
}

void Engine::Impl::on(const Commanded& input) {
    if (std::holds_alternative<console::ShowState>(input.request))
        figures_.state_hash = state_hash();
    control_.asked(input, figures_);
}

}  // namespace holdfast::engine
