// Gives an LED board new firmware over its line, while nobody else speaks there.
#include "board_update/line.hpp"
#include "link/sender.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <csignal>
#include <ctime>
#include <fstream>
#include <iterator>
#include <optional>

using namespace holdfast;
using namespace holdfast::board_update;

namespace {

constexpr std::size_t header_octets = 192;  // of an image, as firmware/update/image.hpp tells it
constexpr Micros erase_patience = 20s;
constexpr Micros boot_patience = 20s;

using Told = std::expected<void, std::string>;
using Image = std::vector<std::uint8_t>;

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
    /// As `ask`, where only `done` will do.
    template <class T>
    Told want(const T& body) {
        const auto answer = ask(body);
        if (!answer) return std::unexpected(answer.error());
        if (answer->refusal == link::Refusal::done) return {};
        return std::unexpected(
            fmt::format("refused: {} (at {})", link::sentence(answer->refusal), answer->detail));
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

/// The first image that the board takes; the others are for its other slot, or for other boards.
std::expected<const Image*, std::string> begin(Board& board, const std::vector<Image>& images) {
    std::string why;
    for (const Image& image : images) {
        const link::FwBegin asked{static_cast<std::uint32_t>(image.size()),
                                  link::Bytes{image}.first(header_octets)};
        const Instant give_up = now() + erase_patience;
        for (;;) {
            const auto answer = board.ask(asked);
            if (!answer) return std::unexpected(answer.error());
            if (answer->refusal == link::Refusal::done) return &image;
            why = link::sentence(answer->refusal);
            if (answer->refusal != link::Refusal::busy || now() > give_up) break;
            const timespec tenth{0, 100'000'000};
            static_cast<void>(::nanosleep(&tenth, nullptr));
        }
    }
    return std::unexpected("no image is taken: " + why);
}

Told send(Board& board, const Image& image) {
    for (std::size_t at = 0; at < image.size(); at += link::most_fw_block) {
        const std::size_t size = std::min(link::most_fw_block, image.size() - at);
        const auto told = board.want(
            link::FwData{static_cast<std::uint32_t>(at), link::Bytes{image}.subspan(at, size)});
        if (!told) return told;
    }
    return board.want(link::FwEnd{});
}

/// Starts the new image, and says that it is good once it has said who it is.
Told start(Board& board, std::uint32_t boot_before) {
    if (const auto told = board.want(link::Reboot{}); !told) return told;
    const Instant give_up = now() + boot_patience;
    for (;;) {
        const auto hello = board.hello();
        if (hello && hello->boot != boot_before) {
            fmt::print("runs {} from slot {}\n", hello->version, "AB"[hello->slot % 2]);
            return board.want(link::FwConfirm{});
        }
        if (now() > give_up)
            return std::unexpected("the board did not come back; what ran before will run again");
    }
}

Told update(Board& board, const std::vector<Image>& images) {
    const auto hello = board.hello();
    if (!hello) return std::unexpected(hello.error());
    const std::uint32_t boot = hello->boot;
    fmt::print("{} with {} in slot {}\n", hello->board, hello->version, "AB"[hello->slot % 2]);
    const auto image = begin(board, images);
    if (!image) return std::unexpected(image.error());
    if (const auto told = send(board, **image); !told) return told;
    return start(board, boot);
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
        if (images.back().size() <= header_octets) return failed(name + " is no image");
    }
    auto line = Line::open(where, baud);
    if (!line) return failed(line.error());
    Board board{std::move(*line), node, baud};
    const auto told = update(board, images);
    return told ? 0 : failed(told.error());
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
