// Gives an LED board new firmware over its line, while nobody else speaks there.
#include "board_update/line.hpp"
#include "link/sender.hpp"
#include "wallboard/firmware_update.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <csignal>
#include <ctime>
#include <fstream>
#include <iterator>
#include <type_traits>
#include <utility>
#include <variant>

using namespace holdfast;
using namespace holdfast::board_update;

namespace {

using wallboard::Image;
using wallboard::panel::FirmwareUpdate;

Instant now() {
    timespec time{};
    static_cast<void>(::clock_gettime(CLOCK_BOOTTIME, &time));
    return Instant{std::chrono::seconds{time.tv_sec} +
                   std::chrono::duration_cast<Micros>(std::chrono::nanoseconds{time.tv_nsec})};
}

/// One board, asked one thing at a time.
class Board {
public:
    Board(Line line, std::uint8_t node, std::uint32_t baud)
        : line_{std::move(line)}, node_{node}, sender_{{.baud = baud}} {}

    /// Its answer, refused or not; a sentence where there is none. The body lives until the next.
    template <class T>
    std::expected<link::Answer, std::string> ask(const T& body) {
        bool sent = line_.write(sender_.ask(node_, body, now()));
        while (sent) {
            const auto came = line_.read(room_, wait_ms());
            if (!came) return std::unexpected(came.error());
            for (const std::uint8_t octet : *came)
                if (const auto answer = sender_.take(octet)) return *answer;
            const link::Due due = sender_.advance(now());
            if (due == link::Due::gave_up)
                return std::unexpected(fmt::format("board {} does not answer", node_));
            if (due == link::Due::again) sent = line_.write(sender_.frame());
        }
        return std::unexpected("the line is gone");
    }
    std::expected<link::HelloAnswer, std::string> hello() {
        const auto answer = ask(link::Hello{});
        if (!answer) return std::unexpected(answer.error());
        if (answer->refusal != link::Refusal::done)
            return std::unexpected(std::string{link::sentence(answer->refusal)});
        const auto hello = link::read_body<link::HelloAnswer>(answer->body);
        if (!hello) return std::unexpected("the board's HELLO cannot be read");
        return *hello;
    }

private:
    int wait_ms() const {
        return std::max(0, static_cast<int>((sender_.next_deadline() - now()) / 1ms)) + 1;
    }

    Line line_;
    std::uint8_t node_;
    link::Sender sender_;
    std::array<std::uint8_t, 512> room_{};
};

/// The next request and its answer; waits where the board is starting.
void step(Board& board, FirmwareUpdate& update) {
    update.time_passed(now());
    const auto request = update.next(now());
    if (std::holds_alternative<std::monostate>(request)) {
        if (const auto hello = board.hello()) update.greeted(*hello, now());
        const timespec tenth{0, 100'000'000};
        static_cast<void>(::nanosleep(&tenth, nullptr));
        return;
    }
    const auto answer = std::visit(
        [&](const auto& body) -> std::expected<link::Answer, std::string> {
            if constexpr (std::is_same_v<std::decay_t<decltype(body)>, std::monostate>)
                return std::unexpected("");
            else
                return board.ask(body);
        },
        request);
    if (answer)
        update.answered(*answer, now());
    else
        update.unanswered(now());
}

std::expected<std::string, std::string> run_update(Board& board, std::vector<Image> images) {
    const auto hello = board.hello();
    if (!hello) return std::unexpected(hello.error());
    fmt::print("{} with {} in slot {}\n", hello->board, hello->version, "AB"[hello->slot % 2]);
    FirmwareUpdate update{std::move(images), *hello, now()};
    while (!update.over())
        step(board, update);
    if (update.failed()) return std::unexpected(update.state());
    return update.state();
}

int failed(const std::string& why) {
    fmt::print(stderr, "board-update: {}\n", why);
    return 1;
}

int run(int argc, char** argv) {
    CLI::App cli{"Gives an LED board new firmware over its line; stop the daemon before"};
    std::string where;
    std::vector<std::string> files;
    std::uint32_t baud = 115'200;
    std::uint8_t node = 1;
    cli.add_option("line", where, "/dev/..., unix:PATH or tcp:HOST:PORT")->required();
    cli.add_option("images", files, "for slot A and for slot B; the right one is chosen")
        ->required()
        ->check(CLI::ExistingFile);
    cli.add_option("--baud", baud, "of a serial device; 115200");
    cli.add_option("--node", node, "the board's address; 1")
        ->check(CLI::Range(1, int{link::last_node}));
    CLI11_PARSE(cli, argc, argv);
    static_cast<void>(std::signal(SIGPIPE, SIG_IGN));

    std::vector<Image> images;
    for (const auto& name : files) {
        std::ifstream file{name, std::ios::binary};
        images.emplace_back(std::istreambuf_iterator<char>{file}, std::istreambuf_iterator<char>{});
        if (images.back().empty()) return failed(name + " cannot be read");
    }
    auto line = Line::open(where, baud);
    if (!line) return failed(line.error());
    Board board{std::move(*line), node, baud};
    const auto told = run_update(board, std::move(images));
    if (!told) return failed(told.error());
    fmt::print("{}\n", *told);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& fault) {  // of the libraries: no memory, no terminal
        static_cast<void>(std::fprintf(stderr, "board-update: %s\n", fault.what()));
        return 1;
    }
}
