#include "wallboard/sparks.hpp"

#include "link/frame.hpp"
#include "link/picture.hpp"

#include <algorithm>

namespace holdfast::wallboard {

std::uint32_t permille_of(const Reading& reading, std::int64_t full) {
    if (!reading.number || *reading.number <= 0) return 0;
    return static_cast<std::uint32_t>(std::min<std::int64_t>(*reading.number * 1000 / full, 1000));
}

bool Sparks::Series::is_of(const Cell& cell) const {
    return cell.kind == CellKind::spark && cell.value == value && cell.scope == scope &&
           cell.full == full && cell.every == every;
}

Sparks::Sparks(const Layout& layout) {
    for (const auto& page : layout.pages)
        for (const auto& row : page.rows)
            for (const auto& cell : row.cells) {
                if (cell.kind != CellKind::spark) continue;
                auto it =
                    std::ranges::find_if(all_, [&](const Series& s) { return s.is_of(cell); });
                if (it == all_.end())
                    it = all_.insert(it,
                                     {.value = cell.value,
                                      .scope = cell.scope,
                                      .full = cell.full,
                                      .every = cell.every});
                it->most = std::max(it->most, std::min(cell.width, link::most_points));
            }
}

void Sparks::take(const Figures& figures, Instant now) {
    constexpr std::uint32_t top = 255;
    for (auto& s : all_) {
        if (s.until == never) s.until = now + s.every;
        for (; now >= s.until; s.until += s.every) {
            s.points.push_back(static_cast<char>(s.highest));
            s.highest = 0;
            if (s.points.size() > s.most) s.points.erase(0, 1);
            // After a long silence nobody knows what was: those points would not fit either.
            if (now - s.until > s.every * static_cast<std::int64_t>(s.most)) s.until = now;
        }
        const auto part = permille_of(s.value->read(figures, s.scope), s.full);
        s.highest = std::max(s.highest, static_cast<std::uint8_t>(part * top / 1000));
    }
}

std::string Sparks::points(const Cell& cell) const {
    const auto it = std::ranges::find_if(all_, [&](const Series& s) { return s.is_of(cell); });
    if (it == all_.end()) return {};
    // The newest, as many as the cell shows: a wider one may have more.
    const std::size_t shown = std::min(cell.width, it->points.size());
    std::string points = it->points.substr(it->points.size() - shown);
    // A height that the line would escape is told as the one below, which nobody sees.
    for (char& point : points)
        if (const auto height = static_cast<std::uint8_t>(point); link::is_escaped(height))
            point = static_cast<char>(height == link::flag ? height - 2 : height - 1);
    return points;
}

}  // namespace holdfast::wallboard
