#include "sim/world.hpp"

#include "engine/in_hand.hpp"
#include "sim/world_media.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace holdfast::sim {

std::set<SourceId> World::playing() const {
    std::set<SourceId> sources;
    for (const auto& [id, what] : media_->heard)
        if (const auto* source = std::get_if<media::HearSource>(&what); source != nullptr)
            if (media_->open.contains(id)) sources.insert(source->source);
    return sources;
}

std::size_t World::conferring() const {
    std::size_t count = 0;
    for (const auto& [id, what] : media_->heard)
        count += std::holds_alternative<media::HearConference>(what) && media_->open.contains(id);
    return count;
}

std::vector<SourceId> World::said_to(const Endpoint& party) const {
    std::vector<SourceId> all;
    for (const auto& [id, source] : media_->said)
        if (media_->parties[id] == party.address) all.push_back(source);
    return all;
}

void World::speak(const Endpoint& from, bool speaks) {
    const auto voice = speaks ? media::Voice::speaking : media::Voice::silent;
    for (const auto& [id, mouth] : std::map{media_->mouths})
        if (media_->sounds[id] == from.address && mouth.voice != media::Voice::unseen)
            media_->tell(id, voice, now);
}

void World::mute(const Endpoint& from, media::Mute mute, Instant since) {
    for (const auto& [id, mouth] : std::map{media_->mouths})
        if (media_->sounds[id] == from.address && mouth.voice != media::Voice::unseen)
            media_->tell(id, mute, since);
}

void World::press(const Endpoint& from, char digit) {
    for (const auto& [id, sounds_from] : std::map{media_->sounds})
        if (sounds_from == from.address) media_->press(id, digit);
}

std::string World::digits() const {
    return media_->digits;
}

engine::Settings centre(std::size_t phones) {
    engine::Settings s;
    s.floor.queues.resize(2);
    s.floor.queues[0].name = "support";
    s.floor.queues[0].numbers = {"100"};
    s.floor.queues[1].name = "sales";
    s.floor.queues[1].numbers = {"200"};
    s.sounds.resize(2);
    s.listeners = {{sip::Transport::udp, exchange_at, {}, 0, {}, {}}};
    s.media.bind = exchange_at.address;
    s.classes = {{}, {"outside", {"0"}, {}, {}, 2, 100}};
    s.class_trunks = {{}, {}};
    for (std::size_t i = 0; i < phones; ++i) {
        const auto name = fmt::format("desk{}", i + 1);
        s.floor.devices.push_back({name});
        s.devices.push_back({name, name, "secret-" + name});
        s.floor.agents.push_back({fmt::format("{}", 2101 + i),
                                  fmt::format("Agent {}", i + 1),
                                  "4711",
                                  {QueueId{1}, QueueId{2}},
                                  DeviceId{static_cast<std::uint32_t>(i + 1)},
                                  1});
    }
    engine::TrunkSettings t;
    t.name = "carrier";
    t.peers = {{carrier_at.address, 32}};
    t.server_uri = "sip:10.0.0.100:5060";
    t.listener = ListenerId{1};
    s.trunks = {t};
    s.floor.trunks = {"carrier"};
    s.emergency.numbers = {"112"};
    return s;
}

engine::Settings with_speech(engine::Settings settings) {
    for (const auto prompt : every<engine::Prompt>)
        settings.speech.files[static_cast<std::size_t>(prompt)] =
            fmt::format("{}.wav", text(prompt));
    return settings;
}

World::World(std::uint64_t seed, engine::Settings settings, Weather w)
    : weather{w},
      random{Random::from(seed)},
      settings_{std::move(settings)},
      seed_{seed},
      media_{std::make_unique<Media>(*this)},
      babble_{Random::from(seed ^ 0xbabb1e)},
      dead_(settings_.devices.size()),
      checks_{settings_.floor} {
    carrier = std::make_unique<peers::Carrier>(carrier_at, seed * 1000 + 1, exchange_at);
    for (std::size_t i = 0; i < settings_.devices.size(); ++i) {
        const auto& d = settings_.devices[i];
        phones.push_back(std::make_unique<peers::Phone>(
            phone_at(i),
            seed * 1000 + 10 + i,
            peers::Phone::Account{
                d.name, d.auth_user, d.password, settings_.registrar.realm, exchange_at, 120}));
        phones.back()->switch_on(now);
        collect(*phones.back());
    }
    start();
}

World::~World() = default;

