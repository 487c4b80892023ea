#include "loadgen/crowd.hpp"

#include "host/io/clocks.hpp"
#include "host/io/service.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace holdfast::loadgen {
namespace {

constexpr Micros logs_in_within = 10s;
constexpr Micros hangs_up_within = 3s;

Instant now() {
    return host::sample_clocks().now;
}

/// "sip:127.0.0.1:5080": callers must come from where the trunk is.
std::optional<Endpoint> endpoint_of(std::string_view uri) {
    if (uri.starts_with("sip:")) uri.remove_prefix(4);
    const auto colon = uri.rfind(':');
    std::uint16_t port = 5060;
    if (colon != uri.npos) std::from_chars(uri.data() + colon + 1, uri.data() + uri.size(), port);
    const auto address = parse_address(uri.substr(0, colon));
    if (!address) return std::nullopt;
    return Endpoint{*address, port};
}

}  // namespace

std::expected<std::unique_ptr<Crowd>, std::string> Crowd::gather(
    const Options& options, const settings::Settings& settings) {
    std::unique_ptr<Crowd> crowd{new Crowd{options}};
    // Two crowds with one seed would use the same Call-IDs and tags.
    if (options.seed == 0) crowd->options_.seed = host::kernel_seed()[0];
    crowd->random_ = Random::from(crowd->options_.seed);
    if (auto fault = crowd->invite(settings); !fault.empty()) return std::unexpected{fault};
    return crowd;
}

std::string Crowd::invite(const settings::Settings& settings) {
    const auto& listeners = settings.engine.listeners;
    const auto udp =
        std::ranges::find(listeners, sip::Transport::udp, &engine::ListenerSettings::transport);
    if (udp == listeners.end()) return "the exchange has no UDP listener";
    for (const auto& queue : settings.engine.floor.queues)
        numbers_.insert(numbers_.end(), queue.numbers.begin(), queue.numbers.end());
    if (numbers_.empty()) return "no queue has a number";
    if (auto fault = make_carrier(settings, udp->bind); !fault.empty()) return fault;
    return make_phones(settings, udp->bind);
}

std::string Crowd::make_carrier(const settings::Settings& settings, const Endpoint& exchange) {
    if (settings.engine.trunks.empty()) return "the exchange has no trunk for callers to come on";
    const auto& trunk = settings.engine.trunks.front();
    const auto at = endpoint_of(trunk.server_uri);
    if (!at)
        return fmt::format("trunk {}: server = \"{}\" is no address of this machine",
                           trunk.name,
                           trunk.server_uri);
    // A trunk is known by its address: another crowd may have its port.
    auto socket = bind_at(at->address, at->port);
    if (!socket) socket = bind_at(at->address);
    if (!socket)
        return fmt::format("{} is no address of this machine", text_of(at->address).view());
    carrier_ = std::make_unique<peers::Carrier>(socket->at, options_.seed, exchange);
    carrier_->tell = [this](SessionId call, peers::Carrier::Heard what) {
        caller_news(call, what);
    };
    return wires_.connect(*carrier_, std::move(socket->socket)) ? "" : "no RTP socket is left";
}

std::string Crowd::make_phones(const settings::Settings& settings, const Endpoint& exchange) {
    std::uint32_t skipped = 0;
    for (const auto& agent : settings.engine.floor.agents) {
        if (!agent.bound_device || skipped++ < options_.skipped) continue;
        if (options_.agents != 0 && phones_.size() >= options_.agents) break;
        const auto& device = settings.engine.devices[agent.bound_device.value - 1];
        auto socket = bind_at(exchange.address);
        if (!socket) return "no socket is left for another phone";
        const auto index = phones_.size();
        auto phone = std::make_unique<peers::Phone>(
            socket->at,
            options_.seed + 1 + index,
            peers::Phone::Account{device.name,
                                  device.auth_user.empty() ? device.name : device.auth_user,
                                  device.password,
                                  settings.engine.registrar.realm,
                                  exchange,
                                  600});
        phone->decide = [this](Random& random) { return draw_manner(random); };
        phone->tell = [this, index](peers::Phone&, std::string_view what) {
            phone_news(index, what);
        };
        if (!wires_.connect(*phone, std::move(socket->socket))) return "no RTP socket is left";
        phones_.push_back({std::move(phone), false, never});
    }
    return phones_.empty() ? "no agent has a phone bound to him" : "";
}

Micros Crowd::draw(const Range& range, Random& random) const {
    const double s = range.least_s + (range.most_s - range.least_s) * random.unit();
    return Micros{static_cast<std::int64_t>(s * 1e6)};
}

