// The LED board as a program: the same firmware, a panel in the terminal or in a PNG file.
#include "boards/native/board.hpp"
#include "boards/native/machine.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <fstream>
#include <optional>

using namespace holdfast;
using namespace holdfast::native;

namespace {

std::atomic<bool> stop = false;

struct Where {
    std::string unix_path;
    std::string pty_path;
    std::optional<std::uint16_t> port;
    bool stdio = false;
    std::uint32_t baud = 0;

    std::expected<Line, std::string> open() const {
        if (stdio) return Line::at_stdio();
        if (port) return Line::at_tcp(*port);
        if (!pty_path.empty()) return Line::at_pty(pty_path);
        return Line::at_unix(unix_path);
    }
};

void add_options(CLI::App& cli, Where& where, Options& options) {
    auto* const line = cli.add_option_group("line", "where the daemon finds the board; one of");
    line->add_option("--unix", where.unix_path, "listen at this Unix socket");
    line->add_option("--tcp", where.port, "listen at this port of 127.0.0.1; 0 chooses one");
    line->add_option("--pty", where.pty_path, "make a pseudo-terminal, and this link to it");
    line->add_flag("--stdio", where.stdio, "speak at standard input and output");
    line->require_option(1);
    cli.add_option("--baud", where.baud, "octets come as fast as on a line of that rate")
        ->check(CLI::Range(300, 1'000'000));
    cli.add_option("--width", options.width, "pixels; 256")
        ->check(CLI::Range(16, int{link::most_width}));
    cli.add_option("--height", options.height, "pixels; 32")
        ->check(CLI::Range(8, int{link::most_height}));
    cli.add_option("--node", options.node, "address on the line; 1")
        ->check(CLI::Range(1, int{link::last_node}));
    cli.add_flag("--show", options.show, "draw the panel in the terminal, in true colour");
    cli.add_option("--columns", options.columns, "columns that the terminal has for it");
    cli.add_option("--row", options.row, "row of the terminal, from 1, where it is drawn");
    cli.add_option("--png", options.png, "keep the picture in this file");
    cli.add_option("--scale", options.png_scale, "pixels of the file a diode; 4")
        ->check(CLI::Range(1, 16));
}

struct Images {
    std::string flash;
    std::string key;

    void add_options(CLI::App& cli) {
        auto* const file =
            cli.add_option("--flash", flash, "keep two slots of images in this file");
        file->needs(cli.add_option("--key", key, "the key that signs images: 32 octets"));
    }
    std::expected<std::optional<FileFlash>, std::string> open() const {
        if (flash.empty()) return std::nullopt;
        auto opened = FileFlash::open(flash);
        if (!opened) return std::unexpected(opened.error());
        return std::optional<FileFlash>{std::move(*opened)};
    }
    std::expected<PublicKey, std::string> read_key() const {
        PublicKey octets{};
        if (key.empty()) return octets;
        std::ifstream file{key, std::ios::binary};
        file.read(reinterpret_cast<char*>(octets.data()), octets.size());
        if (file.gcount() != octets.size() || file.get() != EOF)
            return std::unexpected(key + " does not hold 32 octets, as tools/images/sign writes");
        return octets;
    }
};

int run(int argc, char** argv) {
    CLI::App cli{"The LED wallboard's firmware as a program"};
    Where where;
    Options options{.width = width, .height = height, .png = {}};
    Images images;
    add_options(cli, where, options);
    images.add_options(cli);
    CLI11_PARSE(cli, argc, argv);
    if (where.stdio && options.show) {
        fmt::print(stderr, "board-native: --show and --stdio both want standard output\n");
        return 64;
    }
    auto line = where.open();
    auto flash = images.open();
    const auto key = images.read_key();
    for (const auto& fault :
         {line ? "" : line.error(), flash ? "" : flash.error(), key ? "" : key.error()})
        if (!fault.empty()) {
            fmt::print(stderr, "board-native: {}\n", fault);
            return 1;
        }
    line->pace(where.baud);
    static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
    for (const int signal : {SIGINT, SIGTERM})
        static_cast<void>(std::signal(signal, [](int) { stop = true; }));
    if (!options.show && !where.stdio) {
        fmt::print("line {}\n", line->where());
        static_cast<void>(std::fflush(stdout));
    }
    Machine machine{options, std::move(*line), std::move(*flash), *key};
    machine.run(stop);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& fault) {  // of the libraries: no memory, no terminal
        static_cast<void>(std::fprintf(stderr, "board-native: %s\n", fault.what()));
        return 1;
    }
}
