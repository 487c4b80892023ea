#include "host/daemon/daemon.hpp"

#include "host/black_box/digit_hider.hpp"
#include "host/black_box/redaction.hpp"
#include "host/io/clocks.hpp"
#include "host/io/service.hpp"

#include <asio/post.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>
#include <variant>

namespace holdfast::host {
namespace {

constexpr std::chrono::milliseconds heartbeat_every{50};
constexpr std::uint64_t beats_between_marks = 1200;  // a minute
/// The hash of the state costs some microseconds a call: a mark must not delay a packet.
constexpr std::size_t most_calls_at_mark = 50;
/// What crashed us twice within this span is not tried a third time.
constexpr Micros poison_within = 60s;
constexpr std::size_t poison_crashes = 2;

enum Fault : std::uint8_t { journal_full, poisoned };

LogLevel level_of(engine::LogLevel level) {
    switch (level) {
        case engine::LogLevel::debug:
            return LogLevel::debug;
        case engine::LogLevel::info:
            return LogLevel::info;
        case engine::LogLevel::warning:
            return LogLevel::warning;
        case engine::LogLevel::error:
            return LogLevel::error;
    }
    return LogLevel::error;
}

std::uint64_t hash_of(std::string_view bytes) {
    const std::uint64_t hash = std::hash<std::string_view>{}(bytes);
    return hash == 0 ? 1 : hash;
}

/// What a stranger sent; nothing for inputs of our own making.
std::string_view foreign_bytes(const engine::Input& input) {
    if (const auto* const datagram = std::get_if<engine::DatagramReceived>(&input))
        return datagram->bytes;
    if (const auto* const flow = std::get_if<engine::FlowBytes>(&input)) return flow->bytes;
    return {};
}

void say(const std::string& sentence) {
    if (!sentence.empty()) log(LogLevel::warning, sentence);
}

}  // namespace

Daemon::Daemon(asio::io_context& io,
               Identity identity,
               Journal journal,
               std::unique_ptr<Store> store)
    : io_{io},
      identity_{std::move(identity)},
      journal_{std::move(journal)},
      store_{std::move(store)},
      timer_due_{io, timer_.descriptor()},
      heartbeat_{io} {}

std::expected<std::unique_ptr<Daemon>, std::vector<std::string>> Daemon::start(
    asio::io_context& io, settings::Settings settings, std::string_view settings_text) {
    using Faults = std::vector<std::string>;
    auto identity = enter(settings.host);
    if (!identity) return std::unexpected{Faults{identity.error()}};
    const Places places = places_of(settings.host);
    auto journal = Journal::open(places.journal);
    if (!journal) return std::unexpected{Faults{journal.error()}};
    say(journal->note());
    auto store = Store::open({.ledger_path = places.ledger,
                              .spill_path = places.spill,
                              .spill_bytes = settings.host.spill_bytes,
                              .keep_persons = std::chrono::days{settings.host.person_days},
                              .keep_rows = std::chrono::days{settings.host.row_days}});
    if (!store) return std::unexpected{Faults{store.error()}};
    for (const auto& note : (*store)->notes())
        say(note);

    std::unique_ptr<Daemon> daemon{
        new Daemon{io, *std::move(identity), *std::move(journal), *std::move(store)}};
    const auto take = [d = daemon.get()](engine::Input input, Instant received_at) {
        d->take(std::move(input), received_at);
    };
    auto sockets = SipSockets::open(io, settings.engine.listeners, take);
    if (!sockets) return std::unexpected{sockets.error()};
    daemon->sockets_ = *std::move(sockets);
    auto control = ControlServer::open(io, places.control, take);
    if (!control) return std::unexpected{Faults{control.error()}};
    daemon->control_ = *std::move(control);
    auto resolver = Resolver::open(io, settings.host.name_servers, take);
    if (!resolver) return std::unexpected{Faults{resolver.error()}};
    daemon->resolver_ = *std::move(resolver);
    daemon->serve(std::move(settings), settings_text);
    return daemon;
}

void Daemon::serve(settings::Settings settings, std::string_view settings_text) {
    for (std::size_t i = 0; i < settings.engine.listeners.size(); ++i)
        settings.engine.listeners[i].bind =
            sockets_->bound(ListenerId{static_cast<std::uint32_t>(i + 1)});
    const Places places = places_of(settings.host);
    record_inputs(settings.host, places, settings_text);
    for (const auto& crash : journal_.crashes())
        if (crash.hash != 0 &&
            journal_.crashes_with_input(crash.hash, sample_clocks().now, poison_within) >=
                poison_crashes)
            poison_.insert(crash.hash);

    to_recount_.ledger_path = places.ledger;
    for (const auto& q : settings.engine.floor.queues)
        to_recount_.queues.emplace_back(q.name, q.service_level_target);
    for (const auto& a : settings.engine.floor.agents)
        to_recount_.agents.push_back(a.number);
    engine_ = std::make_unique<engine::Engine>(std::move(settings.engine));
    engine_->tell_in_hand([this](std::uint64_t call) { journal_.name_call(call); });
    // The media process is asked once the engine knows what should be there.
    media_ = std::make_unique<MediaLink>(
        io_, places.media, [this](engine::Input input) { take_now(std::move(input)); });
    boards_ = std::make_unique<BoardPorts>(
        io_,
        settings.host.boards,
        settings.host.runtime,
        [this](std::size_t board, const BoardState& state) { board_changed(board, state); });
    take_now(started());
    timer_due_.on_readable([this] {
        timer_.clear();
        // Packets that came with the same wake-up were there before the deadline: they go first.
        asio::post(io_, [this] { tick(); });
    });
    store_results_.emplace(io_, store_->descriptor());
    store_results_->on_readable([this] { read_store(); });
    if (settings.host.backups_kept > 0)
        backup_.emplace(BackupOptions{places.ledger,
                                      settings.host.backup_folder.empty()
                                          ? settings.host.state + "/backups"
                                          : settings.host.backup_folder,
                                      static_cast<int>(settings.host.backup_hour),
                                      settings.host.backups_kept});
    clock_watch_.emplace(
        io_, [this](const WallAnchor& anchor) { take_now(engine::ClockAnchored{anchor}); });
    beat();
}

engine::Started Daemon::started() const {
    engine::Started input{.seed = kernel_seed(),
                          .key_seed = kernel_seed(),
                          .secret = identity_.secret,
                          .boot = identity_.boot,
                          .anchor = anchor_now(),
                          .ledger_row = store_->last_row(),
                          .records = {},
                          .after_crash = journal_.left_by_crash()};
    if (const auto beat = journal_.last_alive()) input.last_alive = beat->now;
    input.suspects = suspects();
    // The journal knows the machine's boot: it has no records whose instants mean nothing now.
    for (auto& record : journal_.records())
        input.records.push_back({record.kind, record.id, std::move(record.bytes)});
    return input;
}

std::vector<engine::Suspect> Daemon::suspects() const {
    std::vector<engine::Suspect> suspects;
    const Instant now = sample_clocks().now;
    for (const auto& crash : journal_.crashes()) {
        const auto lives = journal_.crashes_with_call(crash.call, now, poison_within);
        const bool known =
            std::ranges::find(suspects, crash.call, &engine::Suspect::in_hand) != suspects.end();
        if (lives >= poison_crashes && !known)
            suspects.push_back({crash.call, static_cast<std::uint32_t>(lives)});
    }
    return suspects;
}

void Daemon::record_inputs(const settings::HostSettings& settings,
                           const Places& places,
                           std::string_view settings_text) {
    redacts_ = settings.black_box_redacts;
    const Seed seed = kernel_seed();
    redaction_key_ = (std::uint64_t{seed[0]} << 32) | seed[1];
    if (settings.black_box_bytes == 0) return;
    auto box = BlackBox::open(
        places.black_box, places.black_box_ring, settings.black_box_bytes, settings_text);
    if (box)
        black_box_.emplace(*std::move(box));
    else
        log(LogLevel::error, box.error());
}

void Daemon::take(engine::Input input, Instant received_at) {
    waiting_.push_back({std::move(input), received_at});
    if (busy_) return;
    busy_ = true;
    while (!waiting_.empty()) {
        const Waiting next = std::move(waiting_.front());
        waiting_.pop_front();
        step(next.input, next.received_at);
    }
    busy_ = false;
    const auto deadline = engine_->next_deadline();
    timer_.arm(deadline ? deadline->at : never);
}

void Daemon::step(const engine::Input& input, Instant received_at) {
    const auto foreign = foreign_bytes(input);
    if (!foreign.empty() && refuses(foreign)) return;
    const Instant now = sample_clocks().now;
    record(input, received_at, now);
    journal_.take_in_hand(foreign.empty() ? 0 : hash_of(foreign), 0);
    engine_->take(input, received_at, now);
    perform(engine_->take_effects());
    journal_.put_down();
}

bool Daemon::refuses(std::string_view bytes) {
    if (poison_.empty() || !poison_.contains(hash_of(bytes))) return false;
    ++refused_poison_;
    faults_.note(Fault::poisoned,
                 LogLevel::error,
                 "refused a message that ended the daemon twice within a minute",
                 sample_clocks().now);
    return true;
}

void Daemon::record(const engine::Input& input, Instant received_at, Instant now) {
    if (!black_box_ || !black_box_->ended_by().empty()) return;
    auto safe = redacts_ ? redact(input, redaction_key_) : std::nullopt;
    if (engine_->hides_digits(input)) safe = without_digits(safe ? *std::move(safe) : input);
    black_box_->record({received_at, now, safe ? *std::move(safe) : input});
    if (const auto& why = black_box_->ended_by(); !why.empty())
        log(LogLevel::warning,
            "what follows cannot be replayed until the next start: the black box has ended, " +
                why);
}

void Daemon::perform(std::vector<engine::Effect> effects) {
    bool kept = true;
    for (const auto& effect : effects) {
        if (const auto* const persist = std::get_if<engine::Persist>(&effect))
            kept = journal_.put(persist->kind, persist->id, persist->bytes) && kept;
        if (const auto* const forget = std::get_if<engine::Forget>(&effect))
            journal_.forget(forget->kind, forget->id);
    }
    journal_.commit();
    if (!kept)
        faults_.note(Fault::journal_full, LogLevel::error, journal_.trouble(), sample_clocks().now);
    for (auto& effect : effects)
        std::visit([this](auto& e) { on(std::move(e)); }, effect);
}

void Daemon::on(engine::Log&& effect) {
    log(level_of(effect.level), effect.line);
}

void Daemon::read_store() {
    for (auto& result : store_->take_results()) {
        if (const auto* const committed = std::get_if<Committed>(&result))
            take_now(engine::StoreCommitted{committed->row});
        if (auto* const troubled = std::get_if<Troubled>(&result))
            take_now(engine::StoreTroubled{std::move(troubled->what), troubled->refuse_calls});
    }
}

void Daemon::board_changed(std::size_t board, const BoardState& s) {
    take_now(engine::BoardReported{static_cast<std::uint32_t>(board + 1),
                                   s.connected,
                                   s.what,
                                   s.trouble,
                                   s.answered_at,
                                   s.skipped,
                                   s.update,
                                   s.updating});
}

void Daemon::on(engine::RecountToday&& effect) {
    to_recount_.from = effect.from;
    to_recount_.until = effect.until;
    to_recount_.up_to_row = effect.up_to_row;
    // The clock may be set again before it has answered: then the newest one counts.
    const auto number = ++recounts_;
    recounter_.emplace(
        to_recount_, [this, number, day = effect.local_day](const Recounted& counted) {
            engine::TodayRecounted input{.local_day = day, .queues = {}, .agents = {}};
            for (const auto& [queue, today] : counted.queues)
                input.queues.push_back({queue, today});
            for (const auto& [agent, today] : counted.agents)
                input.agents.push_back({agent, today});
            asio::post(io_, [this, number, input = std::move(input)]() mutable {
                if (number == recounts_) take_now(std::move(input));
            });
        });
}

void Daemon::tick() {
    const auto deadline = engine_->next_deadline();
    const Instant now = sample_clocks().now;
    if (deadline && deadline->at <= now)
        take(engine::Ticked{}, deadline->at);
    else
        timer_.arm(deadline ? deadline->at : never);
}

void Daemon::beat() {
    journal_.heartbeat(sample_clocks());
    if (++beats_ % beats_between_marks == 0 && black_box_ &&
        engine_->floor().call_count() <= most_calls_at_mark)
        black_box_->record(StateMark{engine_->state_hash()});
    heartbeat_.expires_after(heartbeat_every);
    heartbeat_.async_wait([this](const std::error_code& error) {
        if (!error) beat();
    });
}

void Daemon::reload_certificates() {
    const auto faults = sockets_->reload_certificates();
    for (const auto& fault : faults)
        log(LogLevel::error, fault);
    if (faults.empty()) log(LogLevel::info, "the TLS certificates are read again");
}

void Daemon::stop() {
    if (black_box_) black_box_->record(StateMark{engine_->state_hash()});
    boards_->farewell();
    store_->close();
    for (auto& result : store_->take_results())
        if (const auto* const committed = std::get_if<Committed>(&result))
            take_now(engine::StoreCommitted{committed->row});
    journal_.close_cleanly();
}

}  // namespace holdfast::host
