// holdfast: the operator's tool. Shows the floor, gives orders to the daemon, checks files.
#include "host/tool/exit_codes.hpp"
#include "host/tool/options.hpp"
#include "host/tool/run.hpp"

#include <cstdio>
#include <exception>

int main(int argc, char** argv) {
    using namespace holdfast::tool;
    try {
        const auto options = read_options(argc, argv);
        if (options) return run(*options);
        auto* const to = options.error().exit_code == exit_done ? stdout : stderr;
        static_cast<void>(std::fputs(options.error().text.c_str(), to));
        return options.error().exit_code;
    } catch (const std::exception& fault) {
        static_cast<void>(std::fprintf(stderr, "holdfast: cannot go on: %s\n", fault.what()));
        return exit_unavailable;
    }
}
