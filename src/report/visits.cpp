#include "report/visits.hpp"

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
        case Cut::agent_took_over:
            break;
    }
    return VisitEnd::still_waiting;
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
    Visit* visit_ = nullptr;  // the open one
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