peers::Manner Crowd::draw_manner(Random& random) const {
    peers::Manner m;
    m.rings_after = 0s;
    m.answers_after = draw(options_.answers, random);
    m.talks_for = draw(options_.talks, random);
    if (random.unit() < options_.hold_share) {
        const Micros after{static_cast<std::int64_t>(options_.hold_after_s * 1e6)};
        m.holds_after = after > Micros{} ? after : m.talks_for / 4;
        m.holds_for = std::min(draw(options_.holds, random), m.talks_for / 2);
    }
    return m;
}

bool Crowd::log_in() {
    for (auto& agent : phones_) {
        agent.phone->switch_on(now());
        wires_.flush(*agent.phone);
    }
    const Instant until = now() + logs_in_within;
    const auto all = [&](auto is) { return std::ranges::all_of(phones_, is); };
    while (!all([](const Agent& a) { return a.phone->registered(); }) && now() < until)
        wires_.run_until(now() + 10ms);
    for (auto& agent : phones_) {
        agent.phone->dial("*45", now());
        wires_.flush(*agent.phone);
        wires_.run_until(now() + 2ms);
    }
    while (!all([](const Agent& a) { return a.logged_in; }) && now() < until)
        wires_.run_until(now() + 10ms);
    return all([](const Agent& a) { return a.logged_in; });
}

/// A phone that has been told "talking" and "ended" once has had its log-in confirmed.
void Crowd::phone_news(std::size_t index, std::string_view what) {
    auto& agent = phones_[index];
    if (what == "ringing") {
        ++met_.offers;
        if (agent.free_since != never) met_.to_offer.add(now() - agent.free_since);
        agent.free_since = never;
    } else if (what == "talking") {
        if (agent.logged_in) ++met_.talks;
    } else if (what == "ended") {
        if (agent.logged_in) agent.free_since = now();
        agent.logged_in = true;
    }
}

void Crowd::caller_news(SessionId call, peers::Carrier::Heard what) {
    using enum peers::Carrier::Heard;
    const auto it = called_at_.find(call);
    if (it == called_at_.end()) return;
    const Micros since = now() - it->second;
    if (what == progress) met_.to_progress.add(since);
    if (what == answered) met_.to_answer.add(since);
    if (what != progress) called_at_.erase(it);
}

void Crowd::place_call(Instant due) {
    met_.lateness.add(now() - due);
    const auto& number = numbers_[calls_++ % numbers_.size()];
    const auto caller = fmt::format("030{:07}", random_.below(10'000'000));
    const auto at = now();
    const auto id = carrier_->call_in(caller, number, {draw(options_.patience, random_)}, at);
    called_at_[id] = at;
    wires_.flush(*carrier_);
}

void Crowd::obey(const Asked& asked) {
    const auto each_busy = [this](auto act) {
        for (auto& agent : phones_) {
            if (agent.phone->open_calls() == 0) continue;
            act(*agent.phone);
            wires_.flush(*agent.phone);
        }
    };
    for (; holds_done_ < asked.holds; ++holds_done_)
        each_busy([this](auto& phone) { phone.hold_call(0, holds_done_ % 2 == 0, now()); });
    for (; hang_ups_done_ < asked.hang_ups; ++hang_ups_done_)
        each_busy([](auto& phone) { phone.hang_up_all(now()); });
}

void Crowd::call(const Asked& asked) {
    wires_.count_sound_anew();  // what the phones heard when their agents logged in
    const Instant began = now();
    const Micros every{static_cast<std::int64_t>(1e6 / std::max(options_.calls_per_second, 1e-6))};
    const Instant ends = options_.for_s > 0
                             ? began + Micros{static_cast<std::int64_t>(options_.for_s * 1e6)}
                             : never;
    Instant due = began;
    const auto more = [&] { return options_.most_calls == 0 || calls_ < options_.most_calls; };
    while (!asked.stop && due < ends && (more() || options_.for_s > 0)) {
        wires_.run_until(std::min(due, now() + 100ms));
        obey(asked);
        if (now() < due) continue;
        if (more()) place_call(due);
        due += every;
    }
    // Calls of a limited number may end by themselves.
    while (!asked.stop && options_.most_calls > 0 && options_.for_s == 0 && carrier_->calls() > 0)
        wires_.run_until(now() + 100ms);
    carrier_->hang_up_all(now());
    wires_.flush(*carrier_);
    wires_.run_until(now() + hangs_up_within);
}

}  // namespace holdfast::loadgen
