// A process that writes the journal is killed: at random moments, and once after every single
// instruction.
#include "host/journal/journal.hpp"
#include "support/folder.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <random>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace holdfast;
using namespace holdfast::host;

namespace {

using holdfast::test::Folder;

constexpr std::size_t small_file = 4096 + std::size_t{2} * 16 * 1024;
constexpr std::size_t most = 8 * small_file;
constexpr std::uint64_t most_ids = 40;

/// Memory that both processes see.
struct Shared {
    std::atomic<std::uint64_t> committed{0};
    static Shared* make() {
        void* at = mmap(
            nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        REQUIRE(at != MAP_FAILED);
        return new (at) Shared;
    }
};

/// How large the records are, and the step whose records are larger by `jump`.
struct Plan {
    std::size_t largest = 300;
    std::uint64_t until = UINT64_MAX;
    std::uint64_t jump_at = 0;
    std::size_t jump = 0;
};

/// Step n: three records carry its number, one comes, one that came before goes.
void do_step(Journal& journal, std::uint64_t n, const Plan& plan) {
    bool put = true;
    for (std::uint64_t id = 1; id <= 3; ++id) {
        const std::size_t size = n * 7919 * id % plan.largest + (n == plan.jump_at ? plan.jump : 0);
        put = put && journal.put(1, id, std::to_string(n) + ' ' + std::string(size, 'x'));
    }
    put = put && journal.put(2, n, std::string(n % 50, 'y'));
    if (!put) _exit(4);
    if (n > most_ids) journal.forget(2, n - most_ids);
    journal.commit();
}

/// The number of the step that the journal stands at; -1 where it is between two.
std::int64_t step_of(const Journal& journal) {
    std::int64_t step = -1;
    std::uint64_t others = 0, sum = 0;
    const auto records = journal.records();
    for (const auto& record : records) {
        if (record.kind == 2) {
            ++others;
            sum += record.id;
            continue;
        }
        const auto n = std::stoll(record.bytes);
        if (step != -1 && step != n) return -1;
        step = n;
    }
    if (step == -1) return records.empty() ? 0 : -1;
    const auto last = static_cast<std::uint64_t>(step);
    const auto expected = std::min(last, most_ids);
    if (records.size() != expected + 3 || others != expected) return -1;
    return sum == expected * (2 * last - expected + 1) / 2 ? step : -1;
}

[[noreturn]] void work(const std::string& path, Shared& shared, const Plan& plan) {
    auto journal = Journal::open(path, small_file, most);
    if (!journal) _exit(1);
    const auto found = step_of(*journal);
    if (found < 0) _exit(2);
    for (auto n = static_cast<std::uint64_t>(found) + 1; n <= plan.until; ++n) {
        journal->take_in_hand(n, 0);
        do_step(*journal, n, plan);
        shared.committed.store(n);
        journal->put_down();
    }
    _exit(0);
}

/// What a life would find that began now, from a copy of the file.
std::int64_t found_in(std::string_view bytes, const std::string& copy) {
    std::ofstream{copy, std::ios::binary} << bytes;
    const auto journal = Journal::open(copy, small_file, most);
    if (!journal) FAIL(journal.error());
    CAPTURE(journal->note());
    REQUIRE(journal->note().empty());
    return step_of(*journal);
}

/// Watches the file as it is, and tells when it changed.
class Watched {
public:
    explicit Watched(std::string path) : path_{std::move(path)} {}
    ~Watched() { unmap(); }
    bool changed() {
        struct stat found{};
        if (stat(path_.c_str(), &found) != 0) return false;
        if (found.st_ino != inode_) remap(found);
        const std::string_view now{at_, size_};
        if (now == before_) return false;
        before_ = now;
        return true;
    }
    std::string_view bytes() const { return before_; }

private:
    void remap(const struct stat& found) {
        unmap();
        const int file = open(path_.c_str(), O_RDONLY | O_CLOEXEC);
        size_ = static_cast<std::size_t>(found.st_size);
        at_ = static_cast<const char*>(mmap(nullptr, size_, PROT_READ, MAP_SHARED, file, 0));
        close(file);
        REQUIRE(at_ != MAP_FAILED);
        inode_ = found.st_ino;
    }
    void unmap() {
        if (at_ != nullptr) munmap(const_cast<char*>(at_), size_);
    }
    std::string path_, before_;
    const char* at_ = nullptr;
    std::size_t size_ = 0;
    ino_t inode_ = 0;
};

/// How many steps fit before the first that has to go into the other arena.
std::uint64_t steps_before_turn(const std::string& path) {
    auto journal = Journal::open(path, small_file, most);
    Watched watched{path};
    std::uint64_t before = 0;
    for (std::uint64_t n = 1;; ++n) {
        do_step(*journal, n, {});
        watched.changed();
        const auto* bytes = reinterpret_cast<const std::uint8_t*>(watched.bytes().data());
        const auto active = journal::load<journal::Control>(bytes).active;
        if (n > most_ids && active != before) return n - 1;
        before = active;
    }
}

}  // namespace

TEST_CASE("journal: killed at random moments", "[host][journal][killed]") {
    const Folder folder{"/dev/shm"};
    const std::string path = folder.path + "/journal";
    Shared& shared = *Shared::make();
    std::mt19937 random{2};
    for (int life = 0; life < 300; ++life) {
        const Plan plan{.largest = life < 150 ? 300U : 9000U};  // half way, it has to grow
        const pid_t child = fork();
        REQUIRE(child >= 0);
        if (child == 0) work(path, shared, plan);
        usleep(static_cast<useconds_t>(random() % 3000));
        kill(child, SIGKILL);
        int status = 0;
        REQUIRE(waitpid(child, &status, 0) == child);
        REQUIRE(WIFSIGNALED(status));
        const auto journal = Journal::open(path, small_file, most);
        if (!journal) FAIL(journal.error());
        REQUIRE(journal->note().empty());
        const auto committed = shared.committed.load();
        const auto step = step_of(*journal);
        REQUIRE(step >= 0);
        REQUIRE(static_cast<std::uint64_t>(step) >= committed);
        REQUIRE(static_cast<std::uint64_t>(step) <= committed + 1);
        shared.committed = static_cast<std::uint64_t>(step);  // killed before it could say so
    }
    CHECK(shared.committed > 1000);
    CHECK(std::filesystem::file_size(path) > small_file);
}

TEST_CASE("journal: killed after every instruction", "[host][journal][killed]") {
#ifdef __SANITIZE_ADDRESS__
    WARN("NOT TESTED: most instructions would be the sanitizer's; the release build tests it");
    return;
#endif
    const Folder folder{"/dev/shm"};
    const std::string path = folder.path + "/journal";
    Shared& shared = *Shared::make();
    const std::uint64_t before = steps_before_turn(folder.path + "/scratch");
    Plan plan;
    {
        auto journal = Journal::open(path, small_file, most);
        for (std::uint64_t n = 1; n <= before; ++n)
            do_step(*journal, n, plan);
        shared.committed = before;
    }
    // The first step goes into the other arena, the last one into a larger file.
    plan.until = before + 3;
    plan.jump_at = plan.until;
    plan.jump = 4000;
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        if (ptrace(PTRACE_TRACEME) != 0) _exit(3);
        raise(SIGSTOP);
        work(path, shared, plan);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    if (!WIFSTOPPED(status)) {
        WARN("NOT TESTED: this machine does not let a process be traced");
        return;
    }
    Watched watched{path};
    std::uint64_t instructions = 0, states = 0;
    while (WIFSTOPPED(status)) {
        if (watched.changed()) {
            const auto committed = static_cast<std::int64_t>(shared.committed.load());
            const auto step = found_in(watched.bytes(), folder.path + "/copy");
            if (step != committed && step != committed + 1) {
                kill(child, SIGKILL);
                FAIL("after instruction " << instructions << ": step " << step << ", committed "
                                          << committed);
            }
            ++states;
        }
        ++instructions;
        REQUIRE(ptrace(PTRACE_SINGLESTEP, child, nullptr, nullptr) == 0);
        REQUIRE(waitpid(child, &status, 0) == child);
    }
    INFO(instructions << " instructions, " << states << " states of the file");
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
    CHECK(shared.committed == plan.until);
    CHECK(states > 200);
    CHECK(std::filesystem::file_size(path) > small_file);
}
