// tests/cuts/recorder.hpp: what this program does to one folder, seen at the calls of the C library
// that SQLite's own VFS and our files make: recorder.cpp stands before open, pwrite, fdatasync and
// the like. Files whose names end with -shm are memory, and are not looked at. For one thread.
#pragma once
#include "cuts/disk.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace holdfast::cuts {

/// What is left out on purpose, to see that losses are found.
enum class Planted : std::uint8_t {
    nothing,
    normal,  ///< PRAGMA synchronous = NORMAL instead of FULL.
    spill,   ///< fdatasync of the spill file does nothing.
    folder   ///< fsync of the folder does nothing.
};

/// From now on. `image` is what the folder holds.
void start_recording(const std::string& folder, const Image& image, Planted planted);
/// The program has been told by what it tests that all up to `number` is safe.
void note_told(std::uint64_t number);
std::vector<Step> stop_recording();

}  // namespace holdfast::cuts
