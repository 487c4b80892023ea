// tests/cuts/disk.hpp: a disk that loses its power. What was written and not synced may be there
// afterwards, or not, or in part, sector by sector in any order; so may the names of files in their
// folder. What was synced stays.
#pragma once
#include "base/random.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace holdfast::cuts {

/// Files of one folder by their names, as somebody finds them after the power is back.
using Image = std::map<std::string, std::string>;

/// One thing that a program did to the folder, in its order.
struct Step {
    enum class Kind : std::uint8_t {
        write,        ///< `bytes` at `at` of `file`.
        resize,       ///< `file` to `at` bytes.
        sync,         ///< Of `file`: fsync, fdatasync.
        name,         ///< `name` means `file`; 0: nothing any more.
        rename,       ///< `name` means `file`, `old_name` nothing: both or none.
        sync_folder,  ///< Names too.
        told          ///< No step of the disk: the program said that `at` is safe.
    } kind{};
    int file = 0;
    std::uint64_t at = 0;
    std::string bytes{}, name{}, old_name{};
};

class Disk {
public:
    /// Everything in `image` is safe. Files are 1, 2, 3... in the order of their names.
    explicit Disk(const Image& image);

    void take(const Step& step);
    /// What there is if the power goes now. `sector`: bytes that the device writes as one, but for
    /// the sector that it is at.
    Image cut(Random& random, std::size_t sector) const;

private:
    struct File {
        std::string safe;
        std::vector<Step> pending;
    };
    File& file(int number);

    std::vector<File> files_;
    std::map<std::string, int> names_;
    std::vector<Step> pending_names_;
};

}  // namespace holdfast::cuts
