#include "host/net/resolver.hpp"

#include "base/ensure.hpp"
#include "host/io/clocks.hpp"
#include "host/net/dns_message.hpp"
#include "host/net/hosts_file.hpp"

#include <ares.h>
#include <asio/post.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <arpa/nameser.h>
#include <chrono>
#include <sys/stat.h>
#include <utility>

namespace holdfast::host {
namespace {

constexpr int attempts = 2;
constexpr const char* system_servers = "/etc/resolv.conf";

std::time_t changed_at(const char* path) {
    struct stat status{};
    return ::stat(path, &status) == 0 ? status.st_mtime : 0;
}

}  // namespace

struct Resolver::Ticket {
    Resolver* resolver;
    std::uint64_t serial;
};

void Resolver::ChannelDeleter::operator()(ares_channeldata* channel) const {
    ares_destroy(channel);
}

Resolver::Resolver(asio::io_context& io, TakeInput take, const ResolverLimits& limits)
    : io_{io}, take_{std::move(take)}, limits_{limits}, timer_{io} {}

Resolver::~Resolver() {
    channel_.reset();  // every open question is answered by this
    deliver();
}

std::expected<std::unique_ptr<Resolver>, std::string> Resolver::open(
    asio::io_context& io,
    const std::vector<std::string>& name_servers,
    TakeInput take,
    const ResolverLimits& limits) {
    std::unique_ptr<Resolver> out{new Resolver{io, std::move(take), limits}};
    out->servers_ = fmt::format("{}", fmt::join(name_servers, ","));
    auto channel = out->new_channel();
    if (!channel) return std::unexpected{std::move(channel.error())};
    out->channel_ = *std::move(channel);
    return out;
}

std::expected<Resolver::Channel, std::string> Resolver::new_channel() {
    ares_options options{};
    options.flags = ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES;
    options.timeout = static_cast<int>(
        std::chrono::duration_cast<std::chrono::milliseconds>(limits_.asks_again_after).count());
    options.tries = attempts;
    options.sock_state_cb = [](void* self, ares_socket_t socket, int to_read, int to_write) {
        static_cast<Resolver*>(self)->socket_wants(socket, to_read != 0, to_write != 0);
    };
    options.sock_state_cb_data = this;
    system_servers_at_ = changed_at(system_servers);
    ares_channel raw = nullptr;
    const int status = ares_init_options(
        &raw,
        &options,
        ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB);
    if (status != ARES_SUCCESS)
        return std::unexpected{fmt::format(
            "the DNS cannot be asked: {}; check {}", ares_strerror(status), system_servers)};
    Channel channel{raw};
    if (!servers_.empty() && ares_set_servers_ports_csv(raw, servers_.c_str()) != ARES_SUCCESS)
        return std::unexpected{fmt::format(
            "name_servers: \"{}\" must be addresses, as 192.0.2.53 or [2001:db8::53]:53",
            servers_)};
    return channel;
}

void Resolver::look_at_system_servers() {
    if (!servers_.empty() || changed_at(system_servers) == system_servers_at_) return;
    if (auto fresh = new_channel()) channel_ = *std::move(fresh);
}

void Resolver::ask(const engine::Resolve& order) {
    const auto& question = order.question;
    ++counters_.asked;
    if (questions_.size() >= limits_.questions) {
        ++counters_.refused;
        return finish(question, {});
    }
    if (auto known = find_in_hosts(channel_.get(), question.name))
        return finish(question, *std::move(known));
    if (questions_.empty()) look_at_system_servers();
    const std::uint64_t serial = ++last_serial_;
    auto& open = questions_[serial];
    open = std::make_unique<Question>(Question{question, asio::steady_timer{io_}});
    at_time(open->timer, limits_.answers_within, [this, serial] { late(serial); });
    ares_query(
        channel_.get(),
        question.name.name.c_str(),
        ns_c_in,
        type_number(question.name.type),
        [](void* ticket, int status, int, unsigned char* bytes, int size) {
            // c-ares gives each ticket back once, be it at its end.
            const std::unique_ptr<Ticket> back{static_cast<Ticket*>(ticket)};
            back->resolver->answered(
                back->serial, status, bytes, static_cast<std::size_t>(std::max(size, 0)));
        },
        new Ticket{this, serial});
    arm_timer();
}

void Resolver::answered(std::uint64_t serial,
                        int status,
                        const std::uint8_t* bytes,
                        std::size_t size) {
    const auto at = questions_.find(serial);
    if (at == questions_.end()) return;  // it was given up
    // Neither our end nor a name that is none is a trouble with the servers.
    if (status == ARES_EDESTRUCTION || status == ARES_EBADNAME) {
        const auto question = questions_.extract(at);
        return finish(question.mapped()->asked, {});
    }
    if (bytes == nullptr) return give_up(serial, ares_strerror(status));
    auto answer = read_dns_answer({bytes, size}, at->second->asked.name);
    if (answer.status == sip::DnsAnswer::Status::failed)
        return give_up(serial,
                       status == ARES_SUCCESS ? "unreadable answer" : ares_strerror(status));
    const auto question = questions_.extract(at);
    finish(question.mapped()->asked, std::move(answer));
}

void Resolver::late(std::uint64_t serial) {
    if (!questions_.contains(serial)) return;
    ++counters_.late;
    give_up(serial, "no server answered in time");
}

void Resolver::give_up(std::uint64_t serial, const std::string& why) {
    const auto question = questions_.extract(serial);
    const auto& asked = question.mapped()->asked;
    faults_.note(0,
                 LogLevel::warning,
                 fmt::format("the DNS does not tell {}: {}; check name_servers and the network",
                             asked.name.name,
                             why),
                 sample_clocks().now);
    finish(asked, {});
}

void Resolver::finish(const sip::DnsQuestion& question, sip::DnsAnswer answer) {
    using Status = sip::DnsAnswer::Status;
    ++(answer.status == Status::found     ? counters_.found
       : answer.status == Status::nothing ? counters_.nothing
                                          : counters_.failed);
    answers_.push_back({question.id, std::move(answer)});
    if (answers_.size() > 1) return;  // its delivery is on the way
    asio::post(io_, [this, alive = std::weak_ptr{alive_}] {
        if (!alive.expired()) deliver();
    });
}

void Resolver::deliver() {
    const Instant now = sample_clocks().now;
    for (auto answers = std::exchange(answers_, {}); !answers.empty(); answers.pop_front())
        take_(std::move(answers.front()), now);
}

void Resolver::socket_wants(int socket, bool to_read, bool to_write) {
    if (!to_read && !to_write) {
        sockets_.erase(socket);  // c-ares closes it next
        return;
    }
    auto& entry = sockets_[socket];
    if (!entry) {
        entry = std::make_unique<Socket>(io_, socket);
        entry->readiness.on_readable([this, socket] { process(socket, ARES_SOCKET_BAD); });
    }
    const bool already = std::exchange(entry->wants_to_write, to_write);
    if (to_write && !already) once_writable(socket);
}

void Resolver::once_writable(int socket) {
    sockets_.at(socket)->readiness.once_writable([this, socket] {
        if (!sockets_.at(socket)->wants_to_write) return;
        process(ARES_SOCKET_BAD, socket);
        const auto at = sockets_.find(socket);
        if (at != sockets_.end() && at->second->wants_to_write) once_writable(socket);
    });
}

void Resolver::process(int to_read, int to_write) {
    ares_process_fd(channel_.get(), to_read, to_write);
    arm_timer();
}

void Resolver::arm_timer() {
    timeval room{};
    const timeval* const next = ares_timeout(channel_.get(), nullptr, &room);
    if (next == nullptr) {
        timer_.cancel();
        return;
    }
    at_time(timer_, std::chrono::seconds{next->tv_sec} + Micros{next->tv_usec}, [this] {
        process(ARES_SOCKET_BAD, ARES_SOCKET_BAD);
    });
}

void Resolver::at_time(asio::steady_timer& timer, Micros after, std::function<void()> handler) {
    timer.expires_after(after);
    timer.async_wait([alive = std::weak_ptr{alive_},
                      handler = std::move(handler)](const std::error_code& stopped) {
        // One that was due already is not stopped any more.
        if (!stopped && !alive.expired()) handler();
    });
}

}  // namespace holdfast::host
