// host/journal/journal_map.hpp: the journal's file in memory. Every page of it exists, so that no
// store can fail for want of space, and one process at a time holds it.
#pragma once
#include "host/io/fd.hpp"
#include "host/journal/layout.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <utility>

namespace holdfast::host::journal {

class JournalMap {
public:
    enum class Fault : std::uint8_t {
        missing,     ///< No such file.
        in_use,      ///< Another process holds it.
        damaged,     ///< Not a journal, of another version, or of another length than it says.
        other_boot,  ///< Written before the machine started.
        other
    };
    struct Trouble {
        Fault fault{};
        std::string text;  ///< A sentence for the log.
    };

    static std::expected<JournalMap, Trouble> open(const std::string& path);
    /// A new file under the name that publish() will replace.
    static std::expected<JournalMap, Trouble> create(const std::string& path,
                                                     std::size_t arena_bytes);
    JournalMap(JournalMap&& other) noexcept
        : path_{std::move(other.path_)},
          file_{std::move(other.file_)},
          bytes_{std::exchange(other.bytes_, {})} {}
    JournalMap& operator=(JournalMap&& other) noexcept;
    JournalMap(const JournalMap&) = delete;
    JournalMap& operator=(const JournalMap&) = delete;
    ~JournalMap();

    /// Puts a created file, in one step, where the next life will look for it.
    std::expected<void, Trouble> publish() const;

    Control& control() { return *reinterpret_cast<Control*>(bytes_.data()); }
    const Control& control() const { return *reinterpret_cast<const Control*>(bytes_.data()); }
    std::span<std::uint8_t> arena(std::uint32_t generation);
    std::size_t arena_bytes() const { return (bytes_.size() - control_bytes) / 2; }
    std::size_t file_bytes() const { return bytes_.size(); }
    const std::string& path() const { return path_; }

private:
    JournalMap(std::string path, Fd file) : path_{std::move(path)}, file_{std::move(file)} {}
    std::expected<void, Trouble> map(std::size_t bytes);

    std::string path_;
    Fd file_;
    std::span<std::uint8_t> bytes_;
};

/// Keeps the file at `path` under another name beside its own, which is returned; one file at most
/// is kept that way. Empty where that cannot be.
std::string keep_aside(const std::string& path);

}  // namespace holdfast::host::journal
