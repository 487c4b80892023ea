#include "loadgen/figures.hpp"

#include <fstream>
#include <sstream>
#include <unistd.h>

namespace holdfast::loadgen {

ProcessFigures figures_of(int process) {
    std::ifstream file{"/proc/" + std::to_string(process) + "/stat"};
    std::string line;
    if (!std::getline(file, line)) return {};
    // The name stands in parentheses and may hold anything; the numbers follow the last one.
    const auto open = line.find('(');
    const auto close = line.rfind(')');
    if (open == line.npos || close == line.npos) return {};
    std::istringstream rest{line.substr(close + 2)};
    std::string field;
    double user = 0, system = 0, pages = 0;
    for (int i = 3; i <= 24 && rest >> field; ++i) {
        if (i == 14) user = std::stod(field);
        if (i == 15) system = std::stod(field);
        if (i == 24) pages = std::stod(field);
    }
    const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
    const auto page = static_cast<double>(::sysconf(_SC_PAGESIZE));
    return {(user + system) / ticks,
            pages * page / (1024 * 1024),
            line.substr(open + 1, close - open - 1)};
}

}  // namespace holdfast::loadgen
