#include "host/tool/text_table.hpp"

#include "base/ensure.hpp"

#include <algorithm>

namespace holdfast::tool {
namespace {

constexpr std::size_t gap = 2;

/// What the shown columns take together with the gaps between them.
std::size_t total(const std::vector<std::size_t>& widths, const std::vector<bool>& shown) {
    std::size_t sum = 0;
    for (std::size_t i = 0; i < widths.size(); ++i)
        if (shown[i]) sum += (sum == 0 ? 0 : gap) + widths[i];
    return sum;
}

/// Writes a cell that begins in column `at`; what is left of its width is filled by the next.
void append(Line& line, Span cell, const Column& column, std::size_t at, std::size_t width) {
    pad(line, at);
    cell.text = cut(cell.text, width);
    if (column.align == Align::right) cell.text.insert(0, padding(width - width_of(cell.text)));
    line.push_back(std::move(cell));
}

}  // namespace

void TextTable::add(std::vector<Span> cells) {
    ensure(cells.size() == columns_.size(), "a row with other columns than its table");
    for (auto& cell : cells)
        cell.text = printable(cell.text);
    rows_.push_back(std::move(cells));
}

std::vector<bool> TextTable::shown_within(const std::vector<std::size_t>& widths,
                                          std::size_t width) const {
    std::vector<bool> shown(columns_.size(), true);
    while (total(widths, shown) > width) {
        std::size_t goes = columns_.size();
        for (std::size_t i = 0; i < columns_.size(); ++i)
            if (shown[i] && columns_[i].rank > 0 &&
                (goes == columns_.size() || columns_[i].rank > columns_[goes].rank))
                goes = i;
        if (goes == columns_.size()) break;
        shown[goes] = false;
    }
    return shown;
}

std::vector<Line> TextTable::lines(std::size_t width) const {
    std::vector<std::size_t> widths;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        std::size_t wanted = width_of(columns_[i].head);
        for (const auto& row : rows_)
            wanted = std::max(wanted, std::min(width_of(row[i].text), columns_[i].most));
        widths.push_back(wanted);
    }
    const auto shown = shown_within(widths, width);
    std::vector<Line> lines(rows_.size() + 1);
    std::size_t at = 0;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        if (!shown[i]) continue;
        append(lines[0], {columns_[i].head, Look::strong}, columns_[i], at, widths[i]);
        for (std::size_t row = 0; row < rows_.size(); ++row)
            append(lines[row + 1], rows_[row][i], columns_[i], at, widths[i]);
        at += widths[i] + gap;
    }
    for (auto& line : lines)
        line = cut(std::move(line), width);
    return lines;
}

std::string text_of(const std::vector<Line>& lines) {
    std::string text;
    for (const auto& line : lines)
        text += rendered(line, false) + "\n";
    return text;
}

}  // namespace holdfast::tool
