// host/tool/text_table.hpp: rows in columns that line up, and that give way where room is short.
#pragma once
#include "host/tool/styled_text.hpp"

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

namespace holdfast::tool {

enum class Align : std::uint8_t { left, right };

struct Column {
    std::string head;  ///< With the unit, where there is one.
    Align align = Align::left;
    std::size_t most = 40;  ///< Columns of the terminal; what is longer is cut.
    int rank = 0;           ///< Where room is short the highest goes first; 0 always stays.
};

inline constexpr std::size_t any_width = std::numeric_limits<std::size_t>::max();

class TextTable {
public:
    explicit TextTable(std::vector<Column> columns) : columns_{std::move(columns)} {}

    /// As many cells as there are columns.
    void add(std::vector<Span> cells);
    std::size_t rows() const { return rows_.size(); }

    /// The heading and then the rows, none wider than `width`.
    std::vector<Line> lines(std::size_t width = any_width) const;

private:
    std::vector<bool> shown_within(const std::vector<std::size_t>& widths, std::size_t width) const;

    std::vector<Column> columns_;
    std::vector<std::vector<Span>> rows_;
};

/// One line each, without colours.
std::string text_of(const std::vector<Line>& lines);

}  // namespace holdfast::tool
