// tests/cuts/life.hpp: a life of the ledger and its spill file between two power cuts, as the store
// leads it: groups of rows, seals, corrections, erasures, episodes of spilling and of replaying.
#pragma once
#include "base/random.hpp"
#include "cuts/recorder.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace holdfast::cuts {

/// What the ledger has told.
struct Told {
    std::uint64_t row = 0;  ///< The last one on disk, in the ledger or the spill file.
    std::uint64_t corrections = 0;
};

struct Life {
    std::vector<Step> steps;
    std::vector<Told> told;                      ///< Step `told` says which of them.
    std::map<std::uint64_t, std::string> heads;  ///< Of each row that was a group's last.
};

/// Lives in `folder`, which holds `image`. `before`: what a life or a check has told last.
Life live(const std::string& folder,
          const Image& image,
          const Told& before,
          Random& random,
          Planted planted);

/// What somebody finds who opens ledger and spill file after a cut, plays the spill file into the
/// ledger, and has it verified.
struct Found {
    Told told;
    std::string head_before;  ///< Of the ledger, before the spill file was played into it.
    std::uint64_t row_before = 0;
    std::string fault;  ///< A sentence; empty where everything is sound.
};
Found find(const std::string& folder);

}  // namespace holdfast::cuts
