// Cuts the power of a disk of ours at random, under the real ledger, the real SQLite and the real
// spill file: power_cuts --cuts 5000 --seed 1, or one life of them alone: --seed 17 --only. A
// million by several processes: --cuts 1000000 --jobs 4. Exit 1 where a ledger does not open, does
// not verify, or has lost what it told as safe. --planted leaves something out on purpose: then
// exit 1 where nothing is lost.
#include "cuts/life.hpp"
#include "support/folder.hpp"
#include "support/need.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>
#include <map>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using namespace holdfast;
using namespace holdfast::cuts;

constexpr std::uint64_t cuts_of_life = 25;
/// A disk goes on from one of its cuts so often; then a new one begins.
constexpr std::uint64_t lives_of_disk = 5;

struct Run {
    std::uint64_t seed = 1, cuts = 5000, done = 0, faulty = 0;
    Planted planted{};
    test::Folder folder{"/dev/shm"};

    /// All lives of one disk.
    void disk(std::uint64_t number) {
        auto random = Random::from(number);
        Image image;
        Told told;
        for (std::uint64_t i = 0; i < lives_of_disk && done < cuts; ++i) {
            put_back(image);
            const auto life = live(folder.path, image, told, random, planted);
            if (!cut_life(life, image, told, random, number)) return;
        }
    }

    /// Leaves in `image` and `told` what the last cut has left. False where that is no good.
    bool cut_life(
        const Life& life, Image& image, Told& told, Random& random, std::uint64_t number) {
        auto points = draw_points(life, random);
        Disk disk{image};
        const auto before = told;
        auto now = before;
        std::size_t at = 0;
        for (std::size_t i = 0; i < points.size(); ++i) {
            for (; at < points[i]; ++at) {
                disk.take(life.steps[at]);
                if (life.steps[at].kind == Step::Kind::told) now = life.told[life.steps[at].at];
            }
            put_back(disk.cut(random, random.below(2) == 0 ? 512 : 4096));
            auto found = find(folder.path);
            judge(found, life, before, now);
            ++done;
            if (!found.fault.empty()) tell(found, number, at, life.steps.size());
            if (i + 1 < points.size()) continue;
            image = read();
            told = found.told;
            return found.fault.empty();
        }
        return true;
    }

    static void judge(Found& found, const Life& life, const Told& before, const Told& now) {
        if (!found.fault.empty()) return;
        if (found.told.row < now.row)
            found.fault = fmt::format(
                "lost: the last row is {}, and {} was told as safe", found.told.row, now.row);
        else if (found.told.corrections < now.corrections)
            found.fault = fmt::format("lost: {} corrections are there, and {} were told as safe",
                                      found.told.corrections,
                                      now.corrections);
        const auto head = life.heads.find(found.row_before);
        if (head != life.heads.end() && head->second != found.head_before)
            found.fault = fmt::format("row {} is not the one that was written", head->first);
        else if (head == life.heads.end() && found.row_before > before.row)
            found.fault =
                fmt::format("row {} is within a group: half of it is there", found.row_before);
    }

    void tell(const Found& found, std::uint64_t number, std::size_t at, std::size_t of) {
        ++faulty;
        if (planted == Planted::nothing)
            fmt::print(
                "cut {} (disk {}, after step {} of {}): {}\nagain: power_cuts --seed {} "
                "--only\n",
                done,
                number,
                at,
                of,
                found.fault,
                number);
    }

    /// In order: anywhere, soon after the beginning, and beside what syncs.
    static std::vector<std::size_t> draw_points(const Life& life, Random& random) {
        const auto count = life.steps.size();
        const auto below = [&](std::size_t n) {
            return static_cast<std::size_t>(random.below(static_cast<std::uint32_t>(n)));
        };
        std::vector<std::size_t> syncs, points;
        for (std::size_t i = 0; i < count; ++i)
            if (life.steps[i].kind == Step::Kind::sync || life.steps[i].kind == Step::Kind::told)
                syncs.push_back(i);
        for (std::uint64_t i = 0; i < cuts_of_life; ++i) {
            const auto way = random.below(4);
            if (way == 0)
                points.push_back(below(std::min<std::size_t>(count + 1, 60)));
            else if (way == 1 && !syncs.empty())
                points.push_back(syncs[below(syncs.size())] + below(2));
            else
                points.push_back(below(count + 1));
        }
        std::ranges::sort(points);
        return points;
    }

