// Draws every state machine: into the READMEs of the rooms, between marks, and as whole tables into
// tests/golden/machines. Compares, and says what differs; with --update writes.
// usage: machines [--update] [FOLDER of the repository]
#include "acd/agent_lane.hpp"
#include "acd/caller_lane.hpp"
#include "acd/hold.hpp"
#include "acd/offer.hpp"
#include "diagram.hpp"
#include "engine/leg_machines.hpp"
#include "engine/passing.hpp"
#include "media/source_lock.hpp"
#include "sip/provisional_machines.hpp"
#include "sip/registration_machine.hpp"
#include "sip/session_machines.hpp"
#include "sip/transaction_machines.hpp"
#include "wallboard/watch_machine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace holdfast;
namespace fs = std::filesystem;

struct Drawn {
    std::string_view room, name, title, header;
    std::string diagram, table;
};

template <class M>
Drawn draw(std::string_view room,
           std::string_view name,
           std::string_view title,
           std::string_view header) {
    return {room, name, title, header, machines::mermaid<M>(), machines::whole_table<M>()};
}

std::vector<Drawn> all_machines() {
    constexpr std::string_view transactions = "sip/transaction_machines.hpp";
    constexpr std::string_view sessions = "sip/session_machines.hpp";
    constexpr std::string_view provisional = "sip/provisional_machines.hpp";
    constexpr std::string_view legs = "engine/leg_machines.hpp";
    return {
        draw<acd::caller::Machine>("acd", "caller_lane", "A caller's lane", "acd/caller_lane.hpp"),
        draw<acd::agent::Machine>("acd", "agent_lane", "An agent's lane", "acd/agent_lane.hpp"),
        draw<acd::offer::Machine>("acd", "offer", "An offer", "acd/offer.hpp"),
        draw<acd::hold::Machine>("acd", "hold", "Who holds whom", "acd/hold.hpp"),
        draw<engine::inbound::Machine>("engine", "inbound_leg", "A leg that calls us", legs),
        draw<engine::outbound::Machine>("engine", "outbound_leg", "A leg that we call", legs),
        draw<engine::passing::Machine>(
            "engine", "passing", "A caller who is passed on", "engine/passing.hpp"),
        draw<media::source_lock::Machine>(
            "media", "source_lock", "From where packets may come", "media/source_lock.hpp"),
        draw<sip::life::Machine>("sip", "life", "The life of a session", sessions),
        draw<sip::exchange::Machine>("sip", "exchange", "Offer and answer in it", sessions),
        draw<sip::assured::Machine>(
            "sip", "assured", "Our provisional responses that must arrive", provisional),
        draw<sip::heard::Machine>("sip", "heard", "Those of one fork of our INVITE", provisional),
        draw<sip::invite_client::Machine>("sip", "invite_client", "Our INVITE", transactions),
        draw<sip::other_client::Machine>("sip", "other_client", "Our other requests", transactions),
        draw<sip::invite_server::Machine>("sip", "invite_server", "A peer's INVITE", transactions),
        draw<sip::other_server::Machine>(
            "sip", "other_server", "A peer's other requests", transactions),
        draw<sip::registration::Machine>(
            "sip", "registration", "Our registration at a trunk", "sip/registration_machine.hpp"),
        draw<wallboard::watch::Machine>(
            "wallboard", "watch", "A figure that is watched", "wallboard/watch_machine.hpp"),
    };
}

constexpr std::string_view begin_mark = "<!-- machines -->\n";
constexpr std::string_view end_mark = "<!-- /machines -->\n";

/// What stands between the marks of a room's README.
std::string block_of(std::string_view room, const std::vector<Drawn>& all) {
    std::string block =
        "Drawn from the tables by tools/machines. An arrow says\n"
        "`event [guard] / actions, +deadline begun anew, -deadline stopped`.\n"
        "What a state ignores, and why, is in tests/golden/machines.\n";
    for (const auto& machine : all)
        if (machine.room == room)
            block += fmt::format("\n### {}\n\n`{}`\n\n```mermaid\n{}```\n",
                                 machine.title,
                                 machine.header,
                                 machine.diagram);
    return block;
}

