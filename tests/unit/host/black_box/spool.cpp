#include "host/black_box/spool.hpp"

#include "support/folder.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

using namespace holdfast::host;

namespace {

constexpr std::size_t ring_bytes = 16'384;

struct SpoolFolder : holdfast::test::Folder {
    std::string ring() const { return path + "/ring"; }
    std::string file() const { return path + "/file"; }
    Fd made() const { return Fd{::open(file().c_str(), O_RDWR | O_CREAT | O_TRUNC, 0600)}; }
    std::string content() const {
        std::ifstream in{file(), std::ios::binary};
        return {std::istreambuf_iterator<char>{in}, {}};
    }
};

/// A disk that stands still until it is read from.
struct SlowDisk {
    SlowDisk() {
        REQUIRE(::pipe(ends.data()) == 0);
        out = Fd{ends[0]};
        in = Fd{ends[1]};
        filled = static_cast<std::size_t>(::fcntl(ends[1], F_SETPIPE_SZ, 4096));
    }
    std::string take(std::size_t bytes) const {
        std::string text(bytes, '\0');
        for (std::size_t at = 0; at < bytes;) {
            const auto count = ::read(out.get(), text.data() + at, bytes - at);
            REQUIRE(count > 0);
            at += static_cast<std::size_t>(count);
        }
        return text;
    }
    std::array<int, 2> ends{};
    Fd in, out;
    std::size_t filled = 0;
};

std::string numbered(int number) {
    return "line " + std::to_string(number) +
           std::string(static_cast<std::size_t>(number) % 90, '.');
}

}  // namespace

TEST_CASE("spool: everything comes into the file, in its order, many times round", "[host]") {
    const SpoolFolder folder;
    std::string expected;
    {
        auto spool = Spool::open(folder.ring(), folder.made(), ring_bytes);
        REQUIRE(spool);
        for (int i = 0; expected.size() < 20 * ring_bytes;) {
            if (!spool->append({numbered(i), "\n"})) continue;  // the thread is behind
            expected += numbered(i++) + "\n";
        }
        CHECK(spool->trouble().empty());
    }
    CHECK(folder.content() == expected);
}

TEST_CASE("spool: who appends does not wait for a disk that stands still", "[host]") {
    const SpoolFolder folder;
    SlowDisk disk;
    auto spool = Spool::open(folder.ring(), std::move(disk.in), ring_bytes);
    REQUIRE(spool);
    std::string taken;
    int left_out = 0;
    for (int i = 0; left_out < 10; ++i) {
        REQUIRE(i < 10'000);
        if (spool->append({numbered(i)}))
            taken += numbered(i);
        else
            ++left_out;
    }
    CHECK(taken.size() > ring_bytes / 2);
    CHECK(taken.size() <= ring_bytes + disk.filled);
    CHECK(spool->trouble().empty());
    // What was taken is not lost: the disk works again.
    CHECK(disk.take(taken.size()) == taken);
}

TEST_CASE("spool: what is longer than the ring goes through it", "[host]") {
    const SpoolFolder folder;
    std::string longer(5 * ring_bytes + 7, ' ');
    std::generate(longer.begin(), longer.end(), [n = 0]() mutable {
        return static_cast<char>('a' + n++ % 26);
    });
    {
        auto spool = Spool::open(folder.ring(), folder.made(), ring_bytes);
        REQUIRE(spool);
        CHECK(spool->append({"first ", longer}));
        CHECK(spool->append({" last"}));
    }
    CHECK(folder.content() == "first " + longer + " last");
}

TEST_CASE("spool: a disk that refuses is told, and nothing more is taken", "[host]") {
    const SpoolFolder folder;
    { folder.made(); }
    auto spool =
        Spool::open(folder.ring(), Fd{::open(folder.file().c_str(), O_RDONLY)}, ring_bytes);
    REQUIRE(spool);
    for (int i = 0; spool->append({"x"}); ++i) {
        REQUIRE(i < 1000);
        ::usleep(10'000);
    }
    CHECK(spool->trouble() == "Bad file descriptor");
}

TEST_CASE("spool: what a killed life had appended, the next one writes", "[host]") {
    const SpoolFolder folder;
    const auto writer = ::fork();
    REQUIRE(writer >= 0);
    if (writer == 0) {
        // NOLINTBEGIN(bugprone-unchecked-optional-access): it would end this process too
        auto spool = Spool::open(folder.ring(), folder.made(), ring_bytes);
        ::usleep(50'000);  // the thread's first round is over, the next is not
        spool->append({"the last words"});
        static_cast<void>(::raise(SIGKILL));
        // NOLINTEND(bugprone-unchecked-optional-access)
    }
    int status = 0;
    REQUIRE(::waitpid(writer, &status, 0) == writer);
    REQUIRE(WIFSIGNALED(status));
    Spool::finish(folder.ring(), folder.file());
    CHECK(folder.content() == "the last words");

    // A ring that belongs to another file, or is damaged, changes nothing.
    const auto other = folder.path + "/other";
    { std::ofstream{other} << "other"; }
    Spool::finish(folder.ring(), other);
    CHECK(std::string{std::istreambuf_iterator<char>{*std::make_unique<std::ifstream>(other)},
                      {}} == "other");
    REQUIRE(::truncate(folder.ring().c_str(), 5000) == 0);
    Spool::finish(folder.ring(), folder.file());
    Spool::finish(folder.path + "/nothing", folder.file());
    CHECK(folder.content() == "the last words");
}
