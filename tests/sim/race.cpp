#include "sim/race.hpp"

#include "base/enum_text.hpp"
#include "sim/world.hpp"

#include <algorithm>
#include <utility>

namespace holdfast::sim {
namespace {

// A phone that died late is repeated to for 32 s (RFC 3261 17.1.1.2), and then for 32 s more.
constexpr Micros all_repeated = 40s;
constexpr Micros all_given_up = 80s;

struct Fnv {
    std::uint64_t value = 0xcbf29ce484222325;
    void add(std::string_view bytes) {
        for (const char c : bytes)
            value = (value ^ static_cast<std::uint8_t>(c)) * 0x100000001b3;
    }
};

engine::Settings two_agents(acd::Strategy strategy, acd::AnswerWhen answer) {
    auto s = centre(2);
    s.floor.queues[0].strategy = strategy;
    s.floor.queues[0].answer = answer;
    s.floor.queues[0].ring_time = 5s;
    s.floor.queues[0].wrap_up = 2s;
    // Nothing that has nothing to do with the race: no OPTIONS, no registration that ends in it.
    s.registrar.options_every = 0s;
    s.registrar.least_expires_s = 3600;
    s.trunks[0].options_every = 0s;
    s.media.last_port = static_cast<std::uint16_t>(s.media.first_port + 99);
    return s;
}

}  // namespace

Race::Start Race::start(acd::Strategy strategy, acd::AnswerWhen answer) {
    const auto settings = two_agents(strategy, answer);
    World w{1, settings};
    w.run(1s);
    w.log_in(0);
    w.log_in(1);
    w.run(1s);
    return {settings, w.journal(), w.now, w.checks()};
}

Race::Race(const Start& start, bool looking)
    : settings_{start.settings},
      journal_{start.journal},
      now_{start.now},
      checks_{start.checks},
      looking_{looking} {
    parties_[caller] = std::make_unique<Party>(carrier_at, 1);
    parties_[1] = std::make_unique<Party>(phone_at(0), 2);
    parties_[2] = std::make_unique<Party>(phone_at(1), 3);
    parties_[2]->speaks_only(AudioCodec::pcmu);  // so the caller is asked to change: re-INVITE
    begin_life();
    parties_[caller]->call(exchange_at, now_);
    collect(caller);
}

void Race::begin_life() {
    engine_ = std::make_unique<engine::Engine>(settings_);
    engine::Started s;
    s.seed = {1, static_cast<std::uint32_t>(++life_)};
    s.secret = std::string(32, 'k');
    s.boot = life_;
    s.anchor = {Instant{3600s}, WallInstant{std::chrono::seconds{1'795'510'800}}, 3600};
    s.ledger_row = checks_.rows();
    for (const auto& [key, bytes] : journal_)
        s.records.push_back({key.first, key.second, bytes});
    s.after_crash = true;
    s.last_alive = now_;
    give(s);
    give(engine::MediaConnected{});
    settle();
}

void Race::die(bool unsent) {
    died_ = true;
    checks_.died(*engine_, now_);
    due_.clear();
    if (unsent)
        for (auto& mail : mail_)
            mail.clear();
    begin_life();
    checks_.rose(*engine_);
}

void Race::give(const engine::Input& input) {
    checks_.begin(input, now_);
    engine_->take(input, now_, now_);
    auto effects = engine_->take_effects();
    for (auto& e : effects) {
        if (auto* persist = std::get_if<engine::Persist>(&e))
            journal_[{persist->kind, persist->id}] = std::move(persist->bytes);
        else if (const auto* forget = std::get_if<engine::Forget>(&e))
            journal_.erase({forget->kind, forget->id});
    }
    for (auto& e : effects)
        carry_out(e);
    if (!looking_) return;
    checks_.step(*engine_, now_);
    checks_.journal(*engine_, journal_);
}

/// What media process and store have to say, and what is due now.
void Race::settle() {
    for (;;) {
        if (!due_.empty()) {
            const auto input = std::move(due_.front());
            due_.pop_front();
            give(input);
            continue;
        }
        const auto next = engine_->next_deadline();
        if (!next || next->at > now_) return;
        give(engine::Ticked{});
    }
}

void Race::carry_out(engine::Effect& effect) {
    if (auto* datagram = std::get_if<engine::SendDatagram>(&effect)) {
        for (std::size_t i = 0; i < parties_.size(); ++i)
            if (parties_[i]->at() == datagram->to) mail_[i].push_back(std::move(datagram->bytes));
    } else if (const auto* order = std::get_if<engine::OrderMedia>(&effect)) {
        checks_.media(order->order);
        carry_out(order->order);
    } else if (const auto* row = std::get_if<engine::StoreRow>(&effect)) {
        checks_.row(row->row);
        due_.emplace_back(engine::StoreCommitted{row->row.row});
    }
}

void Race::carry_out(const media::Order& order) {
    const auto say = [this](media::Report r) {
        due_.emplace_back(engine::MediaReported{std::move(r)});
    };
    if (std::holds_alternative<media::Greet>(order)) say(media::Greeted{1});
    if (const auto* open = std::get_if<media::Open>(&order)) {
        media_[open->media] = open->port;
        say(media::Opened{open->media, open->port});
    }
    if (const auto* close = std::get_if<media::Close>(&order)) {
        media_.erase(close->media);
        say(media::Closed{close->media, {}});
    }
    if (!std::holds_alternative<media::List>(order)) return;
    for (const auto& [id, port] : media_)
        say(media::Listed{id, port, now_});
    say(media::ListEnded{});
}

void Race::collect(std::size_t party) {
    for (auto& t : parties_[party]->take_sent()) {
        give(engine::DatagramReceived{ListenerId{1}, parties_[party]->at(), std::move(t.bytes)});
        settle();
    }
}

void Race::deliver(std::size_t party) {
    for (const auto& bytes : std::exchange(mail_[party], {})) {
        parties_[party]->take(bytes, exchange_at, now_);
        collect(party);
    }
}

void Race::deliver_all() {
    while (std::ranges::any_of(mail_, [](const auto& mail) { return !mail.empty(); }))
        for (std::size_t i = 0; i < parties_.size(); ++i)
            deliver(i);
}

/// Time goes on; what is sent meanwhile is delivered, or waits.
void Race::pass(Micros span, bool delivering) {
    const Instant until = now_ + span;
    if (delivering) deliver_all();
    while (run_once(until))
        if (delivering) deliver_all();
    now_ = until;
    settle();
}

bool Race::run_once(Instant until) {
    std::optional<Instant> next;
    const auto consider = [&](std::optional<Instant> at) {
        if (at && (!next || *at < *next)) next = at;
    };
    if (const auto d = engine_->next_deadline()) consider(d->at);
    for (const auto& party : parties_)
        consider(party->next_deadline());
    if (!next || *next > until) return false;
    now_ = std::max(now_, *next);
    settle();
    for (std::size_t i = 0; i < parties_.size(); ++i) {
        parties_[i]->run(now_);
        collect(i);
    }
    return true;
}

std::optional<Instant> Race::ring_limit() const {
    std::optional<Instant> limit;
    for (const CallId id : engine_->floor().calls())
        for (const auto& o : engine_->floor().call(id)->offers)
            if (o.ring_limit != never) limit = std::min(limit.value_or(never), o.ring_limit);
    return limit;
}

bool Race::is_open(Choice choice) const {
    using enum Choice;
    const auto phone = [&](Choice of_first) -> const Party& {
        return *parties_[choice == of_first ? 1 : 2];
    };
    switch (choice) {
        case reaches_caller:
        case reaches_first:
        case reaches_second:
            return !mail_[static_cast<std::size_t>(choice)].empty();
        case first_rings:
        case second_rings:
            return phone(first_rings).can_ring();
        case first_answers:
        case second_answers:
            return phone(first_answers).can_answer();
        case first_rejects:
        case second_rejects:
            return phone(first_rejects).can_answer();
        case first_hangs_up:
        case second_hangs_up:
            return phone(first_hangs_up).can_bye();
        case first_holds:
        case second_holds:
            return phone(first_holds).can_hold();
        case caller_hangs_up:
            return parties_[caller]->can_end();
        case caller_holds:
            return parties_[caller]->can_hold();
        case ring_time_ends:
            return ring_limit().has_value();
        case crash:
            return !died_;
        case crash_unsent:
            return !died_ &&
                   std::ranges::any_of(mail_, [](const auto& mail) { return !mail.empty(); });
    }
    return false;
}

std::vector<Race::Choice> Race::open() const {
    std::vector<Choice> choices;
    for (const Choice choice : every<Choice>)
        if (is_open(choice)) choices.push_back(choice);
    return choices;
}

void Race::happen(Choice choice) {
    using enum Choice;
    const auto move = [&](std::size_t party, auto what) {
        (*parties_[party].*what)(now_);
        collect(party);
    };
    switch (choice) {
        case reaches_caller:
        case reaches_first:
        case reaches_second:
            return deliver(static_cast<std::size_t>(choice));
        case first_rings:
        case second_rings:
            return move(choice == first_rings ? 1 : 2, &Party::ring);
        case first_answers:
        case second_answers:
            return move(choice == first_answers ? 1 : 2, &Party::answer);
        case first_rejects:
        case second_rejects:
            return move(choice == first_rejects ? 1 : 2, &Party::reject);
        case first_hangs_up:
        case second_hangs_up:
            return move(choice == first_hangs_up ? 1 : 2, &Party::hang_up);
        case first_holds:
        case second_holds:
            return move(choice == first_holds ? 1 : 2, &Party::hold);
        case caller_hangs_up:
            return move(caller, &Party::hang_up);
        case caller_holds:
            return move(caller, &Party::hold);
        case ring_time_ends:
            return pass(*ring_limit() - now_, false);
        case crash:
            return die(false);
        case crash_unsent:
            return die(true);
    }
}

std::uint64_t Race::state() const {
    Fnv hash;
    hash.add(engine_->state_hash());
    for (const auto& [key, bytes] : journal_)
        hash.add(fmt::format("{}:{}", key.first, key.second)), hash.add(bytes);
    for (std::size_t i = 0; i < parties_.size(); ++i) {
        hash.add(parties_[i]->state());
        for (const auto& bytes : mail_[i])
            hash.add(bytes);
        hash.add("|");
    }
    hash.add(fmt::format("{} {}", died_, now_.time_since_epoch().count()));
    return hash.value;
}

/// Once everything is delivered and repeated, the floor and the three believe the same.
void Race::agree() const {
    constexpr Set talks{acd::agent::talking, acd::agent::held};
    std::size_t talking = 0;
    for (std::uint32_t i = 1; i <= 2; ++i) {
        const auto state = engine_->floor().agent(AgentId{i}).lane.state;
        const std::size_t due = talks.has(state) ? 1 : 0;
        must(parties_[i]->talks() == due,
             "agent {} is {} and has {} calls on the phone",
             i,
             text(state),
             parties_[i]->talks());
        talking += due;
    }
    must(talking <= 1, "one caller talks with two agents");
    must(talking <= parties_[caller]->talks(), "an agent talks and the caller does not");
}

void Race::finish() {
    pass(all_repeated, true);
    agree();
    for (std::size_t i = 0; i < parties_.size(); ++i)
        while (parties_[i]->can_end()) {
            parties_[i]->hang_up(now_);
            collect(i);
        }
    pass(all_given_up, true);
    give(engine::DatagramReceived{ListenerId{1}, carrier_at, "swept"});  // by any message
    must(media_.empty(), "{} media endpoints are left", media_.size());
    // Two registrations, the trunk's name, the next midnight; a phone asked after a restart.
    checks_.over(*engine_, journal_, {6, 0});
    for (const auto& party : parties_)
        must(!party->has_calls(), "a party is left in a call");
}

}  // namespace holdfast::sim
