#include "host/tool/top.hpp"

#include "host/tool/exit_codes.hpp"
#include "host/tool/floor_screen.hpp"
#include "host/tool/terminal.hpp"
#include "host/tool/text_table.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <memory>
#include <optional>
#include <poll.h>
#include <unistd.h>
#include <utility>

namespace holdfast::tool {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds interval{1000};
/// News come in bursts: more pictures a second than this nobody can look at.
constexpr milliseconds least_between{100};
constexpr std::size_t piped_columns = 120;

std::string time_of_day() {
    const std::time_t now = std::time(nullptr);
    return fmt::format("{:%H:%M:%S}", fmt::localtime(now));
}

class TopView {
public:
    TopView(Client client, std::string socket, std::uint64_t frames, std::size_t rows)
        : client_{std::make_unique<Client>(std::move(client))},
          socket_{std::move(socket)},
          frames_{frames},
          terminal_{Terminal::take(rows)} {}

    int run();

private:
    void ask_when_due();
    void ask();
    void lost(const std::string& why);
    void reconnect();
    /// Reads what the daemon said; a sentence where it says nothing (of use) any more.
    std::optional<std::string> listen();
    std::optional<std::string> heard(const std::string& line);
    void take(const Answered& answered);
    bool shows_now() const;
    void show();
    bool wait();
    bool ended_by_operator(const std::array<pollfd, 3>& ready) const;

    std::unique_ptr<Client> client_;  // none while the daemon is away
    std::string socket_;
    std::uint64_t frames_;
    std::uint64_t shown_ = 0;
    std::optional<Terminal> terminal_;
    Floor floor_;
    Clock::time_point next_ask_ = Clock::now();
    Clock::time_point last_shown_;
    Clock::time_point last_heard_ = Clock::now();
    bool complete_ = false;  // all answers of a round have come
    bool changed_ = false;   // since the last picture
};

constexpr std::uint64_t watch_id = 1;
constexpr std::uint64_t last_of_round = 6;

void TopView::ask() {
    if (!client_) return;
    client_->send(2, console::ShowStatus{});
    client_->send(3, console::ShowQueues{});
    client_->send(4, console::ShowAgents{});
    client_->send(5, console::ShowAlarms{});
    client_->send(last_of_round, console::ShowCalls{});
}

void TopView::take(const Answered& answered) {
    struct Visit {
        Floor& floor;
        void operator()(const console::StatusAnswer& s) const { floor.status = s; }
        void operator()(const std::vector<console::QueueLine>& l) const { floor.queues = l; }
        void operator()(const std::vector<console::AgentLine>& l) const { floor.agents = l; }
        void operator()(const std::vector<console::CallLine>& l) const { floor.calls = l; }
        void operator()(const std::vector<console::AlarmLine>& l) const { floor.alarms = l; }
        void operator()(const console::Refused& r) const { floor.trouble = r.what; }
        void operator()(const console::Done&) const {}
        void operator()(const console::StateAnswer&) const {}
        void operator()(const std::vector<console::PhoneLine>&) const {}
        void operator()(const std::vector<console::TrunkLine>&) const {}
        void operator()(const std::vector<console::BoardLine>&) const {}
    };
    // Without the news there is still a picture a second.
    if (answered.id == watch_id) return;
    if (answered.id == 2) floor_.trouble.clear();
    std::visit(Visit{floor_}, answered.answer);
    complete_ = complete_ || answered.id == last_of_round;
}

std::optional<std::string> TopView::heard(const std::string& line) {
    last_heard_ = Clock::now();
    const auto incoming = read_incoming(line);
    if (!incoming) return incoming.error();
    if (const auto* const answered = std::get_if<Answered>(&*incoming)) {
        take(*answered);
    } else {
        apply(floor_, std::get<console::Event>(*incoming));
        changed_ = true;
    }
    return std::nullopt;
}

std::optional<std::string> TopView::listen() {
    while (true) {
        const auto line = client_->receive(milliseconds{0});
        if (!line) return line.error();
        const std::optional<std::string>& said = *line;
        if (!said) break;
        if (auto trouble = heard(*said)) return trouble;
    }
    if (Clock::now() - last_heard_ > patience) return "holdfastd does not answer";
    return std::nullopt;
}

void TopView::lost(const std::string& why) {
    // What the daemon itself said of it, where it did, says more.
    const auto& known = floor_.trouble.empty() ? why : floor_.trouble;
    if (!terminal_) fmt::print(stderr, "holdfast: {}\n", known);
    floor_.trouble = known + "; trying again";
    changed_ = true;
    client_.reset();
}

void TopView::reconnect() {
    auto again = Client::connect(socket_);
    if (!again) {
        floor_.trouble = "holdfastd is not there; trying again";
        changed_ = true;
        return;
    }
    floor_.trouble.clear();
    client_ = std::make_unique<Client>(*std::move(again));
    client_->send(watch_id, console::Watch{});
    last_heard_ = Clock::now();
}

void TopView::show() {
    floor_.clock = time_of_day();
    last_shown_ = Clock::now();
    changed_ = complete_ = false;
    ++shown_;
    if (terminal_) return terminal_->draw(floor_screen(floor_, terminal_->size()));
    fmt::print("{}\n", text_of(floor_screen(floor_, {piped_columns, 0})));
    static_cast<void>(std::fflush(stdout));
}

bool TopView::ended_by_operator(const std::array<pollfd, 3>& ready) const {
    if (!terminal_) return false;
    if (ready[1].revents != 0 && Terminal::key_ends()) return true;
    return ready[2].revents != 0 && terminal_->told_to_end();
}

/// Until something happens or is due; false where the operator wants to end.
bool TopView::wait() {
    auto due = next_ask_;
    if (changed_) due = std::min(due, last_shown_ + least_between);
    const auto left = std::chrono::ceil<milliseconds>(due - Clock::now());
    std::array<pollfd, 3> ready{{{client_ ? client_->descriptor() : -1, POLLIN, 0},
                                 {terminal_ ? STDIN_FILENO : -1, POLLIN, 0},
                                 {terminal_ ? terminal_->signals() : -1, POLLIN, 0}}};
    static_cast<void>(::poll(
        ready.data(), ready.size(), static_cast<int>(std::max<std::int64_t>(left.count(), 0))));
    if (ready[2].revents != 0) changed_ = true;  // it may have another size
    return !ended_by_operator(ready);
}

void TopView::ask_when_due() {
    if (Clock::now() < next_ask_) return;
    next_ask_ = Clock::now() + interval;
    if (!client_) reconnect();
    ask();
}

bool TopView::shows_now() const {
    // A pipe gets whole rounds only, a terminal the news at once.
    if (complete_ || !terminal_) return complete_;
    return changed_ && Clock::now() - last_shown_ >= least_between;
}

int TopView::run() {
    client_->send(watch_id, console::Watch{});
    while (frames_ == 0 || shown_ < frames_) {
        ask_when_due();
        if (!wait()) break;
        if (const auto trouble = client_ ? listen() : std::nullopt) {
            lost(*trouble);
            if (!terminal_) return exit_unavailable;
        }
        if (shows_now()) show();
    }
    return exit_done;
}

}  // namespace

int run_top(Client client, const std::string& socket, std::uint64_t frames, std::size_t rows) {
    return TopView{std::move(client), socket, frames, rows}.run();
}

}  // namespace holdfast::tool
