#include "cuts/disk.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace holdfast::cuts {
namespace {

using Kind = Step::Kind;

void apply(std::string& content, const Step& change) {
    if (change.kind == Kind::resize) return content.resize(change.at, '\0');
    content.resize(std::max<std::size_t>(content.size(), change.at + change.bytes.size()), '\0');
    content.replace(change.at, change.bytes.size(), change.bytes);
}

std::size_t size_after(std::size_t before, const Step& change) {
    if (change.kind == Kind::resize) return change.at;
    return std::max<std::size_t>(before, change.at + change.bytes.size());
}

std::uint32_t up_to(Random& random, std::size_t most) {
    return random.below(static_cast<std::uint32_t>(most) + 1);
}

/// The first changes have arrived, and of the next some sectors.
std::string in_order(std::string content,
                     const std::vector<Step>& changes,
                     Random& random,
                     std::size_t sector) {
    const auto arrived = up_to(random, changes.size());
    for (std::uint32_t i = 0; i < arrived; ++i)
        apply(content, changes[i]);
    if (arrived == changes.size() || changes[arrived].kind != Kind::write) return content;
    const auto& torn = changes[arrived];
    for (std::size_t at = 0; at < torn.bytes.size();) {
        const auto piece = std::min(sector - (torn.at + at) % sector, torn.bytes.size() - at);
        if (random.below(2) == 0)
            apply(content,
                  {.kind = Kind::write, .at = torn.at + at, .bytes = torn.bytes.substr(at, piece)});
        at += piece;
    }
    return content;
}

/// Each sector is as it was after a number of changes of its own; the one that was being written
/// may hold the beginning of what should be there.
class Scattered {
public:
    Scattered(const std::string& safe,
              const std::vector<Step>& changes,
              Random& random,
              std::size_t sector)
        : content_{safe}, changes_{changes}, random_{random}, sector_{sector} {}

    std::string run() {
        const auto sized = up_to(random_, changes_.size());
        std::size_t size = content_.size(), kept = size;
        for (std::size_t i = 0; i < changes_.size(); ++i) {
            size = size_after(size, changes_[i]);
            if (i < sized) kept = size;
            write(i, size);
        }
        content_.resize(kept, '\0');
        return std::move(content_);
    }

private:
    void write(std::size_t i, std::size_t size) {
        const auto& change = changes_[i];
        if (content_.size() < size) content_.resize(size, '\0');
        const bool cut_off = change.kind == Kind::resize;
        const std::size_t end = cut_off ? content_.size() : change.at + change.bytes.size();
        for (std::size_t at = change.at; at < end;) {
            const auto piece = std::min(sector_ - at % sector_, end - at);
            const auto reached = arrived(at / sector_);
            auto taken = i < reached ? piece : 0;
            if (i == reached && random_.below(4) == 0) taken = up_to(random_, piece);
            if (cut_off)
                content_.replace(at, taken, taken, '\0');
            else
                content_.replace(at, taken, change.bytes, at - change.at, taken);
            at += piece;
        }
    }
    /// How many changes the sector has seen.
    std::size_t arrived(std::size_t number) {
        const auto [it, is_new] = arrived_.try_emplace(number, 0);
        if (!is_new) return it->second;
        const std::array<std::size_t, 3> choices{
            0, changes_.size(), up_to(random_, changes_.size())};
        return it->second = choices[random_.below(3)];
    }

    std::string content_;
    const std::vector<Step>& changes_;
    Random& random_;
    std::size_t sector_;
    std::unordered_map<std::size_t, std::size_t> arrived_;
};

void apply(std::map<std::string, int>& names, const Step& step) {
    if (!step.old_name.empty()) names.erase(step.old_name);
    if (step.file == 0)
        names.erase(step.name);
    else
        names[step.name] = step.file;
}

}  // namespace

Disk::Disk(const Image& image) {
    for (const auto& [name, content] : image) {
        files_.push_back({content, {}});
        names_[name] = static_cast<int>(files_.size());
    }
}

Disk::File& Disk::file(int number) {
    if (files_.size() < static_cast<std::size_t>(number))
        files_.resize(static_cast<std::size_t>(number));
    return files_[static_cast<std::size_t>(number - 1)];
}

void Disk::take(const Step& step) {
    switch (step.kind) {
        case Kind::write:
        case Kind::resize:
            file(step.file).pending.push_back(step);
            break;
        case Kind::sync: {
            auto& synced = file(step.file);
            for (const auto& change : synced.pending)
                apply(synced.safe, change);
            synced.pending.clear();
            break;
        }
        case Kind::name:
        case Kind::rename:
            pending_names_.push_back(step);
            break;
        case Kind::sync_folder:
            for (const auto& change : pending_names_)
                apply(names_, change);
            pending_names_.clear();
            break;
        case Kind::told:
            break;
    }
}

Image Disk::cut(Random& random, std::size_t sector) const {
    auto names = names_;
    const bool ordered = random.below(2) == 0;
    const auto arrived = up_to(random, pending_names_.size());
    for (std::size_t i = 0; i < pending_names_.size(); ++i)
        if (ordered ? i < arrived : random.below(2) == 0) apply(names, pending_names_[i]);
    Image image;
    for (const auto& [name, number] : names) {
        if (files_.size() < static_cast<std::size_t>(number)) {
            image[name];  // made, and nothing more
            continue;
        }
        const auto& [safe, pending] = files_[static_cast<std::size_t>(number - 1)];
        const auto way = random.below(5);
        if (way == 0 || pending.empty())
            image[name] = safe;
        else if (way <= 2)
            image[name] = in_order(safe, pending, random, sector);
        else
            image[name] = Scattered{safe, pending, random, sector}.run();
    }
    return image;
}

}  // namespace holdfast::cuts