void World::start() {
    ++life_;
    engine_ = std::make_unique<engine::Engine>(settings_);
    engine_->tell_in_hand([this](std::uint64_t word) { named_.insert(word); });
    engine::Started s;
    s.seed[0] = static_cast<std::uint32_t>(seed_);
    s.seed[1] = static_cast<std::uint32_t>(life_);
    s.secret = std::string(32, 'k');
    s.boot = life_;
    // 2026-11-24 09:00 UTC when the world begins.
    s.anchor = {Instant{3600s}, WallInstant{std::chrono::seconds{1'795'510'800}}, 3600};
    s.ledger_row = stored_;
    for (const auto& [key, bytes] : journal_)
        s.records.push_back({key.first, key.second, bytes});
    s.after_crash = life_ > 1;
    s.last_alive = died_at_;
    s.suspects = std::exchange(suspects, {});
    for (const auto& suspect : s.suspects)
        checks_.let_go(CallId{engine::in_hand_of(suspect.in_hand).id});
    give(s);
    if (s.after_crash && engine_ != nullptr) checks_.rose(*engine_);
    give(engine::MediaConnected{});
}

void World::crash(Micros dead_for) {
    if (engine_ == nullptr) return;
    checks_.died(*engine_, now);
    died_at_ = now;
    engine_.reset();
    socket_.clear();
    dies_sending_.reset();
    ++life_;
    later(dead_for, [this] { start(); });
}

void World::suspend(Micros span) {
    asleep_until_ = now + span;
    socket_.clear();
    run(span);
}

void World::media_crash() {
    media_->open.clear();
    media_->mouths.clear();
    media_->masked.clear();
    media_->heard.clear();
    ++media_->boot;
    give(engine::MediaLost{});
    later(200ms, [this] { give(engine::MediaConnected{}); });
}

void World::silence_of_agent(std::size_t phone) {
    for (const auto& [media, on] : std::map{media_->sounds}) {
        if (on != phone_at(phone).address) continue;
        give(engine::MediaReported{media::Silent{media, now}});
    }
}

/// A dead phone is silent, and is reported so as long as it has endpoints.
void World::kill_phone(std::size_t i) {
    if (dead_[i]) return;
    dead_[i] = true;
    listen_to_dead(i);
}

void World::listen_to_dead(std::size_t i) {
    later(10s, [this, i] {
        if (!dead_[i]) return;
        silence_of_agent(i);
        listen_to_dead(i);
    });
}

void World::command(console::Request request) {
    give(engine::Commanded{1, 1, std::move(request)});
}

void World::log_in(std::size_t phone) {
    const auto number = settings_.floor.agents[phone].number;
    command(console::OrderAgent{number, console::AgentOrder::log_in, {}});
    command(console::OrderAgent{number, console::AgentOrder::ready, {}});
}

std::string World::agent_state(std::size_t i) const {
    return std::string{text(floor().agent(AgentId{static_cast<std::uint32_t>(i + 1)}).lane.state)};
}

void World::give(const engine::Input& input, Instant received_at) {
    if (engine_ == nullptr) return;
    if (asleep())
        return later(asleep_until_ - now, [this, life = life_, input] {
            if (life == life_) give(input);
        });
    checks_.begin(input, received_at);
    engine_->take(input, received_at, now);
    ++steps_;
    perform(engine_->take_effects());
    if (engine_ == nullptr) return;  // it died over it
    if (narrate) note_states();
    checks_.step(*engine_, now);
    checks_.journal(*engine_, journal_);
    look_at_phones();
}

void World::look_at_phones() {
    for (std::uint32_t i = 0; i < phones.size(); ++i) {
        const auto& phone = *phones[i];
        const PhoneView view{phone.rung(), phone.answered(), phone.calls()};
        if (dead_[i])
            checks_.phone_is_off(DeviceId{i + 1}, now);
        else
            checks_.phone(DeviceId{i + 1}, view, *engine_, now);
    }
}

/// As the host does: the whole step goes to the journal, at once; then the rest, in order.
void World::perform(std::vector<engine::Effect> effects) {
    for (auto& e : effects)
        keep(e);
    for (auto& e : effects) {
        if (dies_now(effects.size())) return crash(*dies_sending_);
        do_effect(std::move(e));
    }
}

void World::keep(engine::Effect& effect) {
    if (auto* persist = std::get_if<engine::Persist>(&effect))
        journal_[{persist->kind, persist->id}] = std::move(persist->bytes);
    else if (const auto* forget = std::get_if<engine::Forget>(&effect))
        journal_.erase({forget->kind, forget->id});
}

bool World::dies_now(std::size_t effects) {
    return dies_sending_ && random.below(static_cast<std::uint32_t>(effects)) == 0;
}

void World::do_effect(engine::Effect&& effect) {
    using namespace engine;
    if (auto* datagram = std::get_if<SendDatagram>(&effect)) {
        send(exchange_at, datagram->to, std::move(datagram->bytes));
    } else if (const auto* order = std::get_if<OrderMedia>(&effect)) {
        checks_.media(order->order);
        media_->take(order->order);
    } else if (const auto* row = std::get_if<StoreRow>(&effect)) {
        checks_.row(row->row);
        stored_ = std::max(stored_, row->row.row);
        later(5ms, [this, life = life_, number = row->row.row] {
            if (life == life_) give(StoreCommitted{number});
        });
    } else if (const auto* picture = std::get_if<ShowFigures>(&effect)) {
        checks_.figures(picture->figures, *engine_, settings_.wallboards, now);
    } else if (auto* line = std::get_if<Log>(&effect)) {
        note(std::move(line->line));
    }
}

void World::send(const Endpoint& from, const Endpoint& to, std::string bytes) {
    const int copies = random.unit() < weather.loss ? 0 : random.unit() < weather.twice ? 2 : 1;
    const auto spread =
        static_cast<std::uint32_t>((weather.most_delay - weather.least_delay).count()) + 1;
    for (int i = 0; i < copies; ++i)
        later(weather.least_delay + Micros{random.below(spread)},
              [this, from, to, bytes] { arrive(from, to, bytes); });
}

void World::arrive(const Endpoint& from, const Endpoint& to, const std::string& bytes) {
    if (narrate) note_message(from, to, bytes);
    for (const char c : bytes)
        trace_ = (trace_ ^ static_cast<std::uint8_t>(c)) * 0x100000001b3;
    if (to == exchange_at) {
        if (engine_ == nullptr || asleep()) return;
        socket_.push_back({from, bytes, now});
        if (socket_.size() > 1) return;
        const auto lag = static_cast<std::uint32_t>(weather.most_lag.count());
        if (lag == 0) return read_socket();
        return later(Micros{random.below(lag)}, [this, life = life_] {
            if (life == life_) read_socket();
        });
    }
    if (to == carrier_at) {
        carrier->take(bytes, from, now);
        return collect(*carrier);
    }
    for (std::size_t i = 0; i < phones.size(); ++i)
        if (to == phone_at(i) && !dead_[i]) {
            phones[i]->take(bytes, from, now);
            collect(*phones[i]);
        }
}

void World::read_socket() {
    for (const auto& w : std::exchange(socket_, {}))
        give(engine::DatagramReceived{ListenerId{1}, w.from, w.bytes}, w.received_at);
}

void World::collect(peers::Peer& peer) {
    for (auto& t : peer.take_sent())
        send(peer.at(), t.hop.remote, std::move(t.bytes));
}

std::optional<Instant> World::next_event() const {
    std::optional<Instant> next;
    const auto consider = [&](std::optional<Instant> at) {
        if (at && (!next || *at < *next)) next = at;
    };
    if (!queue_.empty()) consider(queue_.begin()->first);
    if (engine_ != nullptr && socket_.empty())
        if (const auto d = engine_->next_deadline()) consider(std::max(d->at, asleep_until_));
    consider(carrier->next_deadline());
    for (std::size_t i = 0; i < phones.size(); ++i)
        if (!dead_[i]) consider(phones[i]->next_deadline());
    return next;
}

void World::run(Micros span) {
    const Instant until = now + span;
    collect(*carrier);  // what a test has just told them to do
    for (auto& phone : phones)
        collect(*phone);
    while (const auto next = next_event()) {
        if (*next > until) break;
        now = std::max(now, *next);
        if (!queue_.empty() && queue_.begin()->first <= now) {
            auto node = queue_.extract(queue_.begin());
            node.mapped()();
            continue;
        }
        if (engine_ != nullptr && socket_.empty())
            if (const auto d = engine_->next_deadline(); d && d->at <= now && !asleep()) {
                give(engine::Ticked{});
                continue;
            }
        carrier->run(now);
        collect(*carrier);
        for (std::size_t i = 0; i < phones.size(); ++i) {
            if (dead_[i]) continue;
            phones[i]->run(now);
            collect(*phones[i]);
        }
    }
    now = until;
}

void World::close() {
    weather = {};
    dies_sending_.reset();
    run(45s);  // a dead engine is back by then, and what was lost has been repeated
    for (int round = 0; round < 3; ++round) {
        carrier->hang_up_all(now);
        collect(*carrier);
        for (std::size_t i = 0; i < phones.size(); ++i)
            if (!dead_[i]) {
                phones[i]->hang_up_all(now);
                collect(*phones[i]);
            }
        run(60s);
    }
    for (const auto& a : settings_.floor.agents)
        command(console::OrderAgent{a.number, console::AgentOrder::log_out, {}});
    for (std::size_t i = 0; i < phones.size(); ++i) {
        phones[i]->switch_off(now);
        collect(*phones[i]);
    }
    run(400s);
    must(media_->open.empty(), "{} media endpoints are left", media_->open.size());
    checks_.over(*engine_, journal_);
}

std::string World::hash() const {
    return fmt::format("{:016x}{:016x}{}", trace_, checks_.hash(), engine_->state_hash());
}

}  // namespace holdfast::sim
