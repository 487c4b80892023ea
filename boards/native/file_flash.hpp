// boards/native/file_flash.hpp: a flash that is a file, mapped into memory: what is written stays,
// also when the program is killed.
#pragma once
#include "firmware/update/flash.hpp"

#include <expected>
#include <span>
#include <string>

namespace holdfast::native {

class FileFlash final : public firmware::Flash {
public:
    /// Opens the file, or makes one that is erased.
    static std::expected<FileFlash, std::string> open(const std::string& path);
    FileFlash(FileFlash&& other) noexcept;
    FileFlash& operator=(FileFlash&&) = delete;
    ~FileFlash();

    link::Bytes content(firmware::Area area) const override { return part(area); }
    bool erase(firmware::Area area) override;
    /// As flash does: bits go from one to zero, and never back.
    bool program(firmware::Area area, std::size_t offset, link::Bytes octets) override;
    std::uint32_t address(firmware::Area area) const override;

private:
    explicit FileFlash(std::span<std::uint8_t> all) : all_{all} {}
    std::span<std::uint8_t> part(firmware::Area area) const;

    std::span<std::uint8_t> all_;
};

}  // namespace holdfast::native
