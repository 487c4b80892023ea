#include "report/visits.hpp"

#include <utility>

namespace holdfast::report {
namespace {

VisitEnd end_of(const Row& last) {
    switch (last.cut) {
        case Cut::agent_answered:
            return VisitEnd::answered;
        case Cut::caller_left:
            return last.kind == Kind::ringing ? VisitEnd::abandoned_ringing
                                              : VisitEnd::abandoned_queued;
        case Cut::queue_changed:
        case Cut::call_diverted:
            return VisitEnd::diverted;
        case Cut::call_refused:
        case Cut::announcement_began:
            return VisitEnd::turned_away;
        case Cut::other:
        case Cut::customer_answered:
        case Cut::phone_rang:
        case Cut::agent_lost:
        case Cut::offer_missed:
        case Cut::offer_refused:
        case Cut::agent_left:
        case Cut::transfer_began:
        case Cut::transfer_failed:
        case Cut::agent_took_over:
        case Cut::sent_to_queue:
        case Cut::sent_outside:
        case Cut::caller_parked:
            break;
    }
    return VisitEnd::still_waiting;
}

/// How a transfer ends that is under way where the caller's segment was cut like that.
TransferEnd transfer_end_of(Cut cut) {
    switch (cut) {
        case Cut::sent_outside:
            return TransferEnd::outside;
        case Cut::agent_took_over:  // whoever it was: see below
            return TransferEnd::blind;
        case Cut::sent_to_queue:  // nobody else was left
        case Cut::transfer_failed:
        case Cut::caller_left:
        case Cut::call_refused:
            return TransferEnd::failed;
        case Cut::other:
        case Cut::announcement_began:
        case Cut::queue_changed:
        case Cut::call_diverted:
        case Cut::customer_answered:
        case Cut::phone_rang:
        case Cut::agent_answered:
        case Cut::agent_lost:
        case Cut::agent_left:
        case Cut::offer_missed:
        case Cut::offer_refused:
        case Cut::transfer_began:
        case Cut::caller_parked:
            break;
    }
    return TransferEnd::open;
}

class Reading {
public:
    explicit Reading(const Uuid& id) { journey_.id = id; }

    void take(const Row& row, const Row* before) {
        if (row.queue != 0) journey_.queue = row.queue;
        // A cut whose word we do not know: what followed says what it was.
        if (!row.waits()) close(row.connected() ? VisitEnd::answered : VisitEnd::turned_away, row);
        if (row.waits()) wait(row, before);
        if (row.connected()) connected(row);
        pass_on(row, before);
        if (row.kind == Kind::setup || row.kind == Kind::announced) came(row);
    }

    Journey finish(const Row& first, const Row& last) {
        journey_.began = first.began;
        journey_.ended = last.ended();
        journey_.whole = first.number == 1;
        journey_.closed = last.outcome != Outcome::none;
        if (journey_.closed) close(VisitEnd::turned_away, last);
        journey_.completed = last.outcome == Outcome::completed;
        return std::move(journey_);
    }

private:
    void close(VisitEnd end, const Row& row) {
        if (visit_ == nullptr) return;
        visit_->end = end;
        if (end == VisitEnd::answered) visit_->agent = row.agent;
        visit_ = nullptr;
    }

    void wait(const Row& row, const Row* before) {
        if (visit_ == nullptr) {
            visit_ = &journey_.visits.emplace_back();
            visit_->queue = row.queue;
            visit_->entered = row.began;
            visit_->diverted_in = before != nullptr && before->cut == Cut::queue_changed;
            visit_->returned =
                before != nullptr && before->connected() && before->cut == Cut::agent_lost;
        }
        visit_->wait += row.length;
        if (row.kind == Kind::queued) visit_->queued += row.length;
        visit_->ended = row.ended();
        if (const auto end = end_of(row); end != VisitEnd::still_waiting) close(end, row);
    }

    void connected(const Row& row) {
        if (row.agent != 0) journey_.agent = row.agent;
        if (row.outcome == Outcome::abandoned_on_hold && !journey_.visits.empty())
            journey_.visits.back().abandoned_on_hold = true;
    }

    /// Who has the caller after a colleague took over is told by the row after.
    void pass_on(const Row& row, const Row* before) {
        if (std::exchange(taken_over_, false)) taken_over_by(row.agent);
        const bool on_the_way = row.kind == Kind::transferring || row.kind == Kind::parked;
        if (on_the_way && before != nullptr && before->connected()) begin_transfer(*before);
        if (on_the_way && open_)
            end_transfer(row, transfer_end_of(row.cut));
        else if (row.connected() && row.agent != 0)
            at_once(row);
    }

    /// By the agent's own phone, or another one of the agent's: that is none.
    void taken_over_by(std::uint32_t agent) {
        auto& transfer = journey_.transfers.back();
        transfer.to = agent;
        if (transfer.agent != agent) return;
        if (transfer.end == TransferEnd::attended)
            journey_.transfers.pop_back();
        else
            transfer.end = TransferEnd::failed;
    }

    /// From the agent's call to somebody who was asked, or called, before: or to a queue.
    void at_once(const Row& row) {
        const bool queue = row.cut == Cut::sent_to_queue, outside = row.cut == Cut::sent_outside;
        if (!queue && !outside && row.cut != Cut::agent_took_over) return;
        begin_transfer(row);
        end_transfer(row,
                     queue     ? TransferEnd::to_queue
                     : outside ? TransferEnd::outside
                               : TransferEnd::attended);
    }

    void begin_transfer(const Row& from) {
        journey_.transfers.push_back(
            {from.queue, from.agent, 0, from.ended(), from.ended(), TransferEnd::open});
        open_ = true;
    }

    void end_transfer(const Row& row, TransferEnd end) {
        auto& transfer = journey_.transfers.back();
        transfer.ended = row.ended();
        if (end == TransferEnd::open) return;
        transfer.end = end;
        open_ = false;
        taken_over_ = row.cut == Cut::agent_took_over;
    }

    void came(const Row& row) {
        if (row.outbound) {
            journey_.outbound = true;
            journey_.outbound_answered = row.cut == Cut::customer_answered;
            journey_.agent = row.agent;
        } else if (journey_.visits.empty()) {
            if (row.cut == Cut::call_refused) journey_.before = Before::refused;
            if (row.cut == Cut::caller_left) journey_.before = Before::abandoned;
        }
    }

    Journey journey_;
    Visit* visit_ = nullptr;   // the open one
    bool open_ = false;        // the last transfer is
    bool taken_over_ = false;  // it ended by the row before, and this one tells by whom
};

}  // namespace

Journey read_journey(const Uuid& id, std::span<const Row> lane) {
    Reading reading{id};
    const Row* before = nullptr;
    for (const Row& row : lane) {
        reading.take(row, before);
        before = &row;
    }
    return reading.finish(lane.front(), lane.back());
}

}  // namespace holdfast::report
