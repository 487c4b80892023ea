// host/daemon/daemon.hpp: the loop of holdfastd: gives the engine its inputs and performs its
// effects, first what must survive, then what others will see.
#pragma once
#include "engine/engine.hpp"
#include "host/black_box/black_box.hpp"
#include "host/control/control_server.hpp"
#include "host/daemon/media_link.hpp"
#include "host/daemon/places.hpp"
#include "host/daemon/wall_anchor.hpp"
#include "host/io/deadline_timer.hpp"
#include "host/io/log.hpp"
#include "host/io/readiness.hpp"
#include "host/journal/journal.hpp"
#include "host/net/resolver.hpp"
#include "host/net/sip_sockets.hpp"
#include "host/store/nightly_backup.hpp"
#include "host/store/recounter.hpp"
#include "host/store/store.hpp"
#include "host/wallboard/board_ports.hpp"
#include "settings/settings.hpp"

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>

#include <cstdint>
#include <deque>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace holdfast::host {

class Daemon {
public:
    /// Takes up what the last life left, then serves. Every reason why that cannot be, a sentence
    /// each.
    static std::expected<std::unique_ptr<Daemon>, std::vector<std::string>> start(
        asio::io_context& io, settings::Settings settings, std::string_view settings_text);
    Daemon(const Daemon&) = delete;
    Daemon& operator=(const Daemon&) = delete;
    /// Open questions to the DNS are answered while everything else still stands.
    ~Daemon() { resolver_.reset(); }

    /// Writes what is not written yet. Calls live on in the media process and in the journal, for
    /// the next life to take up.
    void stop();

    /// TLS listeners read their certificate and key files again, for connections to come; one that
    /// cannot keeps what it has, and says so in the log.
    void reload_certificates();

private:
    struct Waiting {
        engine::Input input;
        Instant received_at;
    };

    Daemon(asio::io_context& io, Identity identity, Journal journal, std::unique_ptr<Store> store);
    void serve(settings::Settings settings, std::string_view settings_text);
    engine::Started started() const;
    std::vector<engine::Suspect> suspects() const;
    void record_inputs(const settings::HostSettings& settings,
                       const Places& places,
                       std::string_view settings_text);

    void take(engine::Input input, Instant received_at);
    void take_now(engine::Input input) { take(std::move(input), sample_clocks().now); }
    void step(const engine::Input& input, Instant received_at);
    void record(const engine::Input& input, Instant received_at, Instant now);
    void perform(std::vector<engine::Effect> effects);
    void read_store();
    void tick();
    void board_changed(std::size_t board, const BoardState& state);
    void beat();
    bool refuses(std::string_view bytes);

    void on(engine::Persist&&) {}
    void on(engine::Forget&&) {}
    void on(engine::SendDatagram&& effect) { sockets_->send(effect); }
    void on(engine::SendBytes&& effect) { sockets_->send(effect); }
    void on(engine::OpenFlow&& effect) { sockets_->open(effect); }
    void on(engine::CloseFlow&& effect) { sockets_->close(effect); }
    void on(engine::Resolve&& effect) { resolver_->ask(effect); }
    void on(engine::OrderMedia&& effect) { media_->order(effect.order); }
    void on(engine::StoreRow&& effect) { store_->write(std::move(effect.row)); }
    void on(engine::AnswerCommand&& effect) { control_->answer(effect); }
    void on(engine::TellWatcher&& effect) { control_->tell(effect); }
    void on(engine::Log&& effect);
    void on(engine::ShowFigures&& effect) { boards_->show(effect.figures); }
    void on(engine::RecountToday&& effect);
    void on(engine::UpdateBoard&& effect) {
        boards_->update(effect.board - 1, effect.image, effect.offset, effect.bytes, effect.last);
    }

    asio::io_context& io_;
    Identity identity_;
    Journal journal_;
    std::unique_ptr<Store> store_;
    std::unique_ptr<engine::Engine> engine_;
    std::unique_ptr<SipSockets> sockets_;
    std::unique_ptr<Resolver> resolver_;
    std::unique_ptr<MediaLink> media_;
    std::unique_ptr<ControlServer> control_;
    std::unique_ptr<BoardPorts> boards_;
    std::optional<BlackBox> black_box_;
    bool redacts_ = true;
    std::uint64_t redaction_key_ = 0;

    DeadlineTimer timer_;
    Readiness timer_due_;
    std::optional<Readiness> store_results_;
    asio::steady_timer heartbeat_;
    std::optional<ClockWatch> clock_watch_;
    std::optional<NightlyBackup> backup_;
    RecountOptions to_recount_;  // whom the settings name
    std::optional<Recounter> recounter_;
    std::uint32_t recounts_ = 0;

    std::deque<Waiting> waiting_;  // inputs that came out of an effect
    bool busy_ = false;
    std::unordered_set<std::uint64_t> poison_;  // hashes of what killed us twice
    std::uint64_t refused_poison_ = 0;
    std::uint64_t beats_ = 0;
    FaultLog faults_{2};
};

}  // namespace holdfast::host