std::string read(const fs::path& path) {
    std::ifstream in{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

/// "line 12 is "..." and should be "...""
std::string first_difference(std::string_view is, std::string_view should) {
    const auto at = std::ranges::mismatch(is, should).in1 - is.begin();
    const auto number = std::count(is.begin(), is.begin() + at, '\n') + 1;
    const auto line = [at](std::string_view text) {
        const auto place = std::min(static_cast<std::size_t>(at), text.size());
        const auto before = place == 0 ? text.npos : text.rfind('\n', place - 1);
        const auto began = before == text.npos ? 0 : before + 1;
        return text.substr(began, text.find('\n', began) - began);
    };
    return fmt::format("line {} is \"{}\" and should be \"{}\"", number, line(is), line(should));
}

/// Compares, or writes, and counts what is not as it should be.
class Keeper {
public:
    Keeper(fs::path root, bool updates) : root_{std::move(root)}, updates_{updates} {}

    void keep(const std::string& path, const std::string& should) {
        kept_.insert(path);
        const auto is = read(root_ / path);
        if (is == should) return;
        if (updates_) {
            std::ofstream{root_ / path, std::ios::binary} << should;
            fmt::print("{} is written\n", path);
        } else {
            complain(path, first_difference(is, should) + "; run machines --update");
        }
    }

    void keep_block(const std::string& path, const std::string& block) {
        const auto is = read(root_ / path);
        const auto begins = is.find(begin_mark);
        const auto ends = is.find(end_mark);
        if (begins == is.npos || ends == is.npos || ends < begins)
            return complain(path,
                            "there is no place for the drawings: put <!-- machines --> and "
                            "<!-- /machines --> on lines of their own");
        const auto from = begins + begin_mark.size();
        keep(path, is.substr(0, from) + block + is.substr(ends));
    }

    /// What is in `folder` and was not kept stands for a machine that is gone.
    void keep_nothing_else(const std::string& folder) {
        for (const auto& entry : fs::directory_iterator{root_ / folder}) {
            const auto path = folder + "/" + entry.path().filename().string();
            if (kept_.contains(path)) continue;
            if (updates_)
                fs::remove(entry.path());
            else
                complain(path, "no machine is called so; take it away");
        }
    }

    bool sound() const { return complaints_ == 0; }

private:
    void complain(const std::string& path, const std::string& what) {
        fmt::print(stderr, "{}: {}\n", path, what);
        ++complaints_;
    }

    fs::path root_;
    bool updates_;
    std::set<std::string> kept_;
    int complaints_ = 0;
};

bool keep_all(const fs::path& root, bool updates) {
    const auto all = all_machines();
    Keeper keeper{root, updates};
    std::set<std::string_view> rooms;
    for (const auto& machine : all) {
        rooms.insert(machine.room);
        keeper.keep(fmt::format("tests/golden/machines/{}_{}.txt", machine.room, machine.name),
                    machine.table);
    }
    for (const auto room : rooms)
        keeper.keep_block(fmt::format("src/{}/README.md", room), block_of(room, all));
    keeper.keep_nothing_else("tests/golden/machines");
    return keeper.sound();
}

}  // namespace

int main(int argc, char** argv) try {
    std::vector<std::string_view> words(argv + 1, argv + argc);
    const bool updates = std::erase(words, "--update") > 0;
    if (words.size() > 1 || (!words.empty() && words.front().starts_with("-"))) {
        fmt::print(stderr, "usage: machines [--update] [FOLDER of the repository]\n");
        return 64;
    }
    return keep_all(words.empty() ? "." : words.front(), updates) ? 0 : 1;
} catch (const std::exception& fault) {
    static_cast<void>(std::fputs(fault.what(), stderr));
    return 1;
}
