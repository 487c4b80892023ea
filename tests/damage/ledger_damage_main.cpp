// Damages sound ledgers at random and has each one verified: ledger_damage --damages 10000 --seed
// 1, or one of them alone: --seed 1 --only 17. Exit 1 where one is not found, with the command that
// does it again.
#include "damage/damage.hpp"
#include "ledger/verify.hpp"
#include "support/folder.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <optional>

namespace {

using namespace holdfast;

/// A new ledger each so many damages.
constexpr std::uint64_t damages_of_one = 100;

struct Run {
    std::uint64_t seed = 1, damages = 300;
    test::Folder folder;
    std::string sound = folder / "sound.db", damaged = folder / "damaged.db";
    ledger::Head head;

    bool make(std::uint64_t number) {
        std::filesystem::remove(sound);
        head = damage::make_ledger(sound, seed + number);
        const auto verdict = ledger::verify(sound, {.head = head});
        if (verdict && verdict->sound()) return true;
        fmt::print(stderr,
                   "ledger_damage: the ledger of seed {} is not sound before: {}\n",
                   seed + number,
                   verdict ? verdict->sentences.at(0) : verdict.error().text);
        return false;
    }

    bool found(std::uint64_t number, bool tell) {
        std::filesystem::copy_file(
            sound, damaged, std::filesystem::copy_options::overwrite_existing);
        auto random = Random::from(seed * 1'000'003 + number);
        const auto done = damage::damage(damaged, random);
        const auto verdict =
            done.head_fits ? ledger::verify(damaged, {.head = head}) : ledger::verify(damaged);
        const bool is_found = !verdict || !verdict->sound();
        if (tell || !is_found)
            fmt::print("damage {}: {}: {}\n",
                       number,
                       done.what,
                       !is_found ? "NOT FOUND"
                       : verdict ? verdict->sentences.at(0)
                                 : verdict.error().text);
        if (!is_found)
            fmt::print(stderr, "again: ledger_damage --seed {} --only {}\n", seed, number);
        return is_found;
    }
};

}  // namespace

int main(int argc, char** argv) {
    Run run;
    std::optional<std::uint64_t> only;
    bool tell = false;
    std::string make;
    CLI::App app{"Damages ledgers at random; every damage must be found."};
    app.add_option("--damages", run.damages, "How many")->capture_default_str();
    app.add_option("--seed", run.seed, "Of ledgers and damages")->capture_default_str();
    app.add_option("--only", only, "That one alone");
    app.add_flag("--tell", tell, "What was done and found, a line each");
    app.add_option("--make", make, "Only a sound ledger, in that file")->type_name("FILE");
    CLI11_PARSE(app, argc, argv);
    if (!make.empty()) {
        damage::make_ledger(make, run.seed);
        return 0;
    }

    const auto first = only.value_or(0), end = only ? *only + 1 : run.damages;
    std::uint64_t missed = 0;
    for (auto number = first; number < end; ++number) {
        if (number == first || number % damages_of_one == 0)
            if (!run.make(number / damages_of_one)) return 1;
        if (!run.found(number, tell || only)) ++missed;
    }
    fmt::print("{} damages, {} not found\n", end - first, missed);
    return missed == 0 ? 0 : 1;
}