    void put_back(const Image& image) const {
        for (const auto& entry : std::filesystem::directory_iterator{folder.path})
            std::filesystem::remove(entry);
        for (const auto& [name, content] : image) {
            const auto path = folder / name;
            std::ofstream{path, std::ios::binary} << content;
            std::filesystem::permissions(path, std::filesystem::perms{0600});
        }
    }
    Image read() const {
        Image image;
        for (const auto& entry : std::filesystem::directory_iterator{folder.path}) {
            std::ifstream file{entry.path(), std::ios::binary};
            image[entry.path().filename()] = {std::istreambuf_iterator<char>{file}, {}};
        }
        return image;
    }
};

/// What one process has done since it told so last.
struct Progress {
    std::uint64_t cuts = 0, disks = 0, faulty = 0;
};

/// Disks from `run.seed` on, each `step`-th, until so many cuts are done.
void work(Run& run, std::uint64_t step, const std::function<void(const Progress&)>& tell) {
    for (std::uint64_t number = run.seed; run.done < run.cuts; number += step) {
        const Progress before{run.done, 0, run.faulty};
        run.disk(number);
        tell({run.done - before.cuts, 1, run.faulty - before.faulty});
    }
}

/// The same by so many processes, which tell through a pipe.
Progress work_together(const Run& whole, std::uint64_t jobs) {
    std::array<int, 2> ends{};
    test::need(::pipe(ends.data()) == 0, "a pipe");
    std::fflush(nullptr);
    for (std::uint64_t i = 0; i < jobs; ++i) {
        const pid_t process = ::fork();
        test::need(process >= 0, "a process");
        if (process != 0) continue;
        {
            Run run;
            run.seed = whole.seed + i;
            run.cuts = whole.cuts / jobs + (i < whole.cuts % jobs ? 1 : 0);
            run.planted = whole.planted;
            work(run, jobs, [&](const Progress& told) {
                test::need(::write(ends[1], &told, sizeof told) == sizeof told, "a pipe's room");
                std::fflush(stdout);
            });
        }
        std::exit(0);
    }
    ::close(ends[1]);
    Progress sum, told;
    const auto began = std::chrono::steady_clock::now();
    auto say_at = began + std::chrono::seconds{10};
    while (::read(ends[0], &told, sizeof told) == sizeof told) {
        sum = {sum.cuts + told.cuts, sum.disks + told.disks, sum.faulty + told.faulty};
        const auto now = std::chrono::steady_clock::now();
        if (now < say_at) continue;
        say_at = now + std::chrono::seconds{10};
        const std::chrono::duration<double> took = now - began;
        fmt::print("{} of {} cuts, {:.0f} a second, {} with a loss\n",
                   sum.cuts,
                   whole.cuts,
                   static_cast<double>(sum.cuts) / took.count(),
                   sum.faulty);
        std::fflush(stdout);
    }
    for (int status = 0; ::wait(&status) > 0;)
        if (status != 0) ++sum.faulty;  // it died before its cuts were done
    return sum;
}

}  // namespace

int main(int argc, char** argv) {
    Run run;
    std::uint64_t jobs = 1;
    bool only = false;
    const std::map<std::string, Planted> faults{{"nothing", Planted::nothing},
                                                {"normal", Planted::normal},
                                                {"spill", Planted::spill},
                                                {"folder", Planted::folder}};
    CLI::App app{"Cuts the power at random; nothing that was told as safe may be lost."};
    app.add_option("--cuts", run.cuts, "How many")->capture_default_str();
    app.add_option("--seed", run.seed, "Of the first disk")->capture_default_str();
    app.add_option("--jobs", jobs, "Processes that share them")->check(CLI::Range(1, 256));
    app.add_flag("--only", only, "That disk alone");
    app.add_option("--planted", run.planted, "normal: synchronous=NORMAL; spill, folder: no fsync")
        ->transform(CLI::CheckedTransformer{faults});
    CLI11_PARSE(app, argc, argv);

    Progress sum;
    if (only)
        run.disk(run.seed), sum = {run.done, 1, run.faulty};
    else
        sum = work_together(run, jobs);
    fmt::print("{} cuts of {} disks, {} with a loss\n", sum.cuts, sum.disks, sum.faulty);
    return (sum.faulty == 0) == (run.planted == Planted::nothing) ? 0 : 1;
}
