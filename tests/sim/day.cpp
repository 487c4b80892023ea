#include "sim/day.hpp"

#include <fmt/format.h>

#include <utility>

namespace holdfast::sim {
namespace {

Micros span(Random& r, int least_ms, int most_ms) {
    return 1ms * (least_ms +
                  static_cast<int>(r.below(static_cast<std::uint32_t>(most_ms - least_ms + 1))));
}

bool chance(Random& r, double p) {
    return r.unit() < p;
}

engine::Settings random_settings(Random& r) {
    auto s = centre(2 + r.below(4));
    for (auto& q : s.floor.queues) {
        q.strategy = static_cast<acd::Strategy>(r.below(5));
        q.answer = static_cast<acd::AnswerWhen>(r.below(2));
        q.no_agent = static_cast<acd::NoAgent>(r.below(3));
        q.capacity = 1 + r.below(8);
        q.longest_wait = span(r, 5'000, 120'000);
        q.ring_time = span(r, 2'000, 20'000);
        q.wrap_up = chance(r, 0.3) ? 0s : span(r, 0, 10'000);
        q.priority = static_cast<std::uint8_t>(r.below(3));
        q.has_greeting = chance(r, 0.3);
        q.has_comfort = chance(r, 0.3);
        q.comfort_every = span(r, 5'000, 15'000);
        q.hold_reminder = chance(r, 0.3) ? 0s : span(r, 500, 20'000);
        q.hold_alarm = span(r, 1'000, 40'000);
        q.requeue_after_alarm = chance(r, 0.3);
        q.dead_air = chance(r, 0.2) ? 0s : span(r, 200, 5'000);
        q.dead_air_tone = chance(r, 0.3) ? 0s : q.dead_air + span(r, 0, 3'000);
    }
    s.floor.queues[1].escalation = true;
    s.floor.queues[0].overflow = QueueId{r.below(2) * 2};
    s.floor.queues[1].overflow = QueueId{r.below(2)};
    for (std::size_t i = 0; i < s.sounds.size(); ++i) {
        if (s.floor.queues[i].has_greeting) s.sounds[i].greeting = "greeting.wav";
        if (s.floor.queues[i].has_comfort) s.sounds[i].comfort = "comfort.wav";
    }
    s.floor.ready_after_login = chance(r, 0.5);
    s.floor.agents[0].numbers = {"5550001"};
    s.floor.agents[0].no_answer = QueueId{r.below(3)};
    s.classes[1].may_leave_outsiders = chance(r, 0.5);
    s.session_expires = chance(r, 0.5) ? 90s : 1800s;
    s.park_limit = span(r, 5'000, 60'000);
    s.registrar.options_every = span(r, 5'000, 30'000);
    return s;
}

/// A board, and a figure of each queue that is watched.
void hang_up_boards(engine::Settings& s) {
    s.wallboards.boards = {{"hall", "alpha", "/dev/null"}};
    s.wallboards.hold_limit = 3s;
    for (std::size_t i = 1; i <= s.floor.queues.size(); ++i) {
        wallboard::Watch w;
        w.name = fmt::format("floor-{}", i);
        w.text = fmt::format("QUEUE {} WAITS", i);
        w.value = wallboard::find_value("waiting");
        w.scope = i;
        w.bound = {.at = 2};
        w.latches = i == 1;
        s.wallboards.watches.push_back(std::move(w));
    }
}

Weather random_weather(Random& r) {
    Weather w;
    if (chance(r, 0.5)) w.loss = r.unit() * 0.2;
    if (chance(r, 0.5)) w.twice = r.unit() * 0.2;
    w.most_delay = span(r, 1, chance(r, 0.3) ? 900 : 40);
    if (chance(r, 0.5)) w.most_lag = span(r, 0, 30);
    return w;
}

}  // namespace

Day::Day(std::uint64_t seed, bool narrate) : random_{Random::from(seed ^ 0x5eed)} {
    auto settings = random_settings(random_);
    if (seed % 2 == 0) hang_up_boards(settings);
    if (seed % 3 == 0) settings = with_speech(std::move(settings));
    world_ = std::make_unique<World>(seed, settings, random_weather(random_));
    world_->narrate = narrate;
    world_->babble();
    crashes_left_ = chance(random_, 0.4) ? static_cast<int>(1 + random_.below(3)) : 0;
    draw_people();
}

void Day::draw_people() {
    for (auto& phone : world_->phones)
        phone->second_line = chance(random_, 0.3);
    for (auto& phone : world_->phones)
        phone->decide = [](Random& r) {
            constexpr int rejections[] = {486, 480, 603, 488, 404, 500, 302};
            constexpr const char* forwards[] = {"2101", "2102", "200", "0301234", "1900"};
            peers::Manner m;
            m.rings_after = span(r, 0, 500);
            m.answers_after = span(r, 0, 4'000);
            m.answers = !chance(r, 0.15);
            if (chance(r, 0.1)) m.rejects_with = rejections[r.below(7)];
            m.forwards_to = fmt::format("sip:{}@10.0.0.1", forwards[r.below(5)]);
            m.talks_for = chance(r, 0.3) ? 0s : span(r, 100, 30'000);
            if (chance(r, 0.3)) m.holds_after = span(r, 50, 5'000);
            m.holds_for = span(r, 10, 5'000);
            m.holds_by = static_cast<peers::HoldForm>(r.below(4));
            m.holds_again = chance(r, 0.2);
            return m;
        };
    world_->carrier->decide_callee = [](Random& r) {
        constexpr int answers[] = {0, 0, 0, 486, 404, 503};
        return answers[r.below(6)];
    };
}

void Day::run() {
    world_->run(2s);
    for (int i = 0; i < 120; ++i) {
        happen();
        world_->run(span(random_, 0, chance(random_, 0.2) ? 6'000 : 800));
    }
    for (std::size_t i = 0; i < world_->phones.size(); ++i)
        if (world_->phone_dead(i) && chance(random_, 0.5)) world_->revive_phone(i);
    world_->close();
}

void Day::happen() {
    const auto phone = random_.below(static_cast<std::uint32_t>(world_->phones.size()));
    switch (random_.below(15)) {
        case 10:
        case 11:
        case 12:
        case 13:
        case 14:
            return agents_work(phone);
        case 0:
            if (chance(random_, 0.5)) world_->press(carrier_at, '7');
            [[fallthrough]];
        case 1:
        case 2: {
            peers::Patience p;
            p.hangs_up_after = chance(random_, 0.2) ? 0s : span(random_, 0, 40'000);
            if (chance(random_, 0.2)) p.holds_after = span(random_, 50, 10'000);
            p.holds_for = span(random_, 10, 10'000);
            constexpr const char* numbers[] = {"100", "100", "200", "200", "999", "5550001"};
            world_->carrier->call_in(
                fmt::format("0301{:06}", ++callers_), numbers[random_.below(6)], p, world_->now);
            return;
        }
        case 3:
        case 4:
        case 5:
        case 6:
            return world_->alive() ? world_->log_in(phone) : void();
        case 7:
        case 8:
            return agents_act(phone);
        default:
            return accident();
    }
}

void Day::agents_act(std::size_t i) {
    auto& phone = *world_->phones[i];
    if (world_->phone_dead(i)) return;
    constexpr const char* numbers[] = {"*45",
                                       "*46",
                                       "*467",
                                       "2101",
                                       "2102",
                                       "0301234",
                                       "0900",
                                       "112",
                                       "777",
                                       "*681",
                                       "100",
                                       "200"};
    switch (random_.below(5)) {
        case 0:
            return phone.hang_up_all(world_->now);
        case 1:
            if (chance(random_, 0.3)) phone.press('*', world_->now);
            return phone.press("56*124#"[random_.below(7)], world_ -> now);
        case 2:
            return take_over(i);
        default:
            phone.dial(numbers[random_.below(12)], world_->now);
    }
}

/// The dialog of any phone, at whatever stage it is.
void Day::take_over(std::size_t i) {
    const auto other = random_.below(static_cast<std::uint32_t>(world_->phones.size()));
    auto replaces = world_->phones[other]->replaces(random_.below(2), chance(random_, 0.5));
    if (replaces.empty()) return;
    if (chance(random_, 0.2)) replaces += ";early-only";
    world_->phones[i]->take_over(replaces, world_->now);
}

/// With a caller: holds, asks somebody, joins, passes on.
void Day::agents_work(std::size_t i) {
    // Whoever has a call, if anybody has.
    for (std::size_t n = 0; n < world_->phones.size() && world_->phones[i]->talking() == 0; ++n)
        i = (i + 1) % world_->phones.size();
    auto& phone = *world_->phones[i];
    if (world_->phone_dead(i)) return;
    constexpr const char* targets[] = {
        "2101", "2102", "2103", "100", "200", "0301234", "0900", "*681", "777"};
    const auto call = random_.below(2);
    switch (random_.below(8)) {
        case 0:
        case 1:
            if (chance(random_, 0.3)) return phone.pass_on(call, "*4", false, world_->now);
            return phone.pass_on(
                call, targets[random_.below(9)], chance(random_, 0.3), world_->now);
        case 2:
            phone.hold_call(0, true, world_->now);
            return phone.dial(targets[random_.below(7)], world_->now);
        case 3:
        case 4:
            return phone.join_calls(chance(random_, 0.5), chance(random_, 0.5), world_->now);
        case 5:
            return phone.hang_up(call, world_->now);
        default:
            return phone.hold_call(call, chance(random_, 0.5), world_->now);
    }
}

void Day::note_crash() {
    if (!world_->alive()) return;
    for (const CallId id : world_->floor().calls())
        ++reached_[fmt::format("caller {}, and a crash",
                               text(world_->floor().call(id)->lane.state))];
}

std::map<std::string, std::uint64_t> Day::reached() const {
    auto counts = reached_;
    for (const auto& row : world_->checks().all_rows()) {
        if (const auto* m = std::get_if<acd::MarkClosed>(&row.what))
            ++counts[fmt::format("mark {}", m->kind)];
        if (const auto* s = std::get_if<acd::SegmentClosed>(&row.what)) {
            const bool caller = s->lane_kind == acd::LaneKind::caller;
            ++counts[fmt::format("{} {}", caller ? "caller" : "agent", s->kind)];
            if (caller) ++counts[fmt::format("caller {}, ended by {}", s->kind, s->ended_by)];
        }
    }
    return counts;
}

void Day::accident() {
    const auto phone = random_.below(static_cast<std::uint32_t>(world_->phones.size()));
    switch (random_.below(8)) {
        case 0:
            if (crashes_left_ == 0) return;
            --crashes_left_;
            note_crash();
            if (chance(random_, 0.5)) return world_->crash_while_sending(span(random_, 50, 900));
            return world_->crash(span(random_, 50, 900));
        case 1:
            return world_->kill_phone(phone);
        case 2:
        case 3:
            return world_->revive_phone(phone);
        case 4:
            return world_->alive() ? world_->silence_of_agent(phone) : void();
        case 5:
            return world_->media_crash();
        default:
            return supervisor_orders();
    }
}

void Day::supervisor_orders() {
    if (!world_->alive()) return;
    const bool first = chance(random_, 0.5);
    const std::string queue = first ? "support" : "sales";
    const auto order = static_cast<console::QueueOrder>(random_.below(3));
    world_->command(console::OrderQueue{queue, order, first ? "sales" : "support"});
}

}  // namespace holdfast::sim
