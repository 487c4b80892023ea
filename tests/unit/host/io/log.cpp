#include "host/io/log.hpp"

#include "host/io/fd.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

using namespace holdfast::host;

namespace {

constexpr int lines = 20'000;

struct Pipe {
    Pipe() {
        std::array<int, 2> ends{};
        REQUIRE(::pipe(ends.data()) == 0);
        out = Fd{ends[0]};
        in = Fd{ends[1]};
    }
    Fd in, out;
};

/// In a process of its own, as it takes the process's standard error, and its one log.
[[noreturn]] void log_without_a_reader(const Pipe& standard_error, const Pipe& logged) {
    ::alarm(20);  // waiting for a reader would be for ever
    ::dup2(standard_error.in.get(), STDERR_FILENO);
    open_log("test", LogLevel::info);
    {
        const LogThread thread;
        for (int i = 1; i <= lines; ++i)
            log(LogLevel::info, "line " + std::to_string(i));
        if (::write(logged.in.get(), "!", 1) != 1) ::_exit(1);
    }
    ::_exit(0);
}

std::string read_all(int from) {
    std::string text;
    std::array<char, 4096> some{};
    for (ssize_t count = 0; (count = ::read(from, some.data(), some.size())) > 0;)
        text.append(some.data(), static_cast<std::size_t>(count));
    return text;
}

}  // namespace

TEST_CASE("log: who logs never waits for a reader, and what is lost is told", "[host][log]") {
    Pipe standard_error;
    Pipe logged;
    const auto writer = ::fork();
    REQUIRE(writer >= 0);
    if (writer == 0) log_without_a_reader(standard_error, logged);
    standard_error.in = {};
    logged.in = {};
    char byte = 0;
    REQUIRE(::read(logged.out.get(), &byte, 1) == 1);

    const auto text = read_all(standard_error.out.get());
    int status = 0;
    REQUIRE(::waitpid(writer, &status, 0) == writer);
    CHECK(status == 0);
    CHECK(text.ends_with("line " + std::to_string(lines) + "\n"));
    constexpr std::string_view told = " lines of this log were lost here";
    std::ptrdiff_t lost = 0, tellings = 0;
    for (auto at = text.find(told); at != text.npos; at = text.find(told, at + 1), ++tellings)
        lost += std::atol(text.c_str() + text.rfind(' ', at - 1) + 1);
    CHECK(lost > 0);
    CHECK(std::ranges::count(text, '\n') + lost - tellings == lines);
}
