#include "host/tool/privacy.hpp"

#include "host/tool/checks.hpp"
#include "host/tool/exit_codes.hpp"

#include <fmt/format.h>

#include <chrono>
#include <string_view>
#include <vector>

namespace holdfast::tool {
namespace {

std::string seconds(Micros span) {
    return fmt::format("{} s", std::chrono::duration_cast<std::chrono::seconds>(span).count());
}

std::string kept(std::uint32_t days) {
    return days == 0 ? "for ever: the settings give no limit" : fmt::format("for {} days", days);
}

std::string names(const std::vector<std::string>& all) {
    std::string text;
    for (const auto& name : all)
        text += fmt::format("{}{}", text.empty() ? "" : ", ", name);
    return text.empty() ? "none" : text;
}

/// Each queue may have other limits.
std::string voices(const acd::Settings& floor) {
    std::string text;
    std::vector<std::string> without;
    for (const auto& queue : floor.queues) {
        if (queue.dead_air == Micros{}) {
            without.push_back(queue.name);
            continue;
        }
        text += fmt::format(
            "  Queue {}: silence of {} and more is marked", queue.name, seconds(queue.dead_air));
        if (queue.dead_air_tone > Micros{})
            text += fmt::format("; after {} the agent alone hears a tone",
                                seconds(queue.dead_air_tone));
        text += ".\n";
    }
    if (!without.empty())
        text += fmt::format("  Not measured (dead_air = \"0s\"): {}.\n", names(without));
    return text;
}

std::string boards(const engine::WallboardSettings& wallboards) {
    if (wallboards.boards.empty()) return "  There are no wallboards.\n";
    std::vector<std::string> all;
    all.reserve(wallboards.boards.size());
    for (const auto& board : wallboards.boards)
        all.push_back(board.name);
    return fmt::format(
        "  Wallboards ({}) show figures of queues and of the whole centre, never of one agent.\n",
        names(all));
}

}  // namespace

std::string privacy_text(const settings::Settings& settings) {
    const auto& engine = settings.engine;
    const auto& host = settings.host;
    return fmt::format(
        "What the exchange \"{}\" measures of people\n"
        "\n"
        "Of callers\n"
        "  Number and name as the trunk gives them, the number dialled, and when they waited,\n"
        "  talked, were held, and left.\n"
        "Of agents\n"
        "  Number and name, the phone, and what they do from login to logout: ready, not ready "
        "and\n"
        "  why, ringing, talking, holding and why, wrap-up; offers missed and refused.\n"
        "Of what is said\n"
        "  Whether caller and agent speak or are silent, while they talk and nobody holds; in a\n"
        "  conference also whether the others are, all together. The sound is looked at as it\n"
        "  passes; nothing of it is stored, and no words are recognised.\n"
        "  An agent says with *5 that the customer is at work: that is marked apart.\n"
        "  Whether the agent's microphone is off for 2 s or longer in such a talk, where the\n"
        "  phone lets that be seen; of callers it is not looked at.\n"
        "  After an agent's *6 the digits that the caller presses are counted, and kept nowhere.\n"
        "{}"
        "\n"
        "Who sees it\n"
        "  Whoever may read {}/ledger.db, its copies, and reports made of it: every row, by agent\n"
        "  and queue. Root, the daemon's user and its group ask the daemon for the present and\n"
        "  for today's counts.\n"
        "{}"
        "  An agent may contest a row: \"holdfast ledger correct\" notes who says so, and why.\n"
        "\n"
        "For how long\n"
        "  Numbers and names of people are kept {}.\n"
        "  Rows without them are kept {}.\n"
        "  {} copies of the ledger are kept beside it, each a night younger.\n"
        "  Recorded inputs (the black box) are kept for the present and the last life of the\n"
        "  daemon, {} MiB each, {}.\n",
        engine.site,
        voices(engine.floor),
        host.state,
        boards(engine.wallboards),
        kept(host.person_days),
        kept(host.row_days),
        host.backups_kept,
        host.black_box_bytes / 1024 / 1024,
        host.black_box_redacts ? "without callers' numbers" : "with callers' numbers");
}

int show_privacy(const std::string& file, std::FILE* out, std::FILE* faults) {
    const auto settings = settings_of(file, faults);
    if (!settings) return settings.error();
    fmt::print(out, "{}", privacy_text(*settings));
    return exit_done;
}

}  // namespace holdfast::tool
